"""The files that SQLite opens beside a study, looked at before it does: they come from wherever the study came from."""

import os
import stat
from contextlib import suppress
from pathlib import Path

from bloodsmear.errors import StudyError
from bloodsmear.private_file import open_plain

# sqlite.org/fileformat.html, "The Rollback Journal": what a header begins with, and what the name of a super-journal
# ends with, behind its length and its sum (4 bytes each).
_MAGIC = bytes.fromhex("d9d505f920a163d7")
_TRAILER_BYTES = 16
_ENDINGS = ("-journal", "-wal", "-shm")


def refuse_side_files(study: Path) -> None:
    """Raise StudyError where a file beside the study makes SQLite wait without end, or delete a file of the user.

    A journal may name a super-journal, that of several files changed at once. SQLite rolls the study back and then
    deletes the file of that name, whatever it is (measured with 3.40). The program changes one file at a time.
    """
    # SQLite follows a link to the study, and looks beside what it leads to.
    there = Path(os.path.realpath(study))
    for ending in _ENDINGS:
        beside = there.with_name(there.name + ending)
        # Only looked at: closing a file that was opened takes the locks of this process off it, and -shm has SQLite's.
        with suppress(OSError):
            if not stat.S_ISREG(beside.lstat().st_mode):
                raise StudyError(
                    f"The study {study} is not opened: {beside.name} beside it is not a plain file. Delete that one."
                )
    # What cannot be read SQLite cannot read either, and says so.
    with suppress(OSError):
        journal = there.with_name(f"{there.name}-journal")
        if _names_another_file(journal):
            raise StudyError(
                f"The study {study} is not opened: {journal.name} beside it was not written by Bloodsmear, and would "
                "cause another file to be deleted. Delete it, or ask whoever gave you the study for a new copy."
            )


def _names_another_file(journal: Path) -> bool:
    with open_plain(journal, "rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _TRAILER_BYTES))
        tail = file.read(_TRAILER_BYTES)
    return tail.endswith(_MAGIC) and any(tail[:4])
