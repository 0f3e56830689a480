"""The settings as the window uses them: read once, written whenever one changes."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QLocale, QObject, QTimer, Signal

from bloodsmear.errors import SettingsError
from bloodsmear.reports.report_kind import COMMA, SEMICOLON, CsvForm
from bloodsmear.settings import Settings, Value, read_settings, write_settings

# Paging through images writes no file.
_REST_MS = 2000
_CSV_FORMS = {"comma": COMMA, "semicolon": SEMICOLON}


class Preferences(QObject):
    """Holds the settings of one file. `complained(sentence)` when they cannot be kept; they hold nevertheless."""

    complained = Signal(str)

    def __init__(self, file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = file
        read = read_settings(file)
        self._settings = read.settings
        self.complaint = read.complaint

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return self._settings

    @property
    def recent_folders(self) -> tuple[Path, ...]:
        """The folders opened last, the latest first."""
        return tuple(Path(name) for name in self._settings.recent_folders)

    @property
    def csv_form(self) -> CsvForm:
        """The form of the CSV reports that was chosen; until one was, that of the system's own numbers."""
        chosen = _CSV_FORMS.get(self._settings.csv_form)
        return chosen or (SEMICOLON if QLocale.system().decimalPoint() == "," else COMMA)

    @property
    def report_folder(self) -> Path:
        """Where a report is first offered to go: where the last one went, as long as that place is there."""
        return _folder_or_home(self._settings.report_folder)

    @property
    def picture_folder(self) -> Path:
        """Where a saved view is first offered to go."""
        return _folder_or_home(self._settings.picture_folder)

    def change(self, key: str, value: Value) -> None:
        """Set one setting and keep it."""
        self._keep(self._settings.with_value(key, value))

    def remember_folder(self, folder: Path) -> None:
        """Put a folder first among the recent ones."""
        self._keep(self._settings.with_recent_folder(folder))

    def remember_image(self, folder: Path, image: str) -> None:
        """Come back to this image when the folder is opened again."""
        self._keep(self._settings.with_last_image(folder, image))

    def remember_colours(self, study: str, colours: str) -> None:
        """Show this study in these colours when it is opened again; empty forgets them."""
        self._keep(self._settings.with_colours(study, colours))

    def last_image_of(self, folders: Sequence[Path]) -> Path | None:
        """The image at which the reader was last in this one folder; None where that is not known."""
        if len(folders) != 1:
            return None
        folder = folders[0].absolute()
        image = self._settings.last_image(folder)
        return folder / image if image else None

    def _keep(self, settings: Settings) -> None:
        if settings == self._settings:
            return
        self._settings = settings
        try:
            write_settings(self._file, settings)
        except SettingsError as error:
            self.complained.emit(str(error))


class LastPlace(QObject):
    """Where the reader is: kept once they rest there, and when they leave."""

    def __init__(self, preferences: Preferences) -> None:
        super().__init__(preferences)
        self._preferences = preferences
        self._place: tuple[Path, str] | None = None
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(self.keep)

    def note(self, folder: Path | None, image: str) -> None:
        """They look at this image of this folder now; None where that cannot be opened again from the menu."""
        if folder is not None:
            self._place = folder.absolute(), image
            self._rest.start()

    def keep(self) -> None:
        """Keep where they are."""
        self._rest.stop()
        if self._place is not None:
            self._preferences.remember_image(*self._place)

    def leave(self) -> None:
        """Keep it for the last time: another folder is opened."""
        self.keep()
        self._place = None


def _folder_or_home(kept: str) -> Path:
    return Path(kept) if kept and Path(kept).is_dir() else Path.home()
