"""The command line as a whole: its words, its border, its log."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bloodsmear import __version__, paths
from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.cli.classifier_source import ClassifierSource
from desktop.cli.program import main

Run = Callable[..., int]


@pytest.mark.parametrize("words", [["--help"], ["screen", "--help"], ["classifiers", "--help"]])
def test_help_ends_with_0(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    assert "usage: bloodsmear" in capsys.readouterr().out


def test_the_version_is_that_of_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"bloodsmear {__version__}\n"


@pytest.mark.parametrize("words", [["unknown"], ["classifiers"], ["classifiers", "add"], ["report"], []])
def test_wrong_words_end_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert "usage: bloodsmear" in capsys.readouterr().err


def test_something_unexpected_is_a_sentence_and_its_place_stands_in_the_log_without_a_path(
    tmp_path: Path, smear_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(streams: int) -> ClassifierSet:
        raise RuntimeError(f"secret of {smear_folder / 'Petrov.png'}")

    source = ClassifierSource(fail, lambda ids, streams: fail(streams), lambda ids, streams: fail(streams))

    assert main(["screen", str(smear_folder), "-o", str(tmp_path / "r.csv")], source) == 3

    said = capsys.readouterr().err
    assert "Something unexpected went wrong (RuntimeError" in said
    assert "Traceback" not in said
    log = (paths.logs() / "bloodsmear.log").read_text(encoding="utf-8")
    assert "RuntimeError" in log
    assert "test_program.py" in log
    assert "Petrov" not in log


def test_ctrl_c_outside_of_a_screening_ends_with_130(
    tmp_path: Path, smear_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(streams: int) -> ClassifierSet:
        raise KeyboardInterrupt

    source = ClassifierSource(
        interrupted, lambda ids, streams: interrupted(streams), lambda ids, streams: interrupted(streams)
    )

    assert main(["screen", str(smear_folder), "-o", str(tmp_path / "r.csv")], source) == 130


def test_a_damaged_settings_file_is_said_and_the_defaults_are_used(
    run: Run, smear_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths.settings_file().parent.mkdir(parents=True)
    paths.settings_file().write_text("{", encoding="utf-8")

    assert run("screen", smear_folder, "-o", tmp_path / "r.csv") == 1

    assert "the defaults are used" in capsys.readouterr().err
