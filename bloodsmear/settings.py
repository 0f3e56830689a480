"""The user's settings: one type, one JSON file. A damaged file never stops the program."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from bloodsmear import atomic_file
from bloodsmear.errors import SettingsError
from bloodsmear.json_file import read_bounded

Value = bool | str | tuple[str, ...]
RECENT_FOLDERS_KEPT = 10
COLOURS_KEPT = 50
# Ten folders of the longest names that systems allow have 200 kB.
_MOST_BYTES = 1024 * 1024


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings as they are now; the names are those in the file. `with_value` gives others, `write_settings` keeps
    them."""

    theme: Literal["system", "light", "dark"] = "system"
    denoiser: Literal["gaussian", "median", "non_local_means"] = "gaussian"
    denoise_strength: Literal["gentle", "medium", "reference"] = "gentle"
    view: Literal["original", "compare", "wipe", "blink", "difference"] = "compare"
    view_layout: Literal["automatic", "side_by_side", "stacked"] = "automatic"
    overview: bool = True
    list_grid: bool = False
    thumbnails: Literal["small", "medium", "large"] = "small"
    list_order: Literal["name", "uncertainty"] = "name"
    list_grouping: Literal["none", "label", "case"] = "none"
    blind: bool = False
    default_classifiers: tuple[str, ...] = ("vgg16", "unet")
    # Of a training environment; empty: the program's own.
    training_python: str = ""
    reader: str = ""
    # `0.0645 100× oil`: µm per pixel, then what the reader calls the objective.
    objectives: tuple[str, ...] = ()
    # Of the counter and of the gallery of cells.
    cell_names: str = "five_part"
    # `key name` for each name of the reader's own set.
    own_cell_names: tuple[str, ...] = ()
    cells_to_count: Literal["100", "200", "400"] = "100"
    # `action key` for each key that is not the program's own.
    keys: tuple[str, ...] = ()
    recent_folders: tuple[str, ...] = ()
    # `folder`, a line break, `image` for each recent folder: where the reader was.
    last_images: tuple[str, ...] = ()
    # `folders`, a line break, the colours for the eye: of the studies that have some, the latest first.
    colours: tuple[str, ...] = ()
    report_folder: str = ""
    picture_folder: str = ""
    # Of the reference images; empty: the program's own.
    reference_folder: str = ""
    csv_form: Literal["system", "comma", "semicolon"] = "system"
    window_geometry: str = ""
    window_layout: str = ""

    def with_value(self, key: str, value: Value) -> "Settings":
        """These settings with one changed. Raises SettingsError for an unknown key or a value that is not allowed."""
        try:
            return msgspec.convert({**msgspec.structs.asdict(self), key: value}, Settings)
        except msgspec.ValidationError as error:
            raise SettingsError(f"There is no setting {key!r} that can be {value!r}.") from error

    def with_recent_folder(self, folder: Path) -> "Settings":
        """These settings with `folder` first among the recent ones."""
        kept = [name for name in self.recent_folders if name != str(folder)]
        return self.with_value("recent_folders", (str(folder), *kept)[:RECENT_FOLDERS_KEPT])

    def last_image(self, folder: Path) -> str:
        """The image, by its name below `folder`, at which the reader was there last; empty where that is not known."""
        begin = f"{folder}\n"
        kept = next((line for line in self.last_images if line.startswith(begin)), begin)
        return kept[len(begin) :]

    def with_last_image(self, folder: Path, image: str) -> "Settings":
        """These settings with `image` as the one at which the reader was last in `folder`."""
        others = [line for line in self.last_images if not line.startswith(f"{folder}\n")]
        return self.with_value("last_images", (f"{folder}\n{image}", *others)[:RECENT_FOLDERS_KEPT])

    def colours_of(self, study: str) -> str:
        """The colours for the eye that are kept for a study; empty where it has none."""
        begin = f"{study}\n"
        kept = next((line for line in self.colours if line.startswith(begin)), begin)
        return kept[len(begin) :]

    def with_colours(self, study: str, colours: str) -> "Settings":
        """These settings with `colours` (one line) for a study; empty forgets them."""
        others = [line for line in self.colours if not line.startswith(f"{study}\n")]
        own = [f"{study}\n{colours}"] if colours else []
        return self.with_value("colours", (*own, *others)[:COLOURS_KEPT])


_FIELDS = msgspec.structs.fields(Settings)


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """The settings of a file, and a sentence for the user about what in it could not be used (else empty)."""

    settings: Settings
    complaint: str = ""


def read_settings(file: Path) -> ReadSettings:
    """The settings in `file`; the defaults for all that is missing there or cannot be used. Never raises."""
    try:
        # Not msgspec's own decoder: a folder's name that is not Unicode stands in the file as \\udcff.
        content = json.loads(read_bounded(file, _MOST_BYTES))
        if not isinstance(content, dict):
            raise ValueError("it holds no settings")
    except (FileNotFoundError, NotADirectoryError):
        return ReadSettings(Settings())
    except (OSError, ValueError, RecursionError) as error:
        return ReadSettings(
            Settings(), f"The settings in {file} cannot be read ({_reason(error)}); the defaults are used."
        )
    usable: dict[str, object] = {}
    wrong: list[str] = []
    for field in _FIELDS:
        if field.name in content:
            try:
                usable[field.name] = msgspec.convert(content[field.name], field.type)
            except msgspec.ValidationError:
                wrong.append(field.name)
    complaint = ""
    if wrong:
        complaint = (
            f"These settings in {file} cannot be used, so the defaults are used for them: {', '.join(wrong)}."
        )
    return ReadSettings(msgspec.convert(usable, Settings), complaint)


def write_settings(file: Path, settings: Settings) -> None:
    """Keep the settings in `file`, replaced whole. Raises SettingsError."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        atomic_file.write(file, as_json(settings))
    except OSError as error:
        raise SettingsError(
            f"The settings cannot be kept in {file}: {error.strerror}. They hold until the program ends."
        ) from error


def as_json(settings: Settings) -> bytes:
    """The settings as the file holds them: sorted, one a line."""
    return json.dumps(msgspec.to_builtins(settings), indent=2, sort_keys=True).encode()


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or "it cannot be opened"
    is_damaged = isinstance(error, json.JSONDecodeError | UnicodeError | RecursionError)
    return "it is damaged" if is_damaged else str(error)
