"""A run over many image files unattended: the pool of readers, files that crash the decoder, drives that go away."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from hashlib import file_digest
from itertools import islice
from pathlib import Path
from typing import TypeVar

from bloodsmear.errors import FoldersGoneError
from bloodsmear.images.scan import FoundImage
from bloodsmear.jobs import Cancel
from bloodsmear.workflows.lone_decoding import survives_decoding
from bloodsmear.workflows.reading_marks import ReadingMarks

BREAKS_DECODER = "the decoder breaks down over it; save it again as PNG."
# How often a waiting run looks whether it was asked to stop, in seconds (Windows cannot interrupt a wait).
_LOOK_EVERY_S = 0.2

_Finished = TypeVar("_Finished")


class FileRun:
    """One run over the images of `folders`; `kept_in` is the file that keeps what was finished."""

    def __init__(self, kept_in: Path, folders: Sequence[Path], jobs: int) -> None:
        self._marks = ReadingMarks(kept_in)
        self._devices = {folder: device_of(folder) for folder in folders}
        self._jobs = jobs

    def finished(
        self, found: Sequence[FoundImage], read: Callable[[FoundImage], _Finished], cancel: Cancel
    ) -> Iterator[_Finished]:
        """What `read` makes of each image as it finishes. Images being read when it stops are finished and given, too.

        Raises JobCancelled or the first error of a reader, after everything finished was given.
        """
        rest = iter(found)
        pending: set[Future[_Finished]] = set()
        failure: BaseException | None = None
        given = 0
        with ThreadPoolExecutor(self._jobs, thread_name_prefix="screening") as pool:
            try:
                while True:
                    if cancel.requested or failure is not None:
                        pending = {future for future in pending if not future.cancel()}
                    else:
                        # Twice the jobs keeps every thread fed, and memory flat however many images there are.
                        room = 2 * self._jobs - len(pending)
                        pending |= {pool.submit(read, one) for one in islice(rest, room)}
                    if not pending:
                        break
                    finished, pending = wait(pending, _LOOK_EVERY_S, FIRST_COMPLETED)
                    errors = [one.exception() for one in finished]
                    failure = failure or next(filter(None, errors), None)
                    for future in finished:
                        if future.exception() is None:
                            given += 1
                            yield future.result()
            finally:
                for future in pending:
                    future.cancel()
        self._marks.close()
        if failure is not None:
            raise failure
        if given < len(found):
            cancel.checkpoint()

    def breaks_decoder(self, found: FoundImage) -> bool:
        """Whether the last run broke off over this image, and decoding it alone breaks off, too (docs/adr/0010)."""
        return found.image in self._marks.suspects and not survives_decoding(found.path, found.asked)

    @contextmanager
    def reading(self, found: FoundImage) -> Iterator[None]:
        """Within the block the image is under suspicion: if the program ends here, the image may have done it."""
        self._marks.begin(found.image)
        try:
            yield
        finally:
            self._marks.end(found.image)

    def refuse_without_folders(self) -> None:
        """Raise FoldersGoneError: without its drive every image would be unreadable, and none of them is."""
        for folder, device in self._devices.items():
            if device is not None and device_of(folder) != device:
                raise FoldersGoneError(
                    f"The folder {folder} is gone. Connect its drive or network share again."
                )


def device_of(folder: Path) -> int | None:
    """Which drive a folder lies on; None when it is not there. Where a drive was taken off, an empty folder stays."""
    try:
        return folder.stat().st_dev if folder.is_dir() else None
    except OSError:
        return None


def sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes in hex; empty when they cannot be read (then decoding says why)."""
    try:
        if not path.is_file():  # a pipe would be waited for without end
            return ""
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
