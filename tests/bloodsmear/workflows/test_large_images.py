"""However many jobs and programs there are, large images are in the memory a few at a time."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from bloodsmear.images.memory_room import ROOM_BYTES, memory_room
from bloodsmear.jobs import Cancel
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.screening import ScreeningEvents, ScreeningPlan, screen


def test_while_another_program_has_the_room_small_images_are_read_and_large_ones_wait(
    tmp_path: Path, make_classifier: Callable[..., Any]
) -> None:
    root = tmp_path / "smears"
    root.mkdir()
    for name, side_px in (("large", 4000), ("small", 400)):
        white = np.full((side_px, side_px), 240, np.uint8)
        (root / f"{name}.png").write_bytes(cv2.imencode(".png", white)[1].tobytes())
    ready: list[str] = []
    small, both = threading.Event(), threading.Event()

    def heard(record: Any) -> None:
        ready.append(record.image)
        (small if len(ready) == 1 else both).set()

    plan = ScreeningPlan((root,), tmp_path / "s.bloodsmear", jobs=8)
    work = threading.Thread(
        target=screen,
        args=(
            plan,
            ClassifierSet((make_classifier("vgg16"),)),
            ScreeningEvents(record_ready=heard),
            Cancel(),
        ),
    )
    with memory_room().held(ROOM_BYTES):
        work.start()
        assert small.wait(30)
        assert not both.wait(0.5)
    work.join()

    assert ready == ["small.png", "large.png"]
