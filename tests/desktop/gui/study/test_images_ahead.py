"""The next images are prepared as far as there is room; its jobs are done at once here, in the order of asking."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from bloodsmear.images.denoise_settings import DEFAULTS, DenoiseSettings
from bloodsmear.images.scan import FoundImage
from desktop.gui.job_runner import Job, JobRunner, Lane
from desktop.gui.study.denoising_run import LANE as DENOISE_LANE
from desktop.gui.study.denoising_run import STORE_LANE
from desktop.gui.study.held_pictures import BEGUN_PICTURES, HeldPictures
from desktop.gui.study.images_ahead import LANE, ImagesAhead

SIZE = 32 * 40 * 3
SLOW = DEFAULTS["non_local_means"]


class AtOnce(JobRunner):
    """Does each job as it is started."""

    def start(self, lane: str, job: Job) -> None:
        job.finished.emit(job.function(job.report, job.cancel))


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[JobRunner]:
    runner = AtOnce([Lane(LANE), Lane(DENOISE_LANE), Lane(STORE_LANE)])
    yield runner
    assert runner.close()


def _prepared(pictures: HeldPictures, runner: JobRunner, folder: Path, how: DenoiseSettings | None) -> str:
    """Which of four next images are held decoded after they were prepared, by their numbers."""
    next_ones = [FoundImage(folder / f"{number}.png", str(number), "") for number in range(4)]
    for one in next_ones:
        content = cv2.imencode(".png", np.full((32, 40, 3), 60 * int(one.image), np.uint8))[1]
        one.path.write_bytes(content.tobytes())
    ahead = ImagesAhead(pictures, runner, lambda _image: next_ones, runner)
    ahead.begin("chosen", how)
    return "".join(one.image for one in next_ones if pictures.file(one.image) is not None)


@pytest.mark.parametrize(("room_for", "held"), [(5, "0123"), (3, "012"), (1, "0"), (0, "")])
def test_no_image_that_is_prepared_pushes_out_one_that_comes_sooner(
    runner: JobRunner, tmp_path: Path, room_for: int, held: str
) -> None:
    assert _prepared(HeldPictures(room_for * SIZE), runner, tmp_path, None) == held


def test_what_is_denoised_ahead_counts_too_and_what_has_no_room_for_that_is_only_decoded(
    runner: JobRunner, tmp_path: Path
) -> None:
    one = 1 + BEGUN_PICTURES
    assert _prepared(HeldPictures(3 * one * SIZE), runner, tmp_path, SLOW) == "012"
    pictures = HeldPictures((one - 1) * SIZE)
    assert _prepared(pictures, runner, tmp_path, SLOW) == "01"
    assert pictures.held_bytes == 2 * SIZE
