"""The zip that carries a classifier to another PC: written here, and opened as what it may be, a stranger's file."""

import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Collection
from pathlib import Path

from bloodsmear import atomic_file
from bloodsmear.classifiers.card_file import CARD_NAME, MODEL_NAME
from bloodsmear.classifiers.listed_graph import EXACT_GRAPH, INT8_GRAPH
from bloodsmear.errors import ClassifierError

EVALUATION_NAME = "evaluation.json"
MODEL_CARD_NAME = "MODEL_CARD.md"
# How the model card's paragraph on fast answers, one line, begins.
FAST_ANSWERS_LINE = "Fast answers"
GRAPH_NAMES = tuple(name for files in (EXACT_GRAPH, INT8_GRAPH) for name in (files.xml, files.weights))
# All that a classifier's folder and its zip may hold; anything else is no part of one.
CLASSIFIER_FILES = (MODEL_NAME, CARD_NAME, EVALUATION_NAME, MODEL_CARD_NAME, *GRAPH_NAMES)
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
# One time for all: the same classifier makes the same zip, bit for bit.
_TIME = (2020, 1, 1, 0, 0, 0)
_ADVICE = "Export the classifier again and carry the new file over."


def pack_classifier(folder: Path, archive: Path) -> None:
    """Write the files of a classifier's folder into one zip, whole or not at all. Raises OSError."""
    with (
        atomic_file.open_replacing(archive) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in CLASSIFIER_FILES:
            if (folder / name).is_file():
                packed.writestr(
                    zipfile.ZipInfo(name, _TIME), (folder / name).read_bytes(), zipfile.ZIP_DEFLATED
                )


def unpack_classifier(archive: Path, target: Path) -> None:
    """Unpack a classifier's zip into the empty folder `target`.

    Nothing is unpacked before names, kinds and sizes of all files are known to be a classifier's. ClassifierError
    names what is wrong; OSError when the target cannot be written.
    """
    _check_end(archive)
    try:
        with zipfile.ZipFile(archive) as packed:
            members = packed.infolist()
            _check_members(members, archive, CLASSIFIER_FILES)
            for member in members:
                with packed.open(member) as source, (target / member.filename).open("xb") as copy:
                    shutil.copyfileobj(source, copy)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as error:
        raise ClassifierError(f"{archive} is damaged ({error}). {_ADVICE}") from error


def copy_classifier(folder: Path, target: Path) -> None:
    """Copy the files of a classifier out of a folder into the empty folder `target`; what else is there stays.

    ClassifierError for a link (it could lead to any file of the PC) and for sizes no classifier has; OSError.
    """
    present = [folder / name for name in CLASSIFIER_FILES if (folder / name).exists()]
    for path in present:
        if path.is_symlink() or not path.is_file():
            raise ClassifierError(f"{path} is no plain file. Copy the file itself into the folder.")
    _check_total(sum(path.stat().st_size for path in present), folder)
    for path in present:
        shutil.copyfile(path, target / path.name)


def check_model_archive(model: Path) -> None:
    """Look at model.keras, itself a zip, before Keras opens it. ClassifierError names what is wrong."""
    _check_end(model)
    try:
        with zipfile.ZipFile(model) as packed:
            _check_members(packed.infolist(), model, _KERAS_FILES)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise ClassifierError(f"{model} is damaged ({error}). {_ADVICE}") from error


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
        raise ClassifierError(f"{shown} is no zip file. {advice}")
    mark, *_, directory_bytes, _, comment_bytes = _END.unpack(tail[-_END.size :])
    if mark != _END_MARK or comment_bytes:
        raise ClassifierError(f"{shown} is no zip file, is cut off, or has a comment. {advice}")
    if tail.startswith(_ZIP64_MARK) or directory_bytes > _LARGEST_DIRECTORY_BYTES:
        raise ClassifierError(f"{shown} holds far more files than a classifier has. {advice}")


def _check_end(archive: Path) -> None:
    _check_total(archive.stat().st_size, archive)
    check_zip_directory(archive, archive, _ADVICE)


def _check_members(members: list[zipfile.ZipInfo], archive: Path, allowed: Collection[str]) -> None:
    seen: set[str] = set()
    for member in members:
        # The name as it was written: zipfile cuts it at a zero byte and turns backslashes on Windows.
        name = member.orig_filename
        if name not in allowed:
            raise ClassifierError(f"{archive} holds {name!r}, which is no file of a classifier. {_ADVICE}")
        if name in seen:
            raise ClassifierError(f"{archive} holds {name} twice. {_ADVICE}")
        seen.add(name)
        _check_kind(member, archive)
    _check_total(sum(member.file_size for member in members), archive)


def _check_kind(member: zipfile.ZipInfo, archive: Path) -> None:
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise ClassifierError(
            f"{archive} holds {member.filename} as a link or folder, not as a file. {_ADVICE}"
        )
    if member.flag_bits & 1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ClassifierError(
            f"{archive} holds {member.filename} encrypted, or packed in an unusual way. {_ADVICE}"
        )
    if member.filename.endswith((".json", ".md")) and member.file_size > _LARGEST_TEXT_BYTES:
        raise ClassifierError(
            f"{archive} holds {member.filename} with {member.file_size / 1e6:.0f} MB, which is no such text. {_ADVICE}"
        )
    if member.file_size > max(_SMALL_BYTES, _LARGEST_RATIO * member.compress_size):
        raise ClassifierError(
            f"{archive} holds {member.filename} packed {member.file_size / max(1, member.compress_size):.0f} : 1, "
            f"which no file of a classifier is. {_ADVICE}"
        )


def _check_total(total_bytes: int, source: Path) -> None:
    if total_bytes > _LARGEST_BYTES:
        raise ClassifierError(
            f"{source} holds {total_bytes / 1e9:.1f} GB; a classifier has {_LARGEST_BYTES / 1e9:.1f} GB at most."
        )
