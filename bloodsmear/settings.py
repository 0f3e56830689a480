"""The user's settings: one table, one JSON file. A damaged file never stops the program."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bloodsmear import atomic_file
from bloodsmear.errors import SettingsError

Value = bool | str | tuple[str, ...]
RECENT_FOLDERS_KEPT = 10


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table: its key in the file, what it is when nothing is set, and what else it may be.

    The type of `default` is the type of the value. `choices` are all values allowed (empty: any of the type).
    """

    key: str
    default: Value
    choices: tuple[str, ...] = ()

    def accepts(self, value: Value) -> bool:
        """Whether `value` has this setting's type and is one of its choices."""
        if type(value) is not type(self.default):
            return False
        return not self.choices or value in self.choices


SETTINGS: tuple[Setting, ...] = (
    Setting("theme", "system", ("system", "light", "dark")),
    Setting("denoiser", "gaussian", ("gaussian", "median", "non_local_means")),
    Setting("denoise_strength", "gentle", ("gentle", "medium", "reference")),
    Setting("view", "compare", ("original", "compare", "wipe", "blink", "difference")),
    Setting("view_layout", "automatic", ("automatic", "side_by_side", "stacked")),
    Setting("list_order", "name", ("name", "uncertainty")),
    Setting("list_grouping", "none", ("none", "label", "case")),
    Setting("blind", False),
    Setting("check_denoised", False),
    Setting("default_classifiers", ("vgg16", "unet")),
    # Of a training environment; empty: the program's own.
    Setting("training_python", ""),
    Setting("reader", ""),
    # `action key` for each key that is not the program's own.
    Setting("keys", ()),
    Setting("recent_folders", ()),
    # `folder`, a line break, `image` for each recent folder: where the reader was.
    Setting("last_images", ()),
    Setting("report_folder", ""),
    Setting("csv_form", "system", ("system", "comma", "semicolon")),
    Setting("window_geometry", ""),
    Setting("window_layout", ""),
)
_BY_KEY: Mapping[str, Setting] = {setting.key: setting for setting in SETTINGS}


class Settings:
    """The settings as they are now. Changing one gives a new `Settings`; `write_settings` keeps it."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Value] | None = None) -> None:
        """The defaults, but for `values`. Raises SettingsError for an unknown key or a value that is not allowed."""
        self._values = {setting.key: setting.default for setting in SETTINGS}
        for key, value in (values or {}).items():
            if key not in _BY_KEY or not _BY_KEY[key].accepts(value):
                raise SettingsError(f"There is no setting {key!r} that can be {value!r}.")
            self._values[key] = value

    def switch(self, key: str) -> bool:
        """A setting that is on or off."""
        return bool(self._values[key])

    def text(self, key: str) -> str:
        """A setting that is a text or one of several choices."""
        return str(self._values[key])

    def texts(self, key: str) -> tuple[str, ...]:
        """A setting that is a list of texts."""
        value = self._values[key]
        if not isinstance(value, tuple):
            raise SettingsError(f"The setting {key!r} is no list.")
        return value

    def with_value(self, key: str, value: Value) -> "Settings":
        """These settings but for one. Raises SettingsError for an unknown key or a value that is not allowed."""
        return Settings({**self._values, key: value})

    def with_recent_folder(self, folder: Path) -> "Settings":
        """These settings with `folder` first among the recent ones."""
        kept = [name for name in self.texts("recent_folders") if name != str(folder)]
        return self.with_value("recent_folders", (str(folder), *kept)[:RECENT_FOLDERS_KEPT])

    def last_image(self, folder: Path) -> str:
        """The image, by its name below `folder`, at which the reader was there last; empty where that is not known."""
        begin = f"{folder}\n"
        kept = next((line for line in self.texts("last_images") if line.startswith(begin)), begin)
        return kept[len(begin) :]

    def with_last_image(self, folder: Path, image: str) -> "Settings":
        """These settings with `image` as the one at which the reader was last in `folder`."""
        others = [line for line in self.texts("last_images") if not line.startswith(f"{folder}\n")]
        return self.with_value("last_images", (f"{folder}\n{image}", *others)[:RECENT_FOLDERS_KEPT])

    def as_json(self) -> bytes:
        """The settings as the file holds them: UTF-8, sorted, one a line."""
        return json.dumps(self._values, indent=2, sort_keys=True).encode()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Settings) and self._values == other._values

    def __hash__(self) -> int:
        return hash(tuple(sorted(self._values.items())))


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """The settings of a file, and a sentence for the user about what in it could not be used (else empty)."""

    settings: Settings
    complaint: str = ""


def read_settings(file: Path) -> ReadSettings:
    """The settings in `file`; the defaults for all that is missing there or cannot be used. Never raises."""
    try:
        content = json.loads(file.read_bytes())
        if not isinstance(content, dict):
            raise ValueError("it holds no settings")
    except (FileNotFoundError, NotADirectoryError):
        return ReadSettings(Settings())
    except (OSError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is damaged"
        return ReadSettings(
            Settings(), f"The settings in {file} cannot be read ({reason}); the defaults are used."
        )
    usable: dict[str, Value] = {}
    wrong: list[str] = []
    for setting in SETTINGS:
        if setting.key not in content:
            continue
        value = _from_json(content[setting.key])
        if value is not None and setting.accepts(value):
            usable[setting.key] = value
        else:
            wrong.append(setting.key)
    complaint = ""
    if wrong:
        complaint = f"In the settings {file} these cannot be used, so their defaults are: {', '.join(wrong)}."
    return ReadSettings(Settings(usable), complaint)


def write_settings(file: Path, settings: Settings) -> None:
    """Keep the settings in `file`, replaced whole. Raises SettingsError."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        atomic_file.write(file, settings.as_json())
    except OSError as error:
        raise SettingsError(
            f"The settings cannot be kept in {file}: {error.strerror}. They hold until the program ends."
        ) from error


def _from_json(value: object) -> Value | None:
    """A JSON value as a setting's; None for a kind that no setting has."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    return None
