"""bloodsmear screen: exit codes, sentences and the report."""

import dataclasses
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bloodsmear import paths
from bloodsmear.review.records import RefusedClassifier
from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.cli.classifier_source import ClassifierSource
from desktop.cli.program import main

Run = Callable[..., int]
RowsOf = Callable[[Path], list[dict[str, str]]]
SaidSoFar = Callable[[], tuple[str, str]]


def test_a_clean_folder_ends_with_0_a_report_and_a_summary(
    run: Run, rows_of: RowsOf, clean_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("screen", clean_folder, "-o", tmp_path / "r.csv") == 0

    assert [row["status"] for row in rows_of(tmp_path / "r.csv")] == ["ok"] * 6
    said = capsys.readouterr()
    assert said.out.startswith("6 images in ")
    assert said.err == ""


def test_an_unreadable_image_has_a_row_and_ends_with_1(
    run: Run, rows_of: RowsOf, smear_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("screen", smear_folder, "-o", tmp_path / "r.csv") == 1

    broken = [row for row in rows_of(tmp_path / "r.csv") if row["status"] == "unreadable"]
    assert [row["image"] for row in broken] == ["case 2/torn.png"]
    assert broken[0]["error"]
    assert "1 of 7 images could not be read" in capsys.readouterr().err


def test_the_same_command_again_rewrites_the_report_and_screens_nothing(
    run: Run, clean_folder: Path, fake_classifiers: ClassifierSet, tmp_path: Path
) -> None:
    run("screen", clean_folder, "-o", tmp_path / "1.csv")
    asked = [classifier.asked for classifier in fake_classifiers.classifiers]  # type: ignore[attr-defined]  # fakes

    assert run("screen", clean_folder, "-o", tmp_path / "2.csv") == 0

    assert [classifier.asked for classifier in fake_classifiers.classifiers] == asked  # type: ignore[attr-defined]  # fakes
    assert (tmp_path / "2.csv").read_bytes() == (tmp_path / "1.csv").read_bytes()


def test_fresh_keeps_the_older_study_beside_the_new_one(run: Run, clean_folder: Path, tmp_path: Path) -> None:
    run("screen", clean_folder, "-o", tmp_path / "1.csv")
    assert run("screen", clean_folder, "-o", tmp_path / "2.csv", "--fresh") == 0

    assert len(list(paths.studies().iterdir())) == 2


def test_fresh_helps_where_the_study_in_the_users_folder_is_damaged(
    run: Run, clean_folder: Path, tmp_path: Path
) -> None:
    words = ("screen", clean_folder, "-o", tmp_path / "r.csv")
    run(*words)
    (study,) = paths.studies().iterdir()
    study.write_bytes(b"damaged " * 200)

    assert run(*words) == 2
    assert run(*words, "--fresh") == 0
    assert len(list(paths.studies().iterdir())) == 2


def test_a_refused_default_is_said_on_stderr_and_ends_with_1(
    run: Run,
    clean_folder: Path,
    fake_classifiers: ClassifierSet,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    left = dataclasses.replace(
        fake_classifiers,
        classifiers=fake_classifiers.classifiers[:1],
        refused=(RefusedClassifier("unet", "models/unet/model.keras was altered."),),
    )

    assert run("screen", clean_folder, "-o", tmp_path / "r.csv", classifiers=left) == 1

    assert "unet is left out. models/unet/model.keras was altered." in capsys.readouterr().err


def test_a_named_classifier_that_is_not_there_ends_with_2(
    clean_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["screen", str(clean_folder), "-o", str(tmp_path / "r.csv"), "--classifier", "gone"]

    assert main(words) == 2

    assert "There is no classifier 'gone'" in capsys.readouterr().err
    assert not (tmp_path / "r.csv").exists()


def test_without_a_usable_classifier_it_ends_with_2(
    clean_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(paths, "shipped_classifiers", lambda: tmp_path / "none")

    assert main(["screen", str(clean_folder), "-o", str(tmp_path / "r.csv")]) == 2

    assert "No classifier can be used." in capsys.readouterr().err


def test_named_classifiers_reach_the_loader_in_their_order(
    clean_folder: Path, fake_classifiers: ClassifierSet, tmp_path: Path
) -> None:
    asked_for: list[tuple[str, ...]] = []

    def named(ids: tuple[str, ...], streams: int) -> ClassifierSet:
        asked_for.append(tuple(ids))
        return fake_classifiers

    words = ["screen", str(clean_folder), "-o", str(tmp_path / "r.csv")]
    source = ClassifierSource(lambda streams: pytest.fail("not the defaults"), named, named)  # type: ignore[arg-type]

    assert main([*words, "--classifier", "b", "--classifier", "a"], source) == 0
    assert asked_for == [("b", "a")]


def test_a_folder_that_is_not_there_ends_with_2(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("screen", tmp_path / "nowhere", "-o", tmp_path / "r.csv") == 2
    assert "There is no folder" in capsys.readouterr().err


def test_a_folder_without_images_ends_with_2(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()

    assert run("screen", tmp_path / "empty", "-o", tmp_path / "r.csv") == 2

    assert "No image was found" in capsys.readouterr().err
    assert not (tmp_path / "r.csv").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["screen"],
        ["screen", "folder"],
        ["screen", "folder", "-o", "r.csv", "--jobs", "many"],
        ["screen", "folder", "-o", "r.csv", "--jobs", "0"],
        ["screen", "folder", "-o", "r.csv", "--class", "vgg16"],
        ["screen", "folder", "-o", "r.html"],
        ["screen", "folder", "-o", "smear.png"],
    ],
)
def test_wrong_usage_ends_with_2_and_a_sentence(
    run: Run, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words) == 2
    assert capsys.readouterr().err.strip()


def test_a_target_that_cannot_be_written_ends_with_3_before_anything_is_screened(
    run: Run,
    clean_folder: Path,
    tmp_path: Path,
    fake_classifiers: ClassifierSet,
    capsys: pytest.CaptureFixture[str],
) -> None:
    read_only = tmp_path / "r.csv"
    read_only.write_text("older")
    read_only.chmod(0o444)

    for target in (read_only, tmp_path / "nowhere" / "r.csv"):
        assert run("screen", clean_folder, "-o", target) == 3

    said = capsys.readouterr().err
    assert "may not be written" in said
    assert "there is no folder" in said
    assert read_only.read_text() == "older"
    assert all(one.asked == 0 for one in fake_classifiers.classifiers)  # type: ignore[attr-defined]  # fakes


def test_a_study_that_is_none_ends_with_2_and_stays(
    run: Run, clean_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("not a study " * 50)

    assert run("screen", clean_folder, "-o", tmp_path / "r.csv", "--study", notes) == 2

    assert "not a study of Bloodsmear" in capsys.readouterr().err
    assert notes.read_text() == "not a study " * 50


def test_a_report_in_the_place_of_the_study_ends_with_2_before_anything_is_screened(
    run: Run, clean_folder: Path, tmp_path: Path, fake_classifiers: ClassifierSet, said: SaidSoFar
) -> None:
    one_file = tmp_path / "one.csv"

    assert run("screen", clean_folder, "-o", one_file, "--study", one_file) == 2

    assert "would replace the study itself" in said()[1]
    assert not one_file.exists()
    assert all(one.asked == 0 for one in fake_classifiers.classifiers)  # type: ignore[attr-defined]  # fakes


STOPPED_WHILE_LOADING = """
import signal, sys
from bloodsmear.errors import ClassifierError
from desktop.cli.classifier_source import ClassifierSource
from desktop.cli.program import main

def stopped(*arguments):
    signal.raise_signal(signal.SIGINT)
    raise ClassifierError("bloodsmear-convert ended with code -2")

sys.exit(main(["screen", sys.argv[1], "-o", sys.argv[2]], ClassifierSource(stopped, stopped, stopped)))
"""


def test_ctrl_c_while_the_classifiers_load_ends_with_130(clean_folder: Path, tmp_path: Path) -> None:
    # In a process of its own: a signal raised inside pytest ended a whole run.
    words = [sys.executable, "-c", STOPPED_WHILE_LOADING, str(clean_folder), str(tmp_path / "r.csv")]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stderr) == (130, "bloodsmear: Stopped. What was finished is kept.\n")
    assert not (tmp_path / "r.csv").exists()


def test_quiet_says_nothing_but_what_is_wrong(
    run: Run, smear_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("screen", smear_folder, "-o", tmp_path / "r.csv", "--quiet") == 1

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "bloodsmear: 1 of 7 images could not be read; the report says why.\n"


def test_the_check_on_denoised_images_is_kept_in_the_study(
    run: Run, clean_folder: Path, tmp_path: Path, fake_classifiers: ClassifierSet
) -> None:
    run("screen", clean_folder, "-o", tmp_path / "1.csv")

    assert run("screen", clean_folder, "-o", tmp_path / "2.csv", "--check-denoised") == 0

    # Six images once, and six twice: the original and the denoised one.
    assert fake_classifiers.classifiers[0].asked == 18  # type: ignore[attr-defined]  # a fake
