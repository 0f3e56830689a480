"""Which denoiser, and how strong: two lists, as they stand in the toolbar."""

from typing import cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from bloodsmear.images.denoise_settings import (
    FIRST_SHOWN,
    STRENGTHS,
    DenoiserName,
    DenoiseSettings,
    StrengthName,
    strength_name,
)
from desktop.gui.theme.drop_down import DropDown
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import plain_tooltip

# Frame, padding and arrow of a drop-down list.
_BESIDE_TEXT_PX = 44
_TAKES_DETAIL_ROLE = Qt.ItemDataRole.UserRole + 1
_DENOISERS: dict[DenoiserName, str] = {
    "gaussian": "Gaussian",
    "median": "Median",
    "non_local_means": "Non-local",
}
_STRENGTHS: dict[StrengthName, str] = {"gentle": "Gentle", "medium": "Medium", "reference": "Reference"}
_TOOLTIPS: dict[DenoiserName, str] = {
    "gaussian": "How strong: the side of the Gaussian kernel in pixels",
    "median": "How strong: the side of the median's window in pixels",
    "non_local_means": "How strong: h of non-local means",
}


# Said behind a strength in the opened list, and beside the picture.
TAKES_DETAIL = "takes detail away"


class _StrengthLines(QStyledItemDelegate):
    """The opened list, where a line has more room than the field."""

    def initStyleOption(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Say behind its name what a strength does."""
        super().initStyleOption(option, index)
        if index.data(_TAKES_DETAIL_ROLE):
            option.text = f"{option.text} · {TAKES_DETAIL}"


class DenoiserChoice(QWidget):
    """`chosen(DenoiseSettings)` when a person chose. Another denoiser keeps the strength's name where it has one."""

    chosen = Signal(DenoiseSettings)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._denoisers = DropDown(self)
        self._denoisers.setAccessibleName("Denoiser")
        self._denoisers.setToolTip("Denoiser. Non-local means is slower.")
        for name, words in _DENOISERS.items():
            self._denoisers.addItem(words, name)
        self._strengths = DropDown(self)
        self._strengths.setAccessibleName("Strength")
        # Room for the longest, so that nothing moves when another is chosen.
        longest_px = self._strengths.fontMetrics().horizontalAdvance("Reference, 5 px")
        self._strengths.setFixedWidth(longest_px + _BESIDE_TEXT_PX)
        self._strengths.setItemDelegate(_StrengthLines(self._strengths))
        widest_px = self._strengths.fontMetrics().horizontalAdvance(f"Reference, 5 px · {TAKES_DETAIL}")
        self._strengths.view().setMinimumWidth(widest_px + _BESIDE_TEXT_PX)
        for field in (self._denoisers, self._strengths):
            field.setProperty("look", "compact")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(self._denoisers)
        row.addWidget(self._strengths)
        self.set_settings(FIRST_SHOWN)
        self._denoisers.activated.connect(lambda _index: self._take_denoiser())
        self._strengths.activated.connect(lambda _index: self.chosen.emit(self.settings()))

    def settings(self) -> DenoiseSettings:
        """The chosen denoiser with its strength."""
        name = cast("DenoiserName", self._denoisers.currentData())
        return STRENGTHS[name][cast("StrengthName", self._strengths.currentData())]

    def set_settings(self, settings: DenoiseSettings) -> None:
        """Show these without emitting; KeyError where no strength that can be chosen is meant."""
        self._denoisers.setCurrentIndex(self._denoisers.findData(settings.name))
        self._offer(settings.name, strength_name(settings))

    def _take_denoiser(self) -> None:
        name = cast("DenoiserName", self._denoisers.currentData())
        kept = cast("StrengthName", self._strengths.currentData())
        # Where there is no such step, the weaker one: it takes nothing away that was there before.
        self._offer(name, kept if kept in STRENGTHS[name] else "gentle")
        self.chosen.emit(self.settings())

    def _offer(self, name: DenoiserName, strength: StrengthName) -> None:
        self._strengths.clear()
        for each, settings in STRENGTHS[name].items():
            self._strengths.addItem(f"{_STRENGTHS[each]}, {figure_words(settings)}", each)
            self._strengths.setItemData(
                self._strengths.count() - 1, settings.takes_detail, _TAKES_DETAIL_ROLE
            )
        self._strengths.setCurrentIndex(self._strengths.findData(strength))
        self._strengths.setToolTip(plain_tooltip(_TOOLTIPS[name]))


def figure_words(settings: DenoiseSettings) -> str:
    """`h 10` or `5 px`."""
    return f"h {settings.strength}" if settings.slow else f"{settings.strength} px"
