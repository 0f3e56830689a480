"""Which files are images by their name or first bytes, and how the pictures of a file with several are named."""

import re
import stat
from functools import lru_cache
from pathlib import Path

from bloodsmear.images.formats.sniff import FIRST_BYTES, format_of

# What is read, and what microscopes, cameras and scanners write besides: that gets a row with the reason.
_READ = {
    "JPEG": ".jpg .jpeg .jpe .jfif .jif",
    "PNG": ".png",
    "TIFF": ".tif .tiff",
    "BMP": ".bmp .dib",
    "WebP": ".webp",
    "JPEG 2000": ".jp2 .j2k .j2c .jpc .jpf .jpx",
    "HEIC": ".heic .heif .hif",
    "AVIF": ".avif",
}
# For sentences that say what can be opened: `JPEG, PNG, … or AVIF`.
READ_FORMATS = f"{', '.join(list(_READ)[:-1])} or {list(_READ)[-1]}"
_KNOWN = (
    ".dcm .dicom .gif .jxl .jxr .wdp .hdp .psd .svs .ndpi .scn .qptiff .bif .mrxs .vsi .czi .zvi .lsm .lif .nd2 .oib "
    ".oif .dng .cr2 .cr3 .nef .nrw .arw .orf .rw2 .raf .pef .tga .exr"
)
IMAGE_EXTENSIONS = frozenset(" ".join((*_READ.values(), _KNOWN)).split())
# What a program calls a file while it still writes it.
_UNFINISHED = frozenset(
    [".part", ".partial", ".crdownload", ".download", ".filepart", ".tmp", ".temp", ".!ut"]
)
_PAGE = re.compile(r"(.+) \[([1-9]\d{0,5})\]", re.DOTALL)
# Folders are looked through again and again while they are watched.
_REMEMBERED_FILES = 50_000


def has_image_name(path: Path) -> bool:
    """Whether its name alone makes the file an image: a known extension in any case, blanks behind it aside."""
    return _extension(path) in IMAGE_EXTENSIONS


def is_image(path: Path) -> bool:
    """Whether the file counts as an image: by its extension in any case, blanks behind it aside, or its first bytes."""
    extension = _extension(path)
    if extension in IMAGE_EXTENSIONS:
        return True
    if extension in _UNFINISHED or _PAGE.fullmatch(path.name):
        return False
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or not status.st_size:
            return False
        # Of an older Office's files only the name tells whether they are images.
        return _format_of(path, status.st_size, status.st_mtime_ns) not in ("", "compound")
    except OSError:
        return False


def count_pictures(path: Path) -> int:
    """How many pictures the image file holds, whatever it is called; 1 where only its decoding can tell."""
    try:
        status = path.stat()
        if stat.S_ISREG(status.st_mode) and _format_of(path, status.st_size, status.st_mtime_ns) == "tiff":
            return _count(path, status.st_size, status.st_mtime_ns)
    except OSError:
        pass
    return 1


def picture_name(image: str, page: int) -> str:
    """The name of a file's picture number `page`, from 0 on: `name.tif`, then `name.tif [2]`."""
    return f"{image} [{page + 1}]" if page else image


def file_and_page(root: Path, image: str) -> tuple[Path, int]:
    """The file of an image that is named relative to the root, and which of its pictures it is."""
    several = _PAGE.fullmatch(image)
    return (root / several[1], int(several[2]) - 1) if several else (root / image, 0)


def page_of(image: str) -> int:
    """Which of its file's pictures an image is, from 0 on."""
    return file_and_page(Path(), image)[1]


def _extension(path: Path) -> str:
    """In small letters. Programs and people leave blanks and dots behind it: `x.jpg `."""
    return Path(path.name.rstrip(" .")).suffix.lower()


@lru_cache(maxsize=_REMEMBERED_FILES)
def _format_of(path: Path, _size: int, _modified_ns: int) -> str:
    with path.open("rb") as file:
        return format_of(file.read(FIRST_BYTES))


@lru_cache(maxsize=_REMEMBERED_FILES)
def _count(path: Path, _size: int, _modified_ns: int) -> int:
    from bloodsmear.images.formats.tiff import count_pictures_in

    return count_pictures_in(path)
