"""A download that can go on where it stopped: the bytes so far, and of which file they are."""

import contextlib
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec

from bloodsmear import atomic_file
from bloodsmear.errors import DownloadError
from bloodsmear.jobs import Cancel, Progress, Report

# Ten times the larger of the two published files.
LARGEST_BYTES = 1_000_000_000
# Small enough that a slow line still hears a request to stop.
_BLOCK_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Position:
    """Where in the file to begin, and the server's mark of the version that the bytes before are of."""

    first_byte: int = 0
    mark: str = ""

    def headers(self) -> dict[str, str]:
        """What to send so that the rest comes, or all of it where the file has changed."""
        if not self.first_byte:
            return {}
        given = {"Range": f"bytes={self.first_byte}-"}
        # A weak mark does not promise the same bytes, so a server must not take it here.
        return {**given, "If-Range": self.mark} if self.mark and not self.mark.startswith("W/") else given


class Stream(Protocol):
    """Bytes on their way."""

    def read(self, most: int, /) -> bytes:
        """The next ones, none at the end. DownloadError where the connection breaks off."""
        ...


@dataclass(frozen=True, slots=True)
class PartialAnswer:
    """A server's answer: a stream that begins with the byte `first_byte` of `total` (None: it did not say)."""

    stream: Stream
    first_byte: int
    total: int | None
    mark: str


class Source(Protocol):
    """Where the bytes come from."""

    def open_at(self, position: Position) -> AbstractContextManager[PartialAnswer]:
        """The bytes from `position` on. DownloadError."""
        ...


class _Begun(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which file the bytes of a part are of."""

    mark: str
    total: int | None


@dataclass(frozen=True, slots=True)
class PartFile:
    """The file that a download becomes, `target`; until it is whole its bytes lie beside it."""

    target: Path

    def fetch(self, source: Source, report: Report, cancel: Cancel) -> None:
        """Get what is missing and put the whole file in place.

        DownloadError, JobCancelled: what came so far is kept.
        """
        try:
            self._fetch(source, report, cancel)
        except OSError as error:
            raise DownloadError(
                f"{self.target} cannot be written ({error.strerror}). Make room or give permission, then give the same "
                "command again to go on."
            ) from error

    def _fetch(self, source: Source, report: Report, cancel: Cancel) -> None:
        self.target.parent.mkdir(parents=True, exist_ok=True)
        begun = self._begun()
        position = Position(self._part.stat().st_size, begun.mark) if begun is not None else Position()
        with source.open_at(position) as answer:
            if not self._goes_on(answer, position, begun):
                self.forget()
                if answer.first_byte:
                    raise DownloadError("The file changed while it was fetched. Give the same command again.")
            self._take(answer, report, cancel)
        self._part.replace(self.target)
        self.forget()

    def forget(self) -> None:
        """Remove what came so far."""
        for path in (self._part, self._note):
            path.unlink(missing_ok=True)

    @property
    def _part(self) -> Path:
        return self.target.with_name(f"{self.target.name}.part")

    @property
    def _note(self) -> Path:
        return self.target.with_name(f"{self.target.name}.part.json")

    def _begun(self) -> _Begun | None:
        with contextlib.suppress(OSError, msgspec.MsgspecError):
            begun = msgspec.json.decode(self._note.read_bytes(), type=_Begun)
            size = self._part.stat().st_size
            # Asked for the rest of a whole file a server answers with an error.
            if begun.total is None or size < begun.total:
                return begun
        return None

    @staticmethod
    def _goes_on(answer: PartialAnswer, position: Position, begun: _Begun | None) -> bool:
        if begun is None or not answer.first_byte:
            return False
        same = (answer.mark, answer.total) == (begun.mark, begun.total)
        return same and answer.first_byte == position.first_byte

    def _take(self, answer: PartialAnswer, report: Report, cancel: Cancel) -> None:
        done, total = answer.first_byte, answer.total
        _require_size(total or 0)
        atomic_file.write(self._note, msgspec.json.encode(_Begun(answer.mark, total)))
        with self._part.open("ab") as part:
            while True:
                cancel.checkpoint()
                report(Progress(done, total, f"Downloading, {_megabytes(done, total)}"))
                block = answer.stream.read(_BLOCK_BYTES)
                if not block:
                    break
                part.write(block)
                done += len(block)
                _require_size(done)
        if total is not None and done != total:
            raise DownloadError(
                f"The connection broke off at {_megabytes(done, total)}. Give the same command again to go on."
            )


def _require_size(size: int) -> None:
    if size > LARGEST_BYTES:
        raise DownloadError(
            f"The file has more than {LARGEST_BYTES / 1e6:.0f} MB, which is no published classifier; it is not fetched."
        )


def _megabytes(done: int, total: int | None) -> str:
    return f"{done / 1e6:.1f} MB" if total is None else f"{done / 1e6:.1f} of {total / 1e6:.1f} MB"
