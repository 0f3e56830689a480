"""What an image's file says of itself, as lines for a reader: size, date, depth, colours, camera, scale, sha256."""

import hashlib
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from bloodsmear.errors import ImageError
from bloodsmear.images.decode import read_image_file
from bloodsmear.images.formats.exif import camera_lines
from bloodsmear.images.formats.reader_contract import CUT_OFF, DAMAGE_ERRORS, Asked, FormatError
from bloodsmear.images.formats.sniff import format_of, open_picture
from bloodsmear.images.image_names import count_pictures
from bloodsmear.images.memory_room import memory_room
from bloodsmear.images.scale import stated_scale

_FORMATS = {
    "jpeg": "JPEG", "png": "PNG", "tiff": "TIFF", "bmp": "BMP", "webp": "WebP", "jpeg 2000": "JPEG 2000",
    "heif": "HEIC", "avif": "AVIF",
}  # fmt: skip

Lines = tuple[tuple[str, str], ...]


def read_information(path: Path, asked: Asked) -> Lines:
    """Name and value of each fact of a file and of its picture `asked.page`; nothing is decoded.

    Of a picture that cannot be read the reason stands in its place. Raises ImageError for a file that cannot be read.
    """
    try:
        status = path.stat()
        with memory_room().held(status.st_size):
            content = read_image_file(path)
            lines = _of_file(path, content, status.st_mtime, asked)
            try:
                return (*lines, *_of_picture(content, asked))
            except (FormatError, *DAMAGE_ERRORS) as error:
                reason = str(error) if isinstance(error, FormatError) else CUT_OFF
                return (*lines, ("Picture", f"It cannot be read: {reason}"))
    except OSError as error:
        raise ImageError(path, "the file cannot be read; look whether its drive is connected.") from error


def _of_file(path: Path, content: bytes, modified: float, asked: Asked) -> Lines:
    kind, pages = "", 1
    with suppress(FormatError, *DAMAGE_ERRORS):
        kind = format_of(content)
        pages = count_pictures(path)
    lines = [
        ("File", path.name),
        ("Folder", str(path.parent)),
        ("Size of the file", f"{len(content):,} bytes"),
        ("Changed", datetime.fromtimestamp(modified).isoformat(" ", "seconds")),
        ("Format", _FORMATS.get(kind, kind) or "not an image's"),
    ]
    if pages > 1:
        lines.append(("Picture", f"{asked.page + 1} of {pages} in the file"))
    return (*lines, ("sha256", hashlib.sha256(content).hexdigest()))


def _of_picture(content: bytes, asked: Asked) -> Lines:
    picture = open_picture(content, asked)
    facts = picture.facts
    width, height = picture.width_px, picture.height_px
    if picture.orientation >= 5:
        width, height = height, width
    return (
        ("Picture size", f"{width:,} × {height:,} px"),
        ("Bits a sample", str(facts.bits)),
        ("Scale in the file", stated_scale(facts.sizes).words),
        *facts.microscope,
        *(line for line in camera_lines(facts.exif) if line[0] not in dict(facts.microscope)),
    )
