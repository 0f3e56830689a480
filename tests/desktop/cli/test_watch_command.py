"""bloodsmear screen --watch: the report follows the folder, and Ctrl-C ends in order."""

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.errors import ClassifierError
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.jobs import Cancel
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.screening import ScreeningPlan
from bloodsmear.workflows.watching import Clock, WatchTiming
from desktop.cli.exit_code import ExitCode
from desktop.cli.program import make_parser
from desktop.cli.screen_arguments import read_screen_arguments
from desktop.cli.terminal import Terminal
from desktop.cli.watch_command import WatchRequest, watch_folders

RowsOf = Callable[[Path], list[dict[str, str]]]
MakeClock = Callable[..., Clock]


class Watching:
    """The command on a folder that is empty at first, and what it said."""

    def __init__(self, tmp_path: Path, classifiers: ClassifierSet, make_clock: MakeClock) -> None:
        self.folder, self.report = tmp_path / "camera", tmp_path / "r.csv"
        self.folder.mkdir()
        self.classifiers = classifiers
        self._make_clock = make_clock
        self.out, self.err = io.StringIO(), io.StringIO()

    def run(self, *happenings: Callable[[], object], words: tuple[str, ...] = ()) -> ExitCode:
        """Watch while these things happen."""
        line = ["screen", "--watch", str(self.folder), "-o", str(self.report), *words]
        arguments = read_screen_arguments(make_parser("screen").parse_args(line))
        plan = ScreeningPlan((self.folder,), study=self.report.with_name("s"))
        timing = WatchTiming(self._make_clock(*happenings))
        request = WatchRequest(plan, self.classifiers, arguments, timing)
        return watch_folders(request, Terminal(self.out, self.err), Cancel())


@pytest.fixture
def watching(tmp_path: Path, fake_classifiers: ClassifierSet, scripted_clock: MakeClock) -> Watching:
    """The command, ready to run."""
    return Watching(tmp_path, fake_classifiers, scripted_clock)


def nothing() -> None:
    pass


def test_the_report_follows_the_folder(watching: Watching, smear_folder: Path, rows_of: RowsOf) -> None:
    counted: list[int] = []

    def copy(number: int) -> Callable[[], object]:
        source = smear_folder / f"case {number % 2 + 1}" / f"smear {number}.png"
        return lambda: shutil.copy(source, watching.folder)

    def count() -> None:
        counted.append(len(rows_of(watching.report)))

    code = watching.run(copy(0), nothing, count, copy(1), nothing, count)

    assert code == ExitCode.CANCELLED
    assert counted == [1, 2]
    assert watching.report.with_suffix(".summary.json").exists()
    said = watching.out.getvalue().splitlines()
    assert said[:3] == [
        f"Watching {watching.folder}. Ctrl-C ends it.",
        f"1 image in {watching.report}",
        f"2 images in {watching.report}",
    ]
    assert watching.err.getvalue() == "bloodsmear: Stopped. Give the same command again to go on watching.\n"


def test_a_stop_before_the_first_image_writes_no_report(watching: Watching) -> None:
    assert watching.run(nothing) == ExitCode.CANCELLED

    assert not watching.report.exists()
    assert "No image came" in watching.err.getvalue()


def test_a_report_that_is_open_elsewhere_is_written_with_the_next_images(
    watching: Watching, smear_folder: Path, rows_of: RowsOf
) -> None:
    images = sorted((smear_folder / "case 1").iterdir())

    def copy_and_close() -> None:
        watching.report.rmdir()
        shutil.copy(images[1], watching.folder)

    # A folder in its place refuses to be replaced, as a file does on Windows while a spreadsheet has it.
    watching.report.mkdir()
    watching.run(lambda: shutil.copy(images[0], watching.folder), nothing, copy_and_close, nothing)

    assert "The images are kept; the report is written with the next ones." in watching.err.getvalue()
    assert len(rows_of(watching.report)) == 2


def test_a_file_that_is_waited_for_is_named_once(watching: Watching) -> None:
    half = watching.folder / "half.png"
    watching.run(lambda: half.write_bytes(b"\x89PNG\r\n\x1a\n and"), nothing, nothing, nothing)

    said = watching.out.getvalue().splitlines()
    assert said.count("Waiting for half.png, which is not complete yet.") == 1


def test_quiet_says_only_how_it_ended(watching: Watching, smear_folder: Path) -> None:
    image = smear_folder / "case 1" / "smear 0.png"

    watching.run(lambda: shutil.copy(image, watching.folder), nothing, nothing, words=("--quiet",))

    assert watching.out.getvalue() == ""
    assert watching.report.exists()


def test_a_classifier_that_fails_ends_with_3_and_a_report(
    watching: Watching, smear_folder: Path, fake_classifiers: ClassifierSet, rows_of: RowsOf
) -> None:
    class Failing:
        card = fake_classifiers.classifiers[0].card

        def predict(self, image: RgbImage) -> Prediction:
            raise ClassifierError("OpenVINO could not answer an image.")

    watching.classifiers = ClassifierSet((Failing(),))
    image = smear_folder / "case 1" / "smear 0.png"
    # The report's study must be the one that was watched.
    code = watching.run(lambda: shutil.copy(image, watching.folder), nothing, nothing)

    assert code == ExitCode.STOPPED_EARLY
    assert [row["status"] for row in rows_of(watching.report)] == ["not_screened"]
    assert "OpenVINO could not answer an image." in watching.err.getvalue()
