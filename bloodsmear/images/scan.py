"""Finding the images in folders, in natural order, the first ones while the rest is still being searched."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bloodsmear.errors import ScanError
from bloodsmear.images.formats.reader_contract import Asked
from bloodsmear.images.image_names import count_pictures, is_image, picture_name
from bloodsmear.images.natural_order import natural_key, natural_name_key
from bloodsmear.jobs import Cancel

# Names of other files that are kept, so that a folder of a million costs no memory.
_MOST_NAMES = 1000


@dataclass(frozen=True, slots=True)
class FoundImage:
    """A file that looks like an image: `image` is relative to the root with forward slashes, `case` its patient.

    A name that is not Unicode (possible on Linux) stands in `image` with its bytes as `\\udcXX`. Of a file with several
    pictures `page` (from 0 on) is this one, and `image` names it: `name.tif [2]`. `camera_bits` are those that a reader
    set for files of 16 bits that don't say theirs.
    """

    path: Path
    image: str
    case: str
    page: int = 0
    camera_bits: int | None = None

    @property
    def asked(self) -> Asked:
        """What to ask the decoder for."""
        return Asked(self.page, self.camera_bits)


class Scan:
    """The images of one or more folders: iterate it once. The counts grow while it is iterated.

    `root` is the folder, or the deepest common parent of several; the case of an image is the first folder
    below it, or the root's own name. `other_files` counts what is not an image by its extension and first bytes,
    and every name that begins with a dot (such a folder counts as one and is not searched); `other_names` holds the
    first thousand, relative to the root. `unreadable_folders` holds those
    that could not be listed, relative to the root ("." is the root). A folder that is reached by a link is
    searched unless it is among the searched ones anyway, so no link leads in a circle and no image comes twice.

    Raises ScanError for what is not a folder; iterating raises JobCancelled when `cancel` was requested.
    """

    def __init__(
        self, folders: Sequence[Path], cancel: Cancel | None = None, camera_bits: int | None = None
    ) -> None:
        starts = [_existing_folder(folder) for folder in folders]
        if not starts:
            raise ScanError("No folder was given; name at least one folder with images.")
        self.root = _common_parent(starts)
        self.other_files = 0
        self.other_names: list[str] = []
        self.unreadable_folders: list[str] = []
        self._cancel = cancel or Cancel()
        self._camera_bits = camera_bits
        self._starts = sorted(_without_overlap(starts), key=lambda start: natural_key(self._relative(start)))
        # Where the search begins: the starts, and each folder that a link led to.
        self._entrances = {Path(os.path.realpath(start)) for start in self._starts}

    def __iter__(self) -> Iterator[FoundImage]:
        for start in self._starts:
            yield from self._images_below(start, Path(os.path.realpath(start)))

    def _images_below(self, folder: Path, real: Path) -> Iterator[FoundImage]:
        self._cancel.checkpoint()
        try:
            names = sorted(_listing(folder), key=lambda item: natural_name_key(_as_text(item[0])))
        except OSError:
            self.unreadable_folders.append(self._relative(folder) or ".")
            return
        for name, is_folder in names:
            self._cancel.checkpoint()
            path = folder / name
            if name.startswith("."):
                self._count_other(path)
            elif is_folder:
                target = Path(os.path.realpath(path))
                if self._is_new(target, linked=target != real / name):
                    yield from self._images_below(path, target)
            elif is_image(path):
                yield from self._pictures_in(path)
            else:
                self._count_other(path)

    def _is_new(self, target: Path, linked: bool) -> bool:
        """Whether the folder `target` is searched neither from a start nor through an earlier link."""
        if not linked:
            return target not in self._entrances
        if any(target.is_relative_to(entrance) for entrance in self._entrances):
            return False
        self._entrances.add(target)
        return True

    def _count_other(self, path: Path) -> None:
        self.other_files += 1
        if len(self.other_names) < _MOST_NAMES:
            self.other_names.append(self._relative(path))

    def _pictures_in(self, path: Path) -> Iterator[FoundImage]:
        image = self._relative(path)
        first, slash, _ = image.partition("/")
        case = first if slash else _as_text(self.root.name or self.root.anchor)
        for page in range(count_pictures(path)):
            yield FoundImage(path, picture_name(image, page), case, page, self._camera_bits)

    def _relative(self, path: Path) -> str:
        relative = path.relative_to(self.root).as_posix()
        return "" if relative == "." else _as_text(relative)


def _listing(folder: Path) -> list[tuple[str, bool]]:
    """Each name in the folder, and whether it is a folder (or a link to one)."""
    with os.scandir(folder) as entries:
        return [(entry.name, _is_folder(entry)) for entry in entries]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # e.g. a link that leads in a circle
        return False


def _existing_folder(folder: Path) -> Path:
    try:
        if folder.is_dir():
            return Path(os.path.normpath(folder.absolute()))
        exists = folder.exists()
    except OSError as error:
        raise ScanError(
            f"{folder} cannot be opened: {error.strerror}. Ask its owner for permission."
        ) from error
    if exists:
        raise ScanError(f"{folder} is a file, not a folder; name the folder that holds it.")
    raise ScanError(f"There is no folder {folder}; look whether its name is right and its drive connected.")


def _common_parent(folders: list[Path]) -> Path:
    try:
        return Path(os.path.commonpath(folders))
    except ValueError as error:
        names = " and ".join(str(folder) for folder in folders)
        raise ScanError(f"{names} lie on different drives; search them one after the other.") from error


def _without_overlap(folders: list[Path]) -> list[Path]:
    """Leave out folders that lie in another one or are the same by another name."""
    kept: dict[Path, Path] = {}
    for folder in folders:
        real = Path(os.path.realpath(folder))
        if not any(real.is_relative_to(other) for other in kept):
            kept = {other: name for other, name in kept.items() if not other.is_relative_to(real)}
            kept[real] = folder
    return list(kept.values())


def _as_text(name: str) -> str:
    """Names whose bytes are not Unicode hold lone surrogates, which neither a study nor a CSV can store."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
