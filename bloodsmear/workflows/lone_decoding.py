"""Decoding in a process of its own, for the few files that may take the decoder down."""

import multiprocessing
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from bloodsmear.errors import ImageError
from bloodsmear.images.decode import FIRST, decode_image
from bloodsmear.images.formats.reader_contract import Asked

# Far more than the largest image that is allowed takes; a decoder that turns in circles ends here.
_TIMEOUT_S = 120.0
# How multiprocessing ends a child whose work returned or raised. Every other number is a crash: a signal's is negative,
# Windows has 0xC0000005 and the like, and 3 where the C runtime aborts.
_CAME_TO_AN_END = {0, 1}

_Argument = TypeVar("_Argument")


def survives_decoding(path: Path, asked: Asked = FIRST) -> bool:
    """Whether decoding the picture comes to an end, well or with an ImageError, and not with a crash."""
    return comes_through(_decode, (path, asked))


def comes_through(
    work: Callable[[_Argument], object], argument: _Argument, timeout_s: float = _TIMEOUT_S
) -> bool:
    """Whether `work(argument)` neither ends the process that it is given nor takes longer than `timeout_s`."""
    child = multiprocessing.get_context("spawn").Process(target=work, args=(argument,), daemon=True)
    child.start()
    child.join(timeout_s)
    if child.is_alive():
        child.kill()
        child.join()
    code = child.exitcode
    child.close()
    return code in _CAME_TO_AN_END


def _decode(which: tuple[Path, Asked]) -> None:
    path, asked = which
    with suppress(ImageError):
        decode_image(path, asked=asked)
