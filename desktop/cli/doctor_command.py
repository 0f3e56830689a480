"""bloodsmear doctor: versions, devices, classifiers, folders; what is wrong and what to do."""

import argparse
import platform
import shutil
import tempfile
from importlib import metadata
from pathlib import Path

from bloodsmear import __version__, paths
from bloodsmear.classifiers.folder import verify_classifier
from bloodsmear.classifiers.openvino_engine import device_names
from bloodsmear.errors import CardError, ClassifierError, UsageError
from bloodsmear.settings import ReadSettings
from bloodsmear.workflows.classifier_set import classifier_folders
from desktop.cli.exit_code import ExitCode
from desktop.cli.study_check import acknowledge_changes, check_study, look_at_all_studies
from desktop.cli.terminal import Terminal
from desktop.self_test.steps import run_self_test

_LIBRARIES = (
    "openvino",
    "opencv-python-headless",
    "numpy",
    "pillow",
    "PySide6_Essentials",
    "pyqtgraph",
    "keras",
)
# A study of ten thousand images takes some 10 MB, a classifier's graph up to 80 MB.
_LITTLE_SPACE_BYTES = 500_000_000


def add_doctor_words(parser: argparse.ArgumentParser) -> None:
    """Add the words of `doctor`."""
    parser.description = (
        "Looks at versions, devices, classifiers and folders, and says what is wrong and what to do."
    )
    parser.add_argument(
        "--study", type=Path, metavar="FILE", help="look at this study instead: was a reader's event changed?"
    )
    parser.add_argument(
        "--self-test",
        action="store_true",
        help="try the whole program on the demo images, in a folder of its own and without a network (minutes)",
    )
    parser.add_argument(
        "--last-hash",
        default="",
        metavar="HASH",
        help="with --study: a hash that a report or an earlier look printed, which must still be there",
    )
    parser.add_argument(
        "--acknowledge",
        default="",
        metavar="READER",
        help="with --study: this reader takes note of what was changed in it; every report goes on saying so",
    )


def run_doctor(parsed: argparse.Namespace, read: ReadSettings, terminal: Terminal) -> ExitCode:
    """Look at everything, or at one study, and say how it is: DONE when all is well. Raises UsageError, StudyError."""
    if parsed.study is not None:
        if parsed.acknowledge:
            acknowledge_changes(parsed.study, parsed.acknowledge)
        return check_study(parsed.study, parsed.last_hash, terminal)
    for option in ("last_hash", "acknowledge"):
        if getattr(parsed, option):
            raise UsageError(f"--{option.replace('_', '-')} goes with --study FILE.")
    if parsed.self_test:
        return _test_everything(terminal)
    wrong = [read.complaint] if read.complaint else []
    _look_at_versions(terminal)
    wrong += _look_at_devices(terminal)
    wrong += _look_at_classifiers(read.settings.default_classifiers, terminal)
    wrong += _look_at_folders(terminal)
    wrong += look_at_all_studies(terminal)
    terminal.say()
    if not wrong:
        terminal.say("All is well.")
        return ExitCode.DONE
    terminal.say("What is wrong, and what to do:")
    for sentence in wrong:
        terminal.say(f"  {sentence}")
    return ExitCode.DONE_IN_PART


def _test_everything(terminal: Terminal) -> ExitCode:
    _look_at_versions(terminal)
    terminal.say("Self-test")
    if run_self_test(terminal.say):
        terminal.say("All is well.")
        return ExitCode.DONE
    terminal.complain("The self-test failed; the step above says where. Install Bloodsmear again.")
    return ExitCode.DONE_IN_PART


def _look_at_versions(terminal: Terminal) -> None:
    terminal.say("Versions")
    terminal.say(f"  Bloodsmear {__version__}")
    terminal.say(f"  Python {platform.python_version()} on {platform.platform()}")
    for library in _LIBRARIES:
        terminal.say(f"  {library} {_version_of(library)}")


def _version_of(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        # A frozen program carries the library without its description.
        return "(version unknown)"


def _look_at_devices(terminal: Terminal) -> list[str]:
    terminal.say("Devices")
    try:
        devices = device_names()
    except ClassifierError as error:
        return [str(error)]
    except RuntimeError as error:
        return [f"OpenVINO does not start ({error}). Install Bloodsmear again."]
    for device in devices:
        terminal.say(f"  {device}")
    if any(device.startswith("CPU") for device in devices):
        return []
    return ["OpenVINO sees no processor that it can use. Install Bloodsmear again, on a 64-bit PC."]


def _look_at_classifiers(defaults: tuple[str, ...], terminal: Terminal) -> list[str]:
    terminal.say("Classifiers")
    try:
        folders = classifier_folders()
    except ClassifierError as error:
        return [str(error)]
    wrong = [
        f"The default classifier {one} is not on this PC. Install Bloodsmear again."
        for one in defaults
        if one not in folders
    ]
    for classifier_id, folder in folders.items():
        try:
            outcome = verify_classifier(folder)
        except (CardError, ClassifierError) as error:
            terminal.say(f"  {classifier_id}: refused")
            wrong.append(str(error))
        else:
            terminal.say(f"  {classifier_id} {outcome.version_mark}: well")
    return wrong


def _look_at_folders(terminal: Terminal) -> list[str]:
    terminal.say("Folders")
    places = {
        "studies": paths.studies(),
        "added classifiers": paths.user_classifiers(),
        "cache": paths.cache(),
        "logs": paths.logs(),
    }
    wrong = []
    for name, place in places.items():
        complaint = _complaint_of(place)
        terminal.say(f"  {name}: {place}{' (not writable)' if complaint else ''}")
        wrong += [complaint] if complaint else []
    terminal.say(f"  demo images: {paths.demo_images()}")
    if not paths.demo_images().is_dir():
        wrong.append(f"The demo images are missing in {paths.demo_images()}. Install Bloodsmear again.")
    return wrong


def _complaint_of(place: Path) -> str:
    """What is wrong with a folder that the program writes into; empty when it is well."""
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place):
            pass
        free = shutil.disk_usage(place).free
    except OSError as error:
        return f"The folder {place} cannot be written ({error.strerror}). Give yourself permission, or free space."
    if free < _LITTLE_SPACE_BYTES:
        return f"The disk of {place} has only {free // 1_000_000} MB left. Free some space."
    return ""
