"""Decoding in a process of its own, for the few files that may take the decoder down."""

import multiprocessing
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from bloodsmear.errors import ImageError
from bloodsmear.images.decode import FIRST, decode_image
from bloodsmear.images.formats.asked import Asked

# Far more than the largest image that is allowed takes; a decoder that turns in circles ends here.
_TIMEOUT_S = 120.0
# Windows' exit codes of a crash, such as 0xC0000005; elsewhere a crash is a negative number.
_WINDOWS_CRASH = 0x80000000

_Argument = TypeVar("_Argument")


def survives_decoding(path: Path, asked: Asked = FIRST) -> bool:
    """Whether decoding the picture comes to an end, well or with an ImageError, and not with a crash."""
    return comes_through(_decode, (path, asked))


def comes_through(
    work: Callable[[_Argument], object], argument: _Argument, timeout_s: float = _TIMEOUT_S
) -> bool:
    """Whether `work(argument)` neither crashes the process that it is given nor takes longer than `timeout_s`."""
    child = multiprocessing.get_context("spawn").Process(target=work, args=(argument,), daemon=True)
    child.start()
    child.join(timeout_s)
    if child.is_alive():
        child.kill()
        child.join()
    code = child.exitcode or 0
    child.close()
    return 0 <= code < _WINDOWS_CRASH


def _decode(which: tuple[Path, Asked]) -> None:
    path, asked = which
    with suppress(ImageError):
        decode_image(path, asked=asked)
