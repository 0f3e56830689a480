"""OpenCV's threads are put back, whatever happens."""

from collections.abc import Iterator

import cv2
import pytest

from bloodsmear.images.opencv_threads import one_thread_a_call


@pytest.fixture
def three_threads() -> Iterator[int]:
    before = cv2.getNumThreads()
    cv2.setNumThreads(3)
    yield 3
    cv2.setNumThreads(before)


def test_a_call_keeps_to_its_thread_and_others_are_put_back(three_threads: int) -> None:
    with one_thread_a_call():
        assert cv2.getNumThreads() == 1
    assert cv2.getNumThreads() == three_threads


def test_they_are_put_back_after_an_error(three_threads: int) -> None:
    with pytest.raises(ValueError, match="stop"), one_thread_a_call():
        raise ValueError("stop")
    assert cv2.getNumThreads() == three_threads
