"""An image denoised tile by tile: exact, in the order in which it is looked at, and stoppable."""

import threading
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest

from bloodsmear.images import denoise_preview as preview_module
from bloodsmear.images import denoising as denoising_module
from bloodsmear.images.denoise import denoise_image
from bloodsmear.images.denoise_preview import denoise_preview, preview_factor
from bloodsmear.images.denoise_settings import DEFAULTS, DenoiserName, DenoiseSettings
from bloodsmear.images.denoising import Denoising
from bloodsmear.images.region import TILE_HEIGHT_PX, TILE_WIDTH_PX, Region, nearest_first, tiles_of
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.jobs import Cancel, JobCancelled

WEAK = DenoiseSettings("non_local_means", 3)


def noisy(width: int, height: int, seed: int = 1) -> RgbImage:
    random = np.random.default_rng(seed)
    patches = random.integers(60, 220, (height // 16 + 1, width // 16 + 1, 3), dtype=np.uint8)
    smooth = cv2.resize(patches, (width, height), interpolation=cv2.INTER_CUBIC).astype(int)
    return np.clip(smooth + random.normal(0, 9, smooth.shape), 0, 255).astype(np.uint8)


class QuickNonLocalMeans:
    """Stands in where the order is tested and not the pixels."""

    def __init__(self, _image: RgbImage, _strength: int) -> None:
        pass

    def region(self, region: Region) -> RgbImage:
        """White."""
        return np.full((region.height_px, region.width_px, 3), 255, np.uint8)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiles take no time."""
    monkeypatch.setattr(denoising_module, "NonLocalMeans", QuickNonLocalMeans)


def test_tiles_cover_every_pixel_once() -> None:
    counted = np.zeros((301, 515), int)
    for tile in tiles_of(515, 301):
        counted[tile.slices()] += 1
    assert counted.min() == counted.max() == 1


@pytest.mark.parametrize("name", ["gaussian", "median", "non_local_means"])
def test_computed_by_several_threads_it_is_bit_identical_to_the_whole(name: DenoiserName) -> None:
    image = noisy(300, 160)
    denoising = Denoising(image, DEFAULTS[name])
    said: list[Region] = []

    with ThreadPoolExecutor(3) as pool:
        for outcome in [pool.submit(denoising.run, said.append, Cancel()) for _ in range(3)]:
            outcome.result()

    assert denoising.complete
    assert sorted(said, key=str) == sorted(denoising.done, key=str)
    np.testing.assert_array_equal(denoising.pixels, denoise_image(image, DEFAULTS[name]))


@pytest.mark.usefixtures("quick")
def test_what_is_looked_at_comes_first_from_its_middle_outwards() -> None:
    denoising = Denoising(noisy(4 * TILE_WIDTH_PX, 3 * TILE_HEIGHT_PX), WEAK)
    looked_at = Region(2 * TILE_WIDTH_PX + 20, TILE_HEIGHT_PX + 9, TILE_WIDTH_PX + 100, TILE_HEIGHT_PX - 20)
    order: list[Region] = []

    denoising.look_at(looked_at)
    denoising.run(order.append, Cancel())

    assert order[0] == Region(2 * TILE_WIDTH_PX, TILE_HEIGHT_PX, TILE_WIDTH_PX, TILE_HEIGHT_PX)
    assert [tile.meets(looked_at) for tile in order] == [True] * 2 + [False] * 10
    assert order == nearest_first(order, looked_at)


@pytest.mark.usefixtures("quick")
def test_looking_elsewhere_changes_what_comes_next() -> None:
    denoising = Denoising(noisy(3 * TILE_WIDTH_PX, 2 * TILE_HEIGHT_PX), WEAK)
    corner = Region(2 * TILE_WIDTH_PX, TILE_HEIGHT_PX, TILE_WIDTH_PX, TILE_HEIGHT_PX)
    order: list[Region] = []

    def look_at_the_corner(tile: Region) -> None:
        order.append(tile)
        denoising.look_at(corner)

    denoising.look_at(Region(0, 0, 10, 10))
    denoising.run(look_at_the_corner, Cancel())

    assert order[:2] == [Region(0, 0, TILE_WIDTH_PX, TILE_HEIGHT_PX), corner]


def test_stopped_after_a_tile_it_goes_on_where_it_was_and_stays_exact() -> None:
    image = noisy(TILE_WIDTH_PX + 30, TILE_HEIGHT_PX + 20)
    denoising = Denoising(image, WEAK)
    first: list[Region] = []
    cancel = Cancel()

    def stop(tile: Region) -> None:
        first.append(tile)
        cancel.request()

    with pytest.raises(JobCancelled):
        denoising.run(stop, cancel)
    assert not denoising.complete
    assert denoising.done == tuple(first)

    rest: list[Region] = []
    denoising.run(rest.append, Cancel())
    assert len(rest) == 3
    np.testing.assert_array_equal(denoising.pixels, denoise_image(image, WEAK))


def test_it_is_not_complete_while_a_tile_is_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []

    class LookingAround(QuickNonLocalMeans):
        def region(self, region: Region) -> RgbImage:
            seen.append(denoising.complete)
            return super().region(region)

    monkeypatch.setattr(denoising_module, "NonLocalMeans", LookingAround)
    denoising = Denoising(noisy(64, 64), WEAK)
    denoising.run(lambda _tile: None, Cancel())
    assert seen == [False]
    assert denoising.complete


@pytest.mark.usefixtures("quick")
def test_the_last_tile_is_said_before_all_counts_as_complete() -> None:
    denoising = Denoising(noisy(64, 64), WEAK)
    complete: list[bool] = []
    denoising.run(lambda _tile: complete.append(denoising.complete), Cancel())
    assert complete == [False]
    assert denoising.complete


def test_whoever_goes_on_waits_for_the_tile_of_one_who_was_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, answer = threading.Event(), threading.Event()

    class Slow(QuickNonLocalMeans):
        def region(self, region: Region) -> RgbImage:
            asked.set()
            assert answer.wait(60)
            return super().region(region)

    monkeypatch.setattr(denoising_module, "NonLocalMeans", Slow)
    denoising = Denoising(noisy(64, 64), WEAK)
    with ThreadPoolExecutor(3) as pool:
        stopped = pool.submit(denoising.run, lambda _tile: None, Cancel())
        assert asked.wait(60)
        gone_on = pool.submit(denoising.run, lambda _tile: None, Cancel())
        given_up = Cancel()
        waiting = pool.submit(denoising.run, lambda _tile: None, given_up)
        given_up.request()
        assert isinstance(waiting.exception(60), JobCancelled)
        assert not gone_on.done()
        answer.set()
        stopped.result(60)
        gone_on.result(60)
    assert denoising.complete


def test_a_tile_that_fails_elsewhere_is_done_by_who_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, answer = threading.Event(), threading.Event()

    class FailsOnce(QuickNonLocalMeans):
        def region(self, region: Region) -> RgbImage:
            if asked.is_set():
                return super().region(region)
            asked.set()
            assert answer.wait(60)
            raise MemoryError

    monkeypatch.setattr(denoising_module, "NonLocalMeans", FailsOnce)
    denoising = Denoising(noisy(64, 64), WEAK)
    with ThreadPoolExecutor(2) as pool:
        failing = pool.submit(denoising.run, lambda _tile: None, Cancel())
        assert asked.wait(60)
        waiting = pool.submit(denoising.run, lambda _tile: None, Cancel())
        answer.set()
        assert isinstance(failing.exception(60), MemoryError)
        waiting.result(60)
    assert denoising.complete


def test_a_tile_that_fails_remains_to_be_done(monkeypatch: pytest.MonkeyPatch) -> None:
    class OutOfMemory(QuickNonLocalMeans):
        def region(self, region: Region) -> RgbImage:
            raise MemoryError

    monkeypatch.setattr(denoising_module, "NonLocalMeans", OutOfMemory)
    denoising = Denoising(noisy(64, 64), WEAK)
    with pytest.raises(MemoryError):
        denoising.run(lambda _tile: None, Cancel())
    assert not denoising.complete
    assert denoising.done == ()


def test_the_preview_is_as_large_as_the_image_and_nearer_to_the_denoised_one_than_the_original(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(preview_module, "_PREVIEW_PIXELS", 20_000)
    image = noisy(300, 200)
    assert preview_factor(300, 200) == 2

    preview = denoise_preview(image, DEFAULTS["non_local_means"])

    assert preview.shape == image.shape
    exact = denoise_image(image, DEFAULTS["non_local_means"])
    half = (150, 100)
    small = [
        cv2.resize(one, half, interpolation=cv2.INTER_AREA).astype(int) for one in (preview, image, exact)
    ]
    assert np.abs(small[0] - small[2]).mean() < 0.5 * np.abs(small[1] - small[2]).mean()


@pytest.mark.parametrize(("size", "factor"), [((400, 300), 1), ((1024, 768), 2), ((2560, 1920), 4)])
def test_the_preview_of_a_larger_image_is_smaller_by_more(size: tuple[int, int], factor: int) -> None:
    assert preview_factor(*size) == factor


@pytest.mark.parametrize(("width", "height"), [(300, 161), (1024, 768), (40, 2)])
def test_a_preview_has_the_same_bits_on_every_number_of_cores(
    width: int, height: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = noisy(width, height)
    previews = []
    for cores in (1, 2, 5):
        monkeypatch.setattr("os.cpu_count", lambda cores=cores: cores)
        previews.append(denoise_preview(image, DEFAULTS["non_local_means"]))
    np.testing.assert_array_equal(previews[1], previews[0])
    np.testing.assert_array_equal(previews[2], previews[0])
