"""The folders that were opened on this PC: others, which a study from elsewhere names, are asked for (docs/adr/0027).

A study's file names its folders. Looking into one that somebody else wrote there may greet a stranger's server, or put
a picture of another folder into a report; so it is looked into once its owner has said so, by opening or screening it
or by a yes.
"""

import hashlib
import os
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path

from bloodsmear import paths
from bloodsmear.atomic_file import write
from bloodsmear.private_file import open_plain, read_plain

# Somebody with more opens folders by a script and is asked again for the oldest. A mark is 64 letters and a newline.
_MOST_FOLDERS = 30_000
_MOST_BYTES = 2 * _MOST_FOLDERS * 65


def remember_folders(folders: Iterable[Path]) -> None:
    """The user named these folders, or said yes to them. A folder that cannot be kept is asked for again."""
    known = _known()
    new = [mark for mark in dict.fromkeys(_mark(folder) for folder in folders) if mark not in known]
    if not new:
        return
    with suppress(OSError):
        paths.known_folders().parent.mkdir(parents=True, exist_ok=True)
        if len(known) + len(new) > _MOST_FOLDERS:
            # Half of them, the newest: it is not written anew for each folder from here on.
            write(paths.known_folders(), _lines([*known, *new][-_MOST_FOLDERS // 2 :]))
            return
        with open_plain(paths.known_folders(), "ab") as file:
            file.write(_lines(new))


def unknown_folders(folders: Iterable[Path]) -> tuple[Path, ...]:
    """Those that nobody opened on this PC yet, nor a folder that they lie in. Nothing is asked of their drives."""
    known = _known()
    return tuple(folder for folder in folders if not _is_known(folder, known))


def _is_known(folder: Path, known: Collection[str]) -> bool:
    if not folder.is_absolute():
        return False
    plain = Path(os.path.normpath(folder))
    return any(_mark(place) in known for place in (plain, *plain.parents))


def _known() -> dict[str, None]:
    """The marks of the folders, the newest last."""
    try:
        content = read_plain(paths.known_folders(), _MOST_BYTES)
    except OSError:
        return {}
    return dict.fromkeys(content.decode("ascii", "replace").splitlines())


def _lines(marks: Iterable[str]) -> bytes:
    return "".join(f"{mark}\n" for mark in marks).encode("ascii", "replace")


def _mark(folder: Path) -> str:
    # A hash: the names of folders are patients' names on some PCs.
    name = os.path.normcase(os.path.normpath(folder))
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
