"""A published classifier from Google Drive to the user's classifiers. The user has agreed before this is called."""

import hashlib
from pathlib import Path

from bloodsmear import paths
from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.classifiers.download_lock import hold_downloads
from bloodsmear.classifiers.download_record import DownloadRecord
from bloodsmear.classifiers.download_site import GOOGLE_DRIVE, DriveSite
from bloodsmear.classifiers.importing import ImportEvents, import_classifier
from bloodsmear.classifiers.installing import AddedClassifier, check_that_id_is_free
from bloodsmear.classifiers.part_file import PartFile
from bloodsmear.classifiers.published import PublishedNetwork
from bloodsmear.errors import BloodsmearError, DownloadError
from bloodsmear.jobs import Cancel, Report, report_nowhere

_HDF5_START = b"\x89HDF\r\n\x1a\n"


def download_and_add(
    network: PublishedNetwork,
    replace_other: bool = False,
    report: Report = report_nowhere,
    cancel: Cancel | None = None,
    site: DriveSite = GOOGLE_DRIVE,
) -> AddedClassifier:
    """Download the network's file, if it isn't here yet, and add it with the published preparation; whole or not.

    What came so far is kept when it breaks off or is stopped, and the next call goes on there. UsageError while another
    download is under way, DownloadError, and what `import_classifier` raises. Opens network connections.
    """
    cancel = cancel or Cancel()
    check_that_id_is_free(network.id, None, replace_other)
    with hold_downloads():
        file = _file_of(network)
        # Left there by an import that did not end well.
        was_here = _is_hdf5(file)
        if not was_here:
            _download(network, file, site, report, cancel)
        return _add(network, replace_other, was_here, report, cancel)


def _add(
    network: PublishedNetwork, replace_other: bool, was_here: bool, report: Report, cancel: Cancel
) -> AddedClassifier:
    """Add the file that was downloaded and remove it. `was_here`: an earlier import of it did not end well."""
    record = DownloadRecord(paths.download_record())
    file = _file_of(network)
    sha256 = _sha256_of(file)
    try:
        record.require_same(network.id, sha256)
    except DownloadError:
        file.unlink(missing_ok=True)
        raise
    size = file.stat().st_size

    def believe(_classifier: Classifier) -> None:
        record.keep(network.id, sha256, size)

    # Believed only once it was found to be a network that can be added.
    events = ImportEvents(report, believe)
    try:
        added = import_classifier(network.foreign(file), replace_other, events=events, cancel=cancel)
    except BloodsmearError:
        # Once it may be a full disk; a file that is refused a second time is fetched anew the next time.
        if was_here:
            file.unlink(missing_ok=True)
        raise
    file.unlink(missing_ok=True)
    return added


def _file_of(network: PublishedNetwork) -> Path:
    return paths.downloads() / f"{network.id}.h5"


def _download(network: PublishedNetwork, file: Path, site: DriveSite, report: Report, cancel: Cancel) -> None:
    """Fetch the whole file, or go on where that stopped. DownloadError, JobCancelled."""
    # Here, so that nothing that opens connections is loaded by whoever does not download.
    from bloodsmear.classifiers.drive import DriveFile

    PartFile(file).fetch(DriveFile(site, network.file_id), report, cancel)
    if not _is_hdf5(file):
        file.unlink(missing_ok=True)
        raise DownloadError(
            f"What {site.name} gave is no .h5 file of Keras; it was removed. Open {network.page} in a browser and look."
        )


def _is_hdf5(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return opened.read(len(_HDF5_START)) == _HDF5_START
    except FileNotFoundError:
        return False


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
