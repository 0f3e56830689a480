"""A published classifier from Google Drive to the user's classifiers. The user has agreed before this is called."""

import contextlib
import hashlib
import multiprocessing
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bloodsmear import paths
from bloodsmear.adding.download_record import DownloadRecord
from bloodsmear.adding.importing import ImportEvents, import_classifier
from bloodsmear.adding.installing import AddedClassifier, check_that_id_is_free
from bloodsmear.adding.published import PublishedNetwork
from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.errors import DownloadError, UsageError
from bloodsmear.jobs import Cancel, Progress, Report, report_nowhere
from bloodsmear.no_network import unplug_if_asked
from bloodsmear.process_lock import lock_file

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

# Ten times the larger of the two published files.
_LARGEST_BYTES = 1_000_000_000
_HDF5_START = b"\x89HDF\r\n\x1a\n"
# How soon a request to stop is seen.
_LOOK_EVERY_S = 0.2
# More than all tries of google_drive.py; a page that leads to itself for ever ends here.
_PATIENCE_S = 300.0
# What the process that downloads says: how many bytes came, of how many; or why it gave up.
_SAID = msgspec.json.Decoder(tuple[int, int | None] | str)


def download_and_add(
    network: PublishedNetwork,
    replace_other: bool = False,
    report: Report = report_nowhere,
    cancel: Cancel | None = None,
) -> AddedClassifier:
    """Download the network's file and add it with the published preparation; whole or not.

    UsageError while another download is under way, DownloadError, JobCancelled, and what `import_classifier` raises. A
    process of its own opens network connections.
    """
    cancel = cancel or Cancel()
    check_that_id_is_free(network.id, None, replace_other)
    with _hold_downloads() as folder:
        file = folder / f"{network.id}.h5"
        _fetch(network.file_id, file, report, cancel)
        with file.open("rb") as opened:
            if opened.read(len(_HDF5_START)) != _HDF5_START:
                raise DownloadError(
                    f"Google Drive sent something other than an .h5 file. Open {network.page} in a browser and look."
                )
            opened.seek(0)
            sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
        record = DownloadRecord(paths.download_record())
        record.require_same(network.id, sha256)
        size = file.stat().st_size

        def believe(_classifier: Classifier) -> None:
            record.keep(network.id, sha256, size)

        # Believed only once it was found to be a network that can be added.
        events = ImportEvents(report, believe)
        return import_classifier(network.foreign(file), replace_other, events=events, cancel=cancel)


@contextlib.contextmanager
def _hold_downloads() -> Iterator[Path]:
    """An empty folder for a download, gone at the end of the block; no other download begins until then.

    Two would forget what the other one remembers of its file.

    The system lets go when the process ends. UsageError where another is under way, in the window or on the command
    line; DownloadError where nothing can be written.
    """
    lock, folder = paths.cache() / "downloading.lock", paths.downloads()
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        file = lock.open("a+b")
    except OSError as error:
        raise DownloadError(f"{lock} cannot be written ({error.strerror}). Give permission.") from error
    with file:
        try:
            lock_file(file)
        except OSError as error:
            raise UsageError(
                "Another download is under way on this PC, in the window or on the command line. Wait until it has "
                "ended, then ask for this one again."
            ) from error
        try:
            # A program that was killed leaves what it had.
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise DownloadError(f"{folder} cannot be made ({error.strerror}). Give permission.") from error
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _fetch(file_id: str, target: Path, report: Report, cancel: Cancel) -> None:
    """Have a process of its own fetch the file into `target`; it has ended then. DownloadError, JobCancelled."""
    report(Progress(0, None, "Asking Google Drive"))
    context = multiprocessing.get_context("spawn")
    heard, speaks = context.Pipe(duplex=False)
    child = context.Process(target=_fetch_and_tell, args=(file_id, target, speaks), daemon=True)
    with heard:
        with speaks:
            child.start()
        try:
            _listen(heard, report, cancel)
        except BaseException:
            child.kill()
            raise
        finally:
            child.join()
    if child.exitcode:
        raise DownloadError(
            f"The process that downloads ended unexpectedly (code {child.exitcode}). See that no other program "
            "ends it, such as a virus scanner, and try again."
        )


def _listen(heard: "Connection[bytes, bytes]", report: Report, cancel: Cancel) -> None:
    """Report what the other process says until it has ended. DownloadError with its words, or where it is to end."""
    last = time.monotonic()
    while True:
        cancel.checkpoint()
        try:
            said = _SAID.decode(heard.recv_bytes()) if heard.poll(_LOOK_EVERY_S) else None
        # How Linux and Windows say that nobody speaks any more.
        except (EOFError, BrokenPipeError):
            return
        if isinstance(said, str):
            raise DownloadError(said)
        if said is not None:
            last = time.monotonic()
            _report(said[0], said[1], report)
        elif time.monotonic() - last > _PATIENCE_S:
            raise DownloadError(
                f"Google Drive sent nothing of the file for {_PATIENCE_S:.0f} seconds. Try again later."
            )


def _report(done: int, total: int | None, report: Report) -> None:
    if max(done, total or 0) > _LARGEST_BYTES:
        raise DownloadError(
            f"The file has more than {_LARGEST_BYTES / 1e6:.0f} MB, more than any published classifier has."
        )
    of_all = "" if total is None else f" of {total / 1e6:.1f}"
    report(Progress(done, total, f"Downloading, {done / 1e6:.1f}{of_all} MB"))


def _fetch_and_tell(file_id: str, target: Path, speaks: "Connection[bytes, bytes]") -> None:
    """The whole work of the process that downloads."""
    # Ctrl-C reaches it too, and is for the process that listens.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A frozen program begins this process before its own first lines.
    unplug_if_asked()
    # Here, in this process, and in no other.
    from bloodsmear.adding.google_drive import fetch

    def tell(done: int, total: int | None) -> None:
        try:
            speaks.send_bytes(msgspec.json.encode((done, total)))
        except OSError as error:
            # Nobody listens any more: the program was killed.
            raise SystemExit(1) from error

    try:
        fetch(file_id, target, tell)
    except DownloadError as error:
        speaks.send_bytes(msgspec.json.encode(str(error)))
