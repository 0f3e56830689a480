"""The page of keys: everything works without a mouse."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

# So many lines fit on a screen of 768 px; what is more stands beside them.
_LINES = 20


class KeysDialog(QDialog):
    """What to do, and its keys (`rows` as actions.key_table gives them), in as many columns as fit a small screen."""

    def __init__(self, rows: tuple[tuple[str, str], ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        grid = QGridLayout()
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(8)
        for number, (words, keys) in enumerate(rows):
            column, line = divmod(number, _LINES)
            grid.addWidget(QLabel(words), line, 2 * column)
            shown = QLabel(keys)
            shown.setProperty("look", "muted")
            grid.addWidget(shown, line, 2 * column + 1, Qt.AlignmentFlag.AlignRight)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(16)
        layout.addLayout(grid)
        layout.addWidget(buttons)
