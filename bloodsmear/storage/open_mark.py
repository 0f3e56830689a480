"""Who has a study on a network drive open for writing: a small file beside it, for the others to read.

The mark is made in one step that every network drive knows (create, unless it is there). Whether the one who made it
is still at work is known only on the same PC, by a lock that the system takes back; another PC takes it at its word.
"""

import getpass
import hashlib
import json
import os
import platform
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import msgspec

from bloodsmear import paths
from bloodsmear.errors import StudyError, StudyInUseError
from bloodsmear.private_file import create_plain, open_plain, read_plain
from bloodsmear.process_lock import lock_file
from bloodsmear.time_words import local_words

_SUFFIX = ".open"
# The most bytes of a mark; a longer file is not a mark and is not read.
_MOST_BYTES = 10_000
# The mark is read on other PCs, perhaps in another time zone.
_SINCE = "%Y-%m-%d %H:%M UTC"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who opened a study: the name at the PC's login, the PC, the process there, and when (UTC).

    `lock` tells apart the places of locks on one PC: only who looks at the same one knows whether it is held.
    """

    user: str
    machine: str
    process: int
    lock: str
    since: str

    def is_process_of(self, other: "Holder") -> bool:
        """Whether both are the same process, whenever it opened the study."""
        return self.process == other.process and self.shares_lock_with(other)

    def shares_lock_with(self, other: "Holder") -> bool:
        """Whether the lock of the one says something about the other."""
        return (self.user, self.machine, self.lock) == (other.user, other.machine, other.lock)


class OpenMark:
    """This process' mark at a study, until `release`. A second opening in the process shares the first one's."""

    def __init__(self, mark: Path | None, lock: IO[bytes] | None) -> None:
        """Use `claim_study`."""
        self._mark = mark
        self._lock = lock

    def release(self) -> None:
        """Let others open the study for writing."""
        if self._mark is not None:
            # On a drive that is gone it stays, and is taken over at the next opening on this PC.
            with suppress(OSError):
                self._mark.unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.close()
        self._mark = self._lock = None


def claim_study(study: Path) -> OpenMark:
    """Mark the study as open here. Raises StudyInUseError, which names who has it, and StudyError."""
    mark = study.with_name(study.name + _SUFFIX)
    try:
        return _claim(study, mark)
    except OSError as error:
        raise StudyError(
            f"The study {study} cannot be opened for writing: {error.strerror}. See that its folder may be written."
        ) from error


def _claim(study: Path, mark: Path) -> OpenMark:
    place = paths.cache() / "studies" / hashlib.sha256(os.fsencode(study.resolve())).hexdigest()[:24]
    me = _holder_here(place)
    holder = _read(mark)
    if holder is not None and holder.is_process_of(me):
        return OpenMark(None, None)
    place.parent.mkdir(parents=True, exist_ok=True)
    lock = place.open("a+b")
    try:
        try:
            lock_file(lock)
        except OSError as error:
            raise StudyInUseError(_sentence(study, mark, holder)) from error
        if holder is not None:
            if not holder.shares_lock_with(me):
                raise StudyInUseError(_sentence(study, mark, holder))
            # Its lock is free, so the process has ended without taking its mark away.
            mark.unlink(missing_ok=True)
        try:
            # For all who may read the folder, as the study itself: they are told who has it.
            create_plain(mark)
            with open_plain(mark, "wb") as file:
                file.write(json.dumps(asdict(me)).encode())
        except FileExistsError as error:  # another PC was quicker
            raise StudyInUseError(_sentence(study, mark, _read(mark))) from error
    except BaseException:
        lock.close()
        raise
    return OpenMark(mark, lock)


def _holder_here(place: Path) -> Holder:
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):  # a user that the system has no name for
        user = "somebody"
    since = datetime.now(UTC).strftime(_SINCE)
    lock = hashlib.sha256(os.fsencode(place)).hexdigest()[:12]
    return Holder(user, platform.node() or "a PC without a name", os.getpid(), lock, since)


def _read(mark: Path) -> Holder | None:
    try:
        return msgspec.json.decode(read_plain(mark, _MOST_BYTES), type=Holder)
    except FileNotFoundError:
        return None
    except (msgspec.DecodeError, PermissionError):  # just being written, cut off, or another user's alone
        return Holder("somebody", "a PC that did not say its name", 0, "", "an unknown time")


def _sentence(study: Path, mark: Path, holder: Holder | None) -> str:
    if holder is None:
        return f"The study {study} is open in another window of yours. It can be read; close it there to change it."
    since = _local_since(holder)
    return (
        f"The study {study} is open for {holder.user} on {holder.machine} since {since}. It can be read; close "
        f"it there to change it. Where that PC was switched off meanwhile, delete {mark.name} beside the study."
    )


def _local_since(holder: Holder) -> str:
    try:
        return local_words(datetime.strptime(holder.since, _SINCE).replace(tzinfo=UTC))
    except ValueError:
        return holder.since
