"""The style sheet, built from the tokens. Widgets ask for a look by the property `look` or by object name.

Looks: QPushButton `primary`, `plain`, `segment_first|segment_middle|segment_last|segment_only`, `chip`,
`choice`, `link`; QLabel `title`, `muted`, `key`, `small`, `warning`, `notice_text`, `notice_title`;
QTextEdit `wrapped`, `wrapped_muted`; QComboBox `compact`; QFrame `panel`, `card`, `notice`, `quiet`, `blank`, `line`.
"""

from string import Template

from desktop.gui.theme.palette import CORNER_PX, COUNT_PX, GRID_PX, SMALL_TEXT_PX, TEXT_PX, Tokens

_GENERAL = """
QMainWindow, QDialog { background: $window; }
QWidget { color: $text; font-size: ${text_px}px; }
QToolTip { background: $surface; color: $text; border: 1px solid $control_border; padding: 4px; }
QLabel { background: transparent; border: none; }
QLabel[look="title"] { font-weight: 600; }
QLabel[look="muted"] { color: $text_muted; }
QLabel[look="small"] { color: $text_muted; font-size: ${small_px}px; }
QLabel[look="warning"] { color: $warning_text; }
QLabel#flags_in_short { font-size: ${small_px}px; }
QLabel[look="notice_text"] { color: $notice_text; }
QLabel[look="notice_title"] { color: $notice_text; font-weight: 600; }
QFrame[look="panel"] { background: $surface; border: none; }
QFrame[look="card"] { background: $surface; border: 1px solid $border; border-radius: ${corner_px}px; }
QFrame[look="card"]:focus { border-color: $accent_text; }
QFrame[look="notice"] { background: $notice; border: 1px solid $notice_border;
    border-radius: ${corner_px}px; }
QFrame[look="quiet"] { background: $window; border: 1px solid $border; border-radius: ${corner_px}px; }
QFrame[look="reached"] { background: $accent; border: 1px solid $accent; border-radius: ${corner_px}px; }
QLabel[look="count"] { font-size: ${count_px}px; font-weight: 600; }
QLabel[look="count_reached"] { font-size: ${count_px}px; font-weight: 600; color: $on_accent; }
QFrame[look="blank"] { background: transparent; border: 1px solid transparent; }
QFrame[look="line"] { background: $border; border: none; }
QSplitter::handle { background: $border; }
QSplitter::handle:hover { background: $control_border; }
QStatusBar { background: $surface; color: $text_muted; border-top: 1px solid $border; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $text_muted; font-size: ${small_px}px; }
QToolBar { background: $surface; border: none; border-bottom: 1px solid $border; padding: 8px; spacing: 8px; }
"""

# A focus ring is 2 px and the padding gives way by 1, so that nothing moves when the focus does.
_BUTTONS = """
QPushButton { background: $surface; border: 1px solid $control_border; border-radius: ${corner_px}px;
    padding: 4px 12px; min-height: 18px; }
QPushButton:hover { background: $surface_hover; }
QPushButton:pressed { background: $surface_pressed; }
QPushButton:focus { border: 2px solid $accent_text; padding: 3px 11px; }
QPushButton:disabled { color: $text_disabled; border-color: $border; background: $surface; }
QPushButton::menu-indicator { width: 0; }
QPushButton[look="primary"] { background: $accent; border-color: $accent; color: $on_accent; }
QPushButton[look="primary"]:hover { background: $accent_hover; }
QPushButton[look="primary"]:pressed { background: $accent_pressed; }
QPushButton[look="primary"]:focus { border: 2px solid $text; }
QPushButton[look="primary"]:disabled { background: $track; border-color: $track; color: $text_disabled; }
QPushButton[look="plain"] { background: transparent; border-color: transparent; }
QPushButton[look="plain"]:hover { background: $surface_hover; }
QPushButton[look="plain"]:focus { border: 2px solid $accent_text; }
QPushButton[look="plain"]:disabled { background: transparent; border-color: transparent; }
QPushButton[look^="segment"] { border-radius: 0; border-right-width: 0; padding: 2px 7px; }
QPushButton[look="segment_first"], QPushButton[look="segment_only"] {
    border-top-left-radius: ${corner_px}px; border-bottom-left-radius: ${corner_px}px; }
QPushButton[look="segment_last"], QPushButton[look="segment_only"] { border-right-width: 1px;
    border-top-right-radius: ${corner_px}px; border-bottom-right-radius: ${corner_px}px; }
QPushButton[look^="segment"]:checked { background: $selected; color: $accent_text; }
QPushButton[look^="segment"]:focus { border: 2px solid $accent_text; padding: 1px 5px 1px 6px; }
QPushButton[look="segment_last"]:focus, QPushButton[look="segment_only"]:focus { padding: 1px 6px; }
QPushButton[look="chip"] { border-radius: 9px; padding: 0 7px; min-height: 16px;
    font-size: ${small_px}px; color: $text; }
QPushButton[look="chip"]:checked { background: $selected; color: $accent_text; border-color: $accent_text; }
QPushButton[look="chip"]:disabled { color: $text_disabled; border-color: $border; }
QPushButton[look="chip"]:focus { border: 2px solid $accent_text; padding: 0 6px; min-height: 14px; }
QPushButton[look="keycap"] { border-radius: 3px; padding: 0 4px; min-height: 18px; min-width: 16px;
    font-size: ${small_px}px; }
QPushButton[look="choice"] { text-align: left; padding: 3px 8px; }
QPushButton[look="choice"]:checked { background: $selected; border-color: $accent_text; color: $accent_text;
    font-weight: 600; }
QPushButton[look="choice"]:focus { border: 2px solid $accent_text; padding: 2px 7px; }
QPushButton#confirm { text-align: left; padding: 4px 8px; }
QPushButton#confirm:focus { padding: 3px 7px; }
QPushButton[look="link"] { background: transparent; border: 1px solid transparent; padding: 1px 4px;
    min-height: 14px; color: $accent_text; font-size: ${small_px}px; }
QPushButton[look="link"]:hover { background: $surface_hover; }
QPushButton[look="link"]:focus { border: 2px solid $accent_text; padding: 0 3px; }
QPushButton[look="link"]:disabled { color: $text_disabled; }
QLabel[look="key"] { color: $text_muted; background: $window; border: 1px solid $control_border;
    border-radius: 3px; padding: 0 4px; font-size: ${small_px}px; }
"""

_FIELDS = """
QLineEdit, QComboBox, QSpinBox, QPlainTextEdit, QTextEdit { background: $surface; color: $text;
    border: 1px solid $control_border; border-radius: ${corner_px}px; padding: 4px 8px; min-height: 18px;
    selection-background-color: $accent; selection-color: $on_accent; placeholder-text-color: $text_muted; }
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QPlainTextEdit:focus, QTextEdit:focus {
    border: 2px solid $accent_text; padding: 3px 7px; }
QSpinBox::up-button, QSpinBox::down-button { width: 0; border: none; }
QTextEdit[look^="wrapped"] { background: transparent; border: none; padding: 0; min-height: 0; }
QTextEdit[look="wrapped_muted"] { color: $text_muted; }
QComboBox[look="compact"] { padding: 2px 7px; }
QComboBox[look="compact"]:focus { padding: 1px 6px; }
QComboBox { combobox-popup: 0; }
QComboBox QAbstractItemView::item { min-height: 22px; padding: 0 4px; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox QAbstractItemView { background: $surface; color: $text; selection-background-color: $selected;
    selection-color: $text; border: 1px solid $control_border; }
QSlider::groove:horizontal { height: 4px; background: $surface_pressed; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal { width: 12px; margin: -5px 0; border-radius: 7px; background: $surface;
    border: 1px solid $text_muted; }
QSlider::handle:horizontal:focus { border: 2px solid $accent_text; }
QCheckBox { spacing: 8px; background: transparent; }
QCheckBox:disabled { color: $text_disabled; }
QProgressBar { background: $surface_pressed; border: none; border-radius: 3px; min-height: 6px;
    max-height: 6px; }
QProgressBar[look="thin"] { border-radius: 1px; min-height: 3px; max-height: 3px; }
QProgressBar[look="thin"]::chunk { border-radius: 1px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
"""

_MENUS_AND_SCROLLBARS = """
QMenuBar { background: $surface; color: $text; border: none; }
QMenuBar::item { padding: 4px 8px; background: transparent; border-radius: 4px; }
QToolButton#qt_menubar_ext_button { background: transparent; border: none; padding: 0; color: $text; }
QToolButton#qt_menubar_ext_button:hover { background: $surface_hover; border-radius: 4px; }
QMenuBar::item:selected { background: $surface_hover; }
QMenu { background: $surface; color: $text; border: 1px solid $control_border; padding: 4px; }
QMenu::item { padding: 4px 24px 4px 12px; border-radius: 4px; }
QMenu::item:selected { background: $selected; }
QMenu::item:disabled { color: $text_disabled; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QListView { background: $surface; border: none; outline: none; }
QListView[look="offered"] { border: 1px solid $control_border; padding: 2px; color: $text;
    selection-background-color: $selected; selection-color: $text; }
QTableView { outline: none; selection-background-color: $selected; selection-color: $text; gridline-color: $border; }
QTableView::item { padding: 0 8px; }
QHeaderView { background: $surface; }
QHeaderView::section { background: $surface; color: $text_muted; border: none;
    border-bottom: 1px solid $border; padding: 4px 8px; }
QListWidget::item { padding: 4px; border-radius: ${corner_px}px; color: $text; }
QListWidget::item:hover { background: $surface_hover; }
QListWidget::item:selected { background: $selected; color: $text; }
QListWidget::indicator { width: 14px; height: 14px; border: 1px solid $text_muted; border-radius: 3px;
    background: $surface; }
QListWidget::indicator:checked { background: $accent; border-color: $accent; }
QListWidget::indicator:disabled { border-color: $border; }
QAbstractScrollArea { background: $surface; border: none; }
QScrollArea { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $control_border; border-radius: 3px; margin: 2px; min-height: 32px;
    min-width: 32px; }
QScrollBar::handle:hover { background: $text_muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""


def build_stylesheet(tokens: Tokens) -> str:
    """The whole style sheet for a palette. An unknown `$name` raises KeyError, so no rule loses its colour."""
    values = {name: getattr(tokens, name) for name in Tokens.__slots__}
    measures = {"grid_px": GRID_PX, "corner_px": CORNER_PX}
    measures |= {"text_px": TEXT_PX, "small_px": SMALL_TEXT_PX, "count_px": COUNT_PX}
    template = Template(_GENERAL + _BUTTONS + _FIELDS + _MENUS_AND_SCROLLBARS)
    return template.substitute({**values, **measures})
