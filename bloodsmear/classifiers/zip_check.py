"""A stranger's zip looked at before it is opened: a classifier's, or the model.keras inside one."""

import stat
import struct
import zipfile
from collections.abc import Collection
from pathlib import Path

from bloodsmear.errors import ClassifierError

# What Keras 3 puts into a network of plain layers; anything else it would unpack onto the disk.
_KERAS_FILES = ("metadata.json", "config.json", "model.weights.h5")

# The published VGG16 and its graph are 134 MB in full precision.
_LARGEST_BYTES = 1024**3
# Text is parsed in memory, where it takes many times its size; a card of 1,600 images has 250 kB.
_LARGEST_TEXT_BYTES = 64 * 1024**2
# A graph's XML is the densest of our files, 19 : 1. Small files may be as dense as they like.
_LARGEST_RATIO = 50
_SMALL_BYTES = 1024**2
# Eight files take 500 bytes. A directory of millions of entries would fill the memory before one is looked at.
_LARGEST_DIRECTORY_BYTES = 64 * 1024
_END = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_ZIP64_MARK = b"PK\x06\x07"
_ZIP64_BYTES = 20
ADVICE = "Export the classifier again and carry the new file over."


def check_model_archive(model: Path) -> None:
    """Look at model.keras, itself a zip, before Keras opens it. ClassifierError names what is wrong."""
    check_end(model)
    try:
        with zipfile.ZipFile(model) as packed:
            check_members(packed.infolist(), model, _KERAS_FILES)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise ClassifierError(f"{model} is damaged ({error}). {ADVICE}") from error


def check_zip_directory(archive: Path, shown: Path, advice: str) -> None:
    """Look at a zip's last bytes before zipfile reads its directory, which takes all entries into memory.

    ClassifierError names `shown`, of which `archive` may be a copy, and ends with the advice.
    """
    with archive.open("rb") as file:
        size = file.seek(0, 2)
        # A zip64 record would override the sizes.
        file.seek(max(0, size - _END.size - _ZIP64_BYTES))
        tail = file.read()
    if len(tail) < _END.size:
        raise ClassifierError(f"{shown} is not a zip file. {advice}")
    mark, *_, directory_bytes, _, comment_bytes = _END.unpack(tail[-_END.size :])
    if mark != _END_MARK or comment_bytes:
        raise ClassifierError(f"{shown} is not a zip file, is cut off, or has a comment. {advice}")
    if tail.startswith(_ZIP64_MARK) or directory_bytes > _LARGEST_DIRECTORY_BYTES:
        raise ClassifierError(f"{shown} holds far more files than a classifier has. {advice}")


def check_end(archive: Path) -> None:
    """Look at a zip's size and its last bytes. ClassifierError names what is wrong."""
    check_total(archive.stat().st_size, archive)
    check_zip_directory(archive, archive, ADVICE)


def check_members(members: list[zipfile.ZipInfo], archive: Path, allowed: Collection[str]) -> None:
    """Look at what a zip says of its files. ClassifierError for a name that is not in `allowed`, a link, a size."""
    seen: set[str] = set()
    for member in members:
        # The name as it was written: zipfile cuts it at a zero byte and turns backslashes on Windows.
        name = member.orig_filename
        if name not in allowed:
            raise ClassifierError(f"{archive} holds {name!r}, which is not a file of a classifier. {ADVICE}")
        if name in seen:
            raise ClassifierError(f"{archive} holds {name} twice. {ADVICE}")
        seen.add(name)
        if member.header_offset < 0:
            raise ClassifierError(f"{archive} is damaged: {name} would lie before its beginning. {ADVICE}")
        _check_kind(member, archive)
    check_total(sum(member.file_size for member in members), archive)


def check_total(total_bytes: int, source: Path) -> None:
    """ClassifierError for more bytes than a classifier has."""
    if total_bytes > _LARGEST_BYTES:
        raise ClassifierError(
            f"{source} holds {total_bytes / 1e9:.1f} GB; a classifier has {_LARGEST_BYTES / 1e9:.1f} GB at most."
        )


def check_text(name: str, size: int, source: Path) -> None:
    """ClassifierError for a text of more bytes than any of a classifier has."""
    if name.endswith((".json", ".md")) and size > _LARGEST_TEXT_BYTES:
        raise ClassifierError(
            f"{source} holds {name} of {size / 1e6:.0f} MB, which is too large for a text. {ADVICE}"
        )


def _check_kind(member: zipfile.ZipInfo, archive: Path) -> None:
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise ClassifierError(
            f"{archive} holds {member.filename} as a link or folder, not as a file. {ADVICE}"
        )
    if member.flag_bits & 1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ClassifierError(
            f"{archive} holds {member.filename} encrypted, or packed in an unusual way. {ADVICE}"
        )
    check_text(member.filename, member.file_size, archive)
    if member.file_size > max(_SMALL_BYTES, _LARGEST_RATIO * member.compress_size):
        raise ClassifierError(
            f"{archive} holds {member.filename} packed {member.file_size / max(1, member.compress_size):.0f} : 1, "
            f"tighter than any file of a classifier. {ADVICE}"
        )
