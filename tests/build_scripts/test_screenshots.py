"""The pictures of the window, with classifiers that answer at once."""

import dataclasses
import os
from pathlib import Path

import pytest
import screenshots
from PIL import Image
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from small_png import small_png
from window_stage import PictureError

from bloodsmear import paths
from bloodsmear.review.records import RefusedClassifier
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.screening import default_study_path
from desktop.gui.theme import LIGHT

STATE = {state.name: state for state in screenshots.STATES}


def colours_of(picture: Path) -> set[str]:
    with Image.open(picture) as image:
        counted = image.convert("RGB").getcolors(image.width * image.height) or []
    return {"#" + bytes(colour).hex().upper() for _count, colour in counted if isinstance(colour, tuple)}


def answers_asked_of(classifiers: ClassifierSet) -> int:
    return sum(int(vars(one)["asked"]) for one in classifiers.classifiers)


@pytest.fixture
def tiny_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Demo images of the same names as those that ship, small enough to be denoised in no time."""
    demo = tmp_path / "demo"
    (demo / "synthetic-1").mkdir(parents=True)
    for number in (1, 2):
        picture = Image.new("RGB", (64, 48), (200, 140 + 20 * number, 210))
        picture.save(demo / "synthetic-1" / f"smear-{number}.jpg")
    monkeypatch.setattr(paths, "demo_images", lambda: demo)
    return demo


def test_demo_screens_where_there_is_no_study_and_draws_the_window(
    tiny_demo: Path, qapp: QApplication, tmp_path: Path, fake_classifiers: ClassifierSet
) -> None:
    target = tmp_path / "window.png"
    screenshots.draw_demo(qapp, target, lambda: fake_classifiers)
    with Image.open(target) as image:
        assert image.size == (1366, 768)
    assert {LIGHT.surface, LIGHT.selected, LIGHT.view, LIGHT.accent} <= colours_of(target)
    assert default_study_path([tiny_demo], fake_classifiers.marks).exists()
    assert not paths.settings_file().exists()


@pytest.mark.usefixtures("tiny_demo")
def test_demo_shows_the_study_that_is_there(
    qapp: QApplication, tmp_path: Path, fake_classifiers: ClassifierSet
) -> None:
    screenshots.draw_demo(qapp, tmp_path / "first.png", lambda: fake_classifiers)
    before = answers_asked_of(fake_classifiers)
    screenshots.draw_demo(qapp, tmp_path / "second.png", lambda: fake_classifiers)
    # The first of the two images may be shown before its study is open; the other is not asked about again.
    assert answers_asked_of(fake_classifiers) - before <= 2


def test_a_demo_without_any_classifier_is_refused_with_the_reason(qapp: QApplication, tmp_path: Path) -> None:
    refused = ClassifierSet((), (RefusedClassifier("vgg16", "The classifier vgg16 was altered."),))
    with pytest.raises(PictureError, match="vgg16 was altered"):
        screenshots.draw_demo(qapp, tmp_path / "window.png", lambda: refused)
    assert not (tmp_path / "window.png").exists()


@pytest.mark.parametrize("name", ["empty", "no-images"])
def test_a_state_of_the_documentation_touches_no_folder_of_the_user(
    name: str, qapp: QApplication, tmp_path: Path, fake_classifiers: ClassifierSet, home_of_its_own: Path
) -> None:
    target = tmp_path / f"{name}.png"
    screenshots.draw_state(qapp, STATE[name], fake_classifiers, target)
    assert target.exists()
    assert list(home_of_its_own.iterdir()) == []
    assert os.environ["BLOODSMEAR_HOME"] == str(home_of_its_own)


def test_every_state_has_a_name_of_its_own_and_the_readmes_picture_is_among_them() -> None:
    assert len(STATE) == len(screenshots.STATES)
    assert dataclasses.astuple(STATE["window"])[3:] == ("light", (1366, 768), 1)


def test_an_unknown_state_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refusal:
        screenshots.main(["windoe"])
    assert refusal.value.code == 2
    assert "no such state: windoe" in capsys.readouterr().err


def test_the_colours_of_the_window_stay_exact_among_thousands_of_others(tmp_path: Path) -> None:
    picture = QImage(QSize(64, 64), QImage.Format.Format_RGB32)
    for x in range(64):
        for y in range(64):
            picture.setPixelColor(x, y, QColor(4 * x, 4 * y, (x * y) % 256))
    picture.setPixelColor(7, 7, QColor("#CC79A7"))
    target = tmp_path / "small.png"
    target.write_bytes(small_png(picture, [0xCC79A7]))
    with Image.open(target) as image:
        assert image.mode == "P"
        assert image.convert("RGB").getpixel((7, 7)) == (0xCC, 0x79, 0xA7)
