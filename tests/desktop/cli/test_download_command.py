"""`classifiers download`: it asks first, and says what to do where it cannot."""

import io
from pathlib import Path

import pytest

from bloodsmear.adding.installing import AddedClassifier
from bloodsmear.adding.published import PublishedNetwork
from bloodsmear.errors import DownloadError
from bloodsmear.jobs import Cancel, JobCancelled, Report
from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.cli import download_command
from desktop.cli.program import main


class Keyboard(io.StringIO):
    """A terminal at which somebody types."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def asked(fake_classifiers: ClassifierSet, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The published ids that were downloaded; nothing is, in fact."""
    ids: list[str] = []

    def download(network: PublishedNetwork, replace: bool, report: Report, cancel: Cancel) -> AddedClassifier:
        ids.append(network.id)
        return AddedClassifier(fake_classifiers.classifiers[0].card, Path("there"), None, False)

    monkeypatch.setattr(download_command, "download_and_add", download)
    return ids


def type_in(text: str, monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    screen = Keyboard()
    monkeypatch.setattr("sys.stdin", Keyboard(text))
    monkeypatch.setattr("sys.stderr", screen)
    return screen


def test_at_a_terminal_it_says_what_and_whence_and_asks(
    asked: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    screen = type_in("yes\n", monkeypatch)
    assert main(["classifiers", "download", "vgg16-published"]) == 0
    assert asked == ["vgg16-published"]
    said = capsys.readouterr().out
    assert "about 70 MB, from Google Drive" in said
    assert "licence is not known" in said
    assert "Download it? [y/N]" in screen.getvalue()


@pytest.mark.parametrize("answer", ["n\n", "\n", "", "perhaps\n"])
def test_anything_but_a_yes_downloads_nothing(
    answer: str, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = type_in(answer, monkeypatch)
    assert main(["classifiers", "download", "vgg16-published"]) == 2
    assert asked == []
    assert "Nothing was downloaded." in screen.getvalue()


def test_where_nobody_can_be_asked_it_wants_a_yes_beforehand(
    asked: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    assert main(["classifiers", "download", "unet-published"]) == 2
    assert asked == []
    assert "Give --yes if you agree." in capsys.readouterr().err
    assert main(["classifiers", "download", "unet-published", "--yes"]) == 0
    assert asked == ["unet-published"]


def test_an_unknown_one_is_a_sentence(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classifiers", "download", "resnet", "--yes"]) == 2
    assert "there are: vgg16-published, unet-published" in capsys.readouterr().err


def test_without_internet_the_way_by_hand_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*given: object) -> AddedClassifier:
        raise DownloadError("There is no connection to Google Drive.")

    monkeypatch.setattr(download_command, "download_and_add", fail)
    assert main(["classifiers", "download", "unet-published", "--yes"]) == 2
    said = capsys.readouterr().err
    assert "There is no connection to Google Drive." in said
    assert "copy these two files onto a stick, then add each one here" in said
    assert "--labels benign,pre_b,pro_b,early_pre_b --size 150x150 --resize nearest --scale 1/255" in said


def test_stopping_says_that_nothing_was_added(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*given: object) -> AddedClassifier:
        raise JobCancelled

    monkeypatch.setattr(download_command, "download_and_add", stop)
    assert main(["classifiers", "download", "unet-published", "--yes"]) == 130
    assert "Nothing was added" in capsys.readouterr().err
