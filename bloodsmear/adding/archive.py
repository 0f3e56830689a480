"""The zip that carries a classifier to another PC: written here, and opened as what it may be, a stranger's file."""

import os
import shutil
import zipfile
import zlib
from pathlib import Path

from bloodsmear import atomic_file
from bloodsmear.classifiers.folder_files import CLASSIFIER_FILES
from bloodsmear.classifiers.scratch import scratch_folder
from bloodsmear.classifiers.zip_check import ADVICE, check_end, check_members, check_text, check_total
from bloodsmear.errors import ClassifierError

# One time for all: the same classifier makes the same zip, bit for bit.
_TIME = (2020, 1, 1, 0, 0, 0)


def pack_classifier(folder: Path, archive: Path) -> None:
    """Write the files of a classifier's folder into one zip, whole or not at all. Raises OSError.

    What a killed program leaves is cleared when the next zip is packed beside it.
    """
    with scratch_folder(archive.parent, ".exporting-") as scratch:
        made = scratch / archive.name
        with made.open("wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
                for name in CLASSIFIER_FILES:
                    if (folder / name).is_file():
                        content = (folder / name).read_bytes()
                        packed.writestr(zipfile.ZipInfo(name, _TIME), content, zipfile.ZIP_DEFLATED)
            file.flush()
            os.fsync(file.fileno())
        atomic_file.put_in_place_of(archive, made)


def unpack_classifier(archive: Path, target: Path) -> None:
    """Unpack a classifier's zip into the empty folder `target`.

    Nothing is unpacked before names, kinds and sizes of all files are known to be a classifier's. ClassifierError
    names what is wrong; OSError when the target cannot be written.
    """
    check_end(archive)
    try:
        with zipfile.ZipFile(archive) as packed:
            members = packed.infolist()
            check_members(members, archive, CLASSIFIER_FILES)
            for member in members:
                with packed.open(member) as source, (target / member.filename).open("xb") as copy:
                    shutil.copyfileobj(source, copy)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as error:
        raise ClassifierError(f"{archive} is damaged ({error}). {ADVICE}") from error


def copy_classifier(folder: Path, target: Path) -> None:
    """Copy the files of a classifier out of a folder into the empty folder `target`; what else is there stays.

    ClassifierError for a link (it could lead to any file of the PC) and for sizes no classifier has; OSError.
    """
    present = [folder / name for name in CLASSIFIER_FILES if (folder / name).exists()]
    for path in present:
        if path.is_symlink() or not path.is_file():
            raise ClassifierError(f"{path} is not a plain file. Copy the file itself into the folder.")
        check_text(path.name, path.stat().st_size, folder)
    check_total(sum(path.stat().st_size for path in present), folder)
    for path in present:
        shutil.copyfile(path, target / path.name)
