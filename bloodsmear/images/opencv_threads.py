"""How many threads OpenCV spreads one call over."""

from collections.abc import Iterator
from contextlib import contextmanager

import cv2


@contextmanager
def one_thread_a_call() -> Iterator[None]:
    """OpenCV keeps each call to its own thread meanwhile, in the whole process.

    Where as many images are worked on as there are processors, threads of OpenCV's own only take them from one another.
    """
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)
