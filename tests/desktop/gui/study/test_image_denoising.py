"""Denoising that keeps up with the reader: parts first, nothing stale, nothing twice, the next ones ahead."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from bloodsmear import paths
from bloodsmear.images import denoising as denoising_module
from bloodsmear.images.decode import decode_image
from bloodsmear.images.denoise import denoise_image
from bloodsmear.images.denoise_settings import DEFAULTS, DenoiseSettings
from bloodsmear.images.non_local_means import NonLocalMeans
from bloodsmear.images.region import Region
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.gui.study import StudyController, denoising_run, image_denoising

MakeController = Callable[..., StudyController]
WEAK = DenoiseSettings("non_local_means", 3)


@pytest.fixture
def fields(tmp_path: Path) -> Path:
    """Four images of 600 × 300, fifteen tiles each, in one folder."""
    folder = tmp_path / "fields"
    folder.mkdir()
    for number in range(4):
        pixels = np.random.default_rng(number).integers(90, 200, (300, 600, 3), np.uint8)
        (folder / f"field {number}.png").write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
    return folder


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[Region]:
    """Tiles take no time, and are noted: the median stands in for non-local means."""
    done: list[Region] = []

    class Quick(NonLocalMeans):
        def __init__(self, image: RgbImage, _strength: int) -> None:
            self._denoised = cv2.medianBlur(image, 3)

        def region(self, region: Region) -> RgbImage:
            done.append(region)
            return np.asarray(self._denoised[region.slices()], np.uint8)

    monkeypatch.setattr(denoising_module, "NonLocalMeans", Quick)
    return done


@pytest.fixture
def reader(
    make_controller: MakeController, fake_classifiers: ClassifierSet, fields: Path, qtbot: QtBot
) -> Iterator[StudyController]:
    """A controller that has the folder open."""
    controller = make_controller(lambda: fake_classifiers)
    with qtbot.waitSignal(controller.folder.finished):
        controller.open_folders([fields])
    yield controller
    # What is still being prepared must not outlast the test's folder.
    controller.image.forget()


def _median(image: Path) -> RgbImage:
    return np.asarray(cv2.medianBlur(decode_image(image).pixels, 3), np.uint8)


def test_parts_come_first_what_is_looked_at_before_the_rest_and_then_the_exact_whole(
    reader: StudyController, fields: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = reader.image
    image.choose_denoiser(WEAK)
    monkeypatch.setattr(image.ahead, "following", lambda _image: [])
    # Tiles are taken in order; of two threads one may end three before the other ends its first.
    monkeypatch.setattr(denoising_run, "THREADS", 1)
    parts: list[Region] = []
    image.part_ready.connect(lambda _image, _pixels, region: parts.append(region))
    image.original_ready.connect(lambda *_: image.denoiser.look_at(Region(520, 200, 60, 60)))
    with qtbot.waitSignal(image.denoised_ready, timeout=60_000) as ready:
        image.choose("field 0.png")
    assert set(parts[:2]) == {Region(512, 192, 88, 64), Region(512, 256, 88, 44)}
    assert len(parts) == len(set(parts)) == 15
    expected = denoise_image(decode_image(fields / "field 0.png").pixels, WEAK)
    np.testing.assert_array_equal(ready.args[1], expected)
    assert ready.args[2] == "Denoised · non-local means, h 3"


def test_zoomed_out_a_preview_comes_first_and_no_tile_is_computed_beside_it(
    reader: StudyController, computed: list[Region], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed_before: list[int] = []

    def make_preview(original: RgbImage, _settings: DenoiseSettings) -> RgbImage:
        # Were the tiles under way, one would be there within this time.
        time.sleep(0.2)
        computed_before.append(len(computed))
        return original

    monkeypatch.setattr("desktop.gui.study.image_denoising._PREVIEW_FROM_PIXELS", 100_000)
    monkeypatch.setattr(image_denoising, "make_preview", make_preview)
    image = reader.image
    image.ahead.following = lambda _image: []
    image.original_ready.connect(lambda *_: image.denoiser.look_at(Region(0, 0, 600, 300)))
    came: list[str] = []
    image.preview_ready.connect(lambda *_: came.append("preview"))
    image.part_ready.connect(lambda *_: came.append("part"))
    with qtbot.waitSignal(image.denoised_ready):
        image.choose("field 0.png")
    assert came == ["preview", *(["part"] * 15)]
    assert computed_before == [0]
    assert len(computed) == 15


def test_closer_no_preview_is_made(
    reader: StudyController, computed: list[Region], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []
    monkeypatch.setattr(image_denoising, "make_preview", lambda *_: made.append(1))
    image = reader.image
    image.original_ready.connect(lambda *_: image.denoiser.look_at(Region(0, 0, 300, 150)))
    with qtbot.waitSignal(image.denoised_ready):
        image.choose("field 0.png")
    assert made == []


def test_an_image_looked_at_again_is_not_computed_again(
    reader: StudyController, computed: list[Region], qtbot: QtBot
) -> None:
    image = reader.image
    image.ahead.following = lambda _image: []
    for name in ("field 0.png", "field 1.png"):
        with qtbot.waitSignal(image.denoised_ready):
            image.choose(name)
    assert len(computed) == 30
    with qtbot.waitSignal(image.denoised_ready):
        image.choose("field 0.png")
    assert len(computed) == 30


def test_the_next_images_are_ready_when_they_are_chosen(
    reader: StudyController, computed: list[Region], fields: Path, qtbot: QtBot
) -> None:
    image = reader.image
    with qtbot.waitSignal(image.denoised_ready):
        image.choose("field 0.png")
    # Two images more: read in order the third is the second of them.
    qtbot.waitUntil(lambda: len(computed) == 45)
    shown: list[object] = []
    image.denoised_ready.connect(lambda name, *_: shown.append(name))
    image.part_ready.connect(lambda *_: shown.append("part"))
    with qtbot.waitSignal(image.denoised_ready) as ready:
        image.choose("field 1.png")
    assert shown == ["field 1.png"]
    np.testing.assert_array_equal(ready.args[1], _median(fields / "field 1.png"))


def test_what_was_begun_and_left_is_gone_on_with(
    reader: StudyController, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: list[tuple[str, Region]] = []
    image = reader.image
    image.ahead.following = lambda _image: []

    class LeavingAfterThree(NonLocalMeans):
        def __init__(self, image: RgbImage, _strength: int) -> None:
            self._image = image

        def region(self, region: Region) -> RgbImage:
            computed.append((str(self._image[0, 0]), region))
            return np.asarray(self._image[region.slices()], np.uint8)

    monkeypatch.setattr(denoising_module, "NonLocalMeans", LeavingAfterThree)
    left: list[Region] = []

    def leave(name: str, _pixels: RgbImage, region: Region) -> None:
        left.append(region)
        if name == "field 0.png" and len(left) == 1:
            image.choose("field 1.png")

    image.part_ready.connect(leave)
    with qtbot.waitSignal(image.denoised_ready, check_params_cb=lambda name, *_: name == "field 1.png"):
        image.choose("field 0.png")
    with qtbot.waitSignal(image.denoised_ready, check_params_cb=lambda name, *_: name == "field 0.png"):
        image.choose("field 0.png")
    assert len(computed) == len(set(computed)) == 30


def test_nothing_is_heard_of_an_image_that_was_left(
    reader: StudyController, computed: list[Region], qtbot: QtBot
) -> None:
    heard: list[str] = []
    image = reader.image
    image.part_ready.connect(lambda name, *_: heard.append(name))
    image.denoised_ready.connect(lambda name, *_: heard.append(name))
    image.original_ready.connect(lambda name, _pixels: heard.clear())
    for number in (0, 1, 2, 3):
        image.choose(f"field {number}.png")
    with qtbot.waitSignal(image.denoised_ready):
        pass
    assert set(heard) == {"field 3.png"}


def test_another_strength_answers_at_once_and_the_one_before_is_dropped(
    reader: StudyController, computed: list[Region], qtbot: QtBot
) -> None:
    image = reader.image
    captions: list[str] = []
    image.denoised_ready.connect(lambda _name, _pixels, caption: captions.append(caption))
    with qtbot.waitSignal(image.original_ready):
        image.choose("field 0.png")
    for strength in (11, 12, 13):
        image.choose_denoiser(DenoiseSettings("non_local_means", strength))
    qtbot.waitUntil(lambda: bool(captions))
    qtbot.wait(50)
    assert captions == ["Denoised · non-local means, h 13"]


def test_the_picture_is_kept_on_the_disk_for_the_next_start(
    make_controller: MakeController, fields: Path, computed: list[Region], qtbot: QtBot
) -> None:
    for _start in range(2):
        controller = make_controller(lambda: ClassifierSet(()))
        controller.image.ahead.following = lambda _image: []
        with qtbot.waitSignal(controller.folder.finished):
            controller.open_folders([fields])
        with qtbot.waitSignal(controller.image.denoised_ready) as ready:
            controller.image.choose("field 2.png")
        np.testing.assert_array_equal(ready.args[1], _median(fields / "field 2.png"))
        qtbot.waitUntil(lambda: len(list(paths.denoised_pictures().glob("*.png"))) == 1)
        assert controller.close()
    assert len(computed) == 15


def test_quick_denoisers_leave_nothing_on_the_disk(reader: StudyController, qtbot: QtBot) -> None:
    reader.image.choose_denoiser(DEFAULTS["median"])
    with qtbot.waitSignal(reader.image.denoised_ready):
        reader.image.choose("field 2.png")
    qtbot.wait(50)
    assert not paths.denoised_pictures().exists()


def test_a_file_that_was_changed_is_read_anew(
    reader: StudyController, computed: list[Region], fields: Path, qtbot: QtBot
) -> None:
    image = reader.image
    image.ahead.following = lambda _image: []
    for name in ("field 0.png", "field 1.png"):
        with qtbot.waitSignal(image.denoised_ready):
            image.choose(name)
    white = np.full((50, 60, 3), 255, np.uint8)
    (fields / "field 0.png").write_bytes(cv2.imencode(".png", white)[1].tobytes())
    # What was read before is shown until the file has been looked at.
    with qtbot.waitSignal(
        image.denoised_ready, check_params_cb=lambda _image, pixels, _caption: pixels.shape == (50, 60, 3)
    ):
        image.choose("field 0.png")


def test_with_denoising_off_the_next_images_are_still_decoded_ahead(
    reader: StudyController, qtbot: QtBot
) -> None:
    image = reader.image
    image.choose_denoiser(None)
    with qtbot.waitSignal(image.original_ready):
        image.choose("field 0.png")
    qtbot.waitUntil(lambda: image.pictures.file("field 2.png") is not None)
    assert image.pictures.file("field 3.png") is None


def test_when_other_images_follow_in_the_list_they_are_decoded_ahead_too(
    reader: StudyController, qtbot: QtBot
) -> None:
    image, study = reader.image, reader.study
    image.choose_denoiser(None)
    order = ["field 1.png"]
    image.ahead.following = lambda _image: [study.found[name] for name in order]
    with qtbot.waitSignal(image.original_ready):
        image.choose("field 0.png")
    qtbot.waitUntil(lambda: image.pictures.file("field 1.png") is not None)
    order[:] = ["field 3.png"]
    image.ahead.look_again()
    qtbot.waitUntil(lambda: image.pictures.file("field 3.png") is not None)


def test_clearing_the_cache_leaves_no_picture_on_the_disk_and_says_so(
    reader: StudyController, computed: list[Region], qtbot: QtBot
) -> None:
    said: list[str] = []
    reader.said.connect(lambda message: said.append(message.text))
    with qtbot.waitSignal(reader.image.denoised_ready):
        reader.image.choose("field 0.png")
    qtbot.waitUntil(lambda: len(list(paths.denoised_pictures().glob("*.png"))) == 3)
    reader.clear_cache()
    qtbot.waitUntil(lambda: bool(said))
    assert said == ["Removed 1 MB of cached pictures from this PC."]
    assert list(paths.denoised_pictures().iterdir()) == []
    reader.image.ahead.following = lambda _image: []
    with qtbot.waitSignal(reader.image.denoised_ready):
        reader.image.choose("field 0.png")
    assert len(computed) == 60


def test_an_image_of_another_folder_is_decoded_anew_whatever_its_name_time_and_size(
    make_controller: MakeController, fake_classifiers: ClassifierSet, tmp_path: Path, qtbot: QtBot
) -> None:
    controller = make_controller(lambda: fake_classifiers)
    controller.image.choose_denoiser(None)
    shown: list[int] = []
    controller.image.original_ready.connect(lambda _image, pixels: shown.append(int(pixels[0, 0, 0])))
    for grey in (40, 200):
        # A camera's uncompressed frames are equally large, and a folder that was unpacked may have one time for all.
        folder = tmp_path / f"grey {grey}"
        folder.mkdir()
        content = cv2.imencode(".bmp", np.full((32, 48, 3), grey, np.uint8))[1].tobytes()
        (folder / "1.bmp").write_bytes(content)
        os.utime(folder / "1.bmp", ns=(10**18, 10**18))
        with qtbot.waitSignal(controller.folder.finished):
            controller.open_folders([folder])
        with qtbot.waitSignal(controller.image.original_ready):
            controller.image.choose("1.bmp")
    assert shown == [40, 200]
    controller.image.forget()
