"""bloodsmear teach, from a labelled folder to a screening with what was taught."""

import argparse
import io
import signal
import zipfile
from pathlib import Path

import msgspec
import pytest

from bloodsmear.classifiers.card_file import read_card, write_card
from bloodsmear.storage.study_store import StudyHead, StudyStore
from bloodsmear.teaching.labelled_folder import read_labelled_folder
from bloodsmear.teaching.teach import Material, open_base, teach
from bloodsmear.workflows.reviewing import Reviewing
from desktop.cli.exit_code import ExitCode
from desktop.cli.program import main
from desktop.cli.teach_command import add_teach_words, run_teach
from desktop.cli.terminal import Terminal
from tests.bloodsmear.conftest import card  # noqa: F401 - fixture
from tests.bloodsmear.teaching.conftest import base_folder, labelled  # noqa: F401 - fixtures
from tests.bloodsmear.workflows.cells_to_teach import for_writing, make_study, name_cells


def test_the_figures_come_before_the_classifier_which_then_screens(
    labelled: Path,  # noqa: F811
    base_folder: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = [
        "teach",
        "--data",
        str(labelled),
        "-o",
        str(tmp_path / "made"),
        "--id",
        "our-lab",
        "--base",
        "tiny",
    ]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "3 labels from 48 images, on tiny 1.0+" in said
    assert "Cross-validated on 48 images, 4 cases, none of which its head had seen:" in said
    for part in ("accuracy", "sensitivity of platelet", "colour alone", "always the most frequent label"):
        assert part in said
    assert "With 4 cases the intervals are rough." in said
    assert said.index("accuracy") < said.index("was written to")
    assert "It is not offered for use: no audit set was drawn" in said
    assert main(["classifiers", "add", str(tmp_path / "made")]) == 2
    assert "our-lab was not added. Draw and read an audit set" in capsys.readouterr().err
    assert main(["classifiers", "add", str(tmp_path / "made"), "--yes"]) == 0
    report = tmp_path / "report.csv"
    assert main(["screen", str(labelled / "platelet"), "-o", str(report), "--classifier", "our-lab"]) == 0
    assert "our-lab_p_platelet" in report.read_text("utf-8-sig").splitlines()[0]
    assert main(["classifiers", "verify", "our-lab"]) == 0
    assert main(["classifiers", "remove", "our-lab"]) == 0


def test_a_base_that_is_not_there_and_a_bad_folder_end_with_2_and_write_nothing(
    base_folder: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    made, empty = tmp_path / "made", tmp_path / "empty"
    empty.mkdir()
    words = ["teach", "--data", str(empty), "-o", str(made), "--id", "our-lab"]
    assert main([*words, "--base", "none"]) == 2
    assert "There is no classifier 'none' on this PC to teach on" in capsys.readouterr().err
    assert main([*words, "--base", "tiny"]) == 2
    assert "a head is taught 2 to 40 labels" in capsys.readouterr().err
    assert not made.exists()


def test_studies_and_a_folder_are_not_taught_together_nor_nothing(
    base_folder: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["-o", str(tmp_path / "made"), "--id", "our-lab", "--base", "tiny"]
    for asked in ([], [str(tmp_path / "s.bloodsmear"), "--data", str(tmp_path)]):
        assert main(["teach", *asked, *words]) == 2
        assert "Give either studies with signed decisions, or --data FOLDER." in capsys.readouterr().err


def test_a_study_from_elsewhere_is_asked_for_before_its_folders_are_looked_into(
    base_folder: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    study = tmp_path / "s.bloodsmear"
    with StudyStore.open_or_create(study, StudyHead(tmp_path / "far", (tmp_path / "far",), ())):
        pass
    words = ["teach", str(study), "-o", str(tmp_path / "made"), "--id", "our-lab", "--base", "tiny"]
    assert main(words) == 2
    assert "give --trust-folders" in capsys.readouterr().err
    assert main([*words, "--trust-folders"]) == 2
    assert "0 labels have 10 signed images or more" in capsys.readouterr().err


class StoppedAtTheFirstWord(io.StringIO):
    """A terminal's screen; Ctrl-C is pressed when the first progress stands on it."""

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not self.getvalue():
            signal.raise_signal(signal.SIGINT)
        return super().write(text)


def test_a_stop_says_that_nothing_was_written(
    labelled: Path,  # noqa: F811
    base_folder: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    made, screen = tmp_path / "made", StoppedAtTheFirstWord()
    parser = argparse.ArgumentParser()
    add_teach_words(parser)
    words = ["--data", str(labelled), "-o", str(made), "--id", "our-lab", "--base", "tiny"]
    assert run_teach(parser.parse_args(words), Terminal(io.StringIO(), screen)) == ExitCode.CANCELLED
    assert screen.getvalue().endswith("bloodsmear: Stopped. Nothing was written.\n")
    assert not made.exists()


@pytest.mark.parametrize("name", ["   ", "two\nlines", "x" * 201])
def test_a_name_that_a_card_cannot_have_is_refused_before_anything_is_read(
    name: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["teach", "--data", str(tmp_path / "nowhere"), "-o", str(tmp_path / "made"), "--id", "our-lab"]
    assert main([*words, "--name", name]) == 2
    assert "The name of a classifier must be one line of 1 to 200 letters" in capsys.readouterr().err


def test_a_zip_that_is_a_folder_is_refused_before_anything_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "made.zip").mkdir()
    words = [
        "teach",
        "--data",
        str(tmp_path / "nowhere"),
        "-o",
        str(tmp_path / "made.zip"),
        "--id",
        "our-lab",
    ]
    assert main(words) == 2
    assert "made.zip is a folder. Name the .zip that is to be written." in capsys.readouterr().err


def test_a_zip_that_is_not_a_classifier_is_never_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pictures, notes = tmp_path / "pictures.zip", tmp_path / "notes.zip"
    with zipfile.ZipFile(pictures, "w") as packed:
        packed.writestr("holiday.jpg", b"")
    notes.write_text("not a zip")
    for there in (pictures, notes):
        before = there.read_bytes()
        words = ["teach", "--data", str(tmp_path / "nowhere"), "-o", str(there), "--id", "our-lab"]
        assert main(words) == 2
        assert f"{there.name} is there already and is not a classifier" in capsys.readouterr().err
        assert there.read_bytes() == before


def test_a_label_whose_images_the_base_has_all_seen_is_said_to_be_unmeasured(
    labelled: Path,  # noqa: F811
    base_folder: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    seen = teach(Material(read_labelled_folder(labelled)), open_base(base_folder)).examples.fingerprints[:16]
    card_of_base = read_card(base_folder)
    trained_on = msgspec.structs.replace(card_of_base.trained_on, fingerprints=tuple(sorted(set(seen))))
    write_card(base_folder, msgspec.structs.replace(card_of_base, trained_on=trained_on))
    words = ["--data", str(labelled), "-o", str(tmp_path / "made"), "--id", "our-lab", "--base", "tiny"]
    assert main(["teach", *words]) == 0
    said = capsys.readouterr().out
    assert "Nothing was measured on basophil: tiny was trained on all of its images." in said
    assert "sensitivity of basophil" not in said


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (
            ["--data", "in", "-o", "in/made"],
            "lies in the labelled folder in, where it would count as a label",
        ),
        (["s.bloodsmear", "-o", "made", "--camera-bits", "12"], "--camera-bits is for --data"),
        (["--data", "in", "-o", "made", "--unsigned"], "--unsigned is for studies"),
    ],
)
def test_words_that_do_not_go_together_are_refused_before_anything_is_read(
    words: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["teach", *words, "--id", "our-lab"]) == 2
    assert complaint in capsys.readouterr().err


def test_named_cells_are_exported_taught_and_never_asked_about_whole_images(
    base_folder: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    root, study = tmp_path / "in", tmp_path / "s.bloodsmear"
    names = make_study(root, study, cases=4, of_a_case=3)
    with for_writing(study) as store:
        name_cells(Reviewing(store, "Ada"), root, names)
    crops = tmp_path / "crops"
    assert main(["report", str(study), "-o", str(crops), "--cell-crops", "--without-names"]) == 2
    assert main(["report", str(study), "-o", str(crops), "--cell-crops"]) == 0
    assert f"24 cells are in {crops}: Lymphocyte 12, Monocyte 12." in capsys.readouterr().out
    words = ["-o", str(tmp_path / "made"), "--id", "our-cells", "--base", "tiny"]
    assert main(["teach", str(study), "--cells", "--unsigned", *words]) == 0
    of_study = capsys.readouterr().out
    assert "2 labels from 24 cells, on tiny 1.0+" in of_study
    assert "Cross-validated on 24 cells, 4 cases, none of which its head had seen:" in of_study
    assert "crops of single cells" in of_study
    assert "bloodsmear screen" not in of_study
    assert main(["teach", "--data", str(crops), *words]) == 0
    of_crops = capsys.readouterr().out
    assert "2 labels from 24 cells" in of_crops
    assert main(["classifiers", "add", str(tmp_path / "made"), "--yes"]) == 0
    report = tmp_path / "report.csv"
    capsys.readouterr()
    assert main(["screen", str(root), "-o", str(report), "--classifier", "our-cells"]) == 2
    assert "answers for single cells, and not for whole images" in capsys.readouterr().err
    assert not report.exists()
    assert main(["audit", str(study), "--cells"]) == 0
    assert "No audit set is drawn." in capsys.readouterr().out
