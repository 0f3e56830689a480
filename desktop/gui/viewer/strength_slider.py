"""How strong the chosen denoiser is, as a slider with its figure."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from bloodsmear.images.denoise_settings import DEFAULTS, DenoiserName, DenoiseSettings
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel, plain_tooltip

_WIDTH_PX = 72
_STRONGEST_KERNEL_PX, _STRONGEST_H = 21, 30
_TOOLTIPS: dict[DenoiserName, str] = {
    "gaussian": "Strength: the side of the Gaussian kernel in pixels",
    "median": "Strength: the side of the median's window in pixels",
    "non_local_means": "Strength: h of non-local means",
}


class StrengthSlider(QWidget):
    """Each denoiser keeps its own strength. `chosen(DenoiseSettings)` at every step of the slider."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = dict(DEFAULTS)
        self._name: DenoiserName = "non_local_means"
        self._slider = QSlider(Qt.Orientation.Horizontal, self)
        self._slider.setFixedWidth(_WIDTH_PX)
        self._slider.setAccessibleName("Strength")
        self._slider.installEventFilter(self)
        self._figure = PlainLabel(parent=self)
        self._figure.setProperty("look", "muted")
        self._figure.setFixedWidth(self._figure.fontMetrics().horizontalAdvance("21 px"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(self._slider)
        row.addWidget(self._figure)
        self._slider.valueChanged.connect(self._take)
        self.show_denoiser(self._name)

    def show_denoiser(self, name: DenoiserName) -> None:
        """Show the strength of this denoiser, without emitting."""
        self._name = name
        self._slider.blockSignals(True)
        lowest, highest = (1, _STRONGEST_H) if self.settings().slow else (1, _STRONGEST_KERNEL_PX // 2)
        self._slider.setRange(lowest, highest)
        self._slider.setValue(_step_of(self.settings()))
        self._slider.blockSignals(False)
        reference = _words(DEFAULTS[name])
        self._slider.setToolTip(
            plain_tooltip(f"{_TOOLTIPS[name]}; a double click goes back to the reference's {reference}")
        )
        self._figure.setText(_words(self.settings()))

    def set_settings(self, settings: DenoiseSettings) -> None:
        """Choose a denoiser and its strength without emitting."""
        self._settings[settings.name] = settings
        self.show_denoiser(settings.name)

    def settings(self) -> DenoiseSettings:
        """The shown denoiser with its strength."""
        return self._settings[self._name]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """A double click on the slider chooses the reference's strength."""
        if watched is self._slider and event.type() == QEvent.Type.MouseButtonDblClick:
            self._slider.setValue(_step_of(DEFAULTS[self._name]))
            return True
        return False

    def _take(self, step: int) -> None:
        settings = _settings_of(self._name, step)
        self._settings[self._name] = settings
        self._figure.setText(_words(settings))
        self.chosen.emit(settings)


def _step_of(settings: DenoiseSettings) -> int:
    """Kernels are odd: 3, 5, 7 are the slider's 1, 2, 3."""
    return settings.strength if settings.slow else settings.strength // 2


def _settings_of(name: DenoiserName, step: int) -> DenoiseSettings:
    return DenoiseSettings(name, step if DEFAULTS[name].slow else 2 * step + 1)


def _words(settings: DenoiseSettings) -> str:
    return f"h {settings.strength}" if settings.slow else f"{settings.strength} px"
