"""Which files of a watched folder are complete: a camera or a copy may still be writing them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from bloodsmear.images.scan import FoundImage


@dataclass(frozen=True, slots=True)
class Stillness:
    """How long a file must be left alone, in seconds, before it counts as complete.

    One that can be decoded is taken after `quiet_s`. One that cannot may be a copy that has come to a halt: it is
    waited for until `patience_s`, and is unreadable then.
    """

    quiet_s: float = 4.0
    patience_s: float = 60.0


@dataclass(slots=True)
class _Watched:
    # Size in bytes and time of the last change in ns: what a network share tells reliably.
    signature: tuple[int, int]
    since_s: float
    # When it was seen for the first time; a file that grows is changed at every look.
    first_s: float
    taken: bool = False
    tried: bool = False


class Arrivals:
    """Remembers every file it has seen. A file that changes after it was taken counts as new."""

    def __init__(self, stillness: Stillness, decodable: Callable[[FoundImage], bool]) -> None:
        """`decodable` is asked once for each state of a file."""
        self._stillness = stillness
        self._decodable = decodable
        self._watched: dict[str, _Watched] = {}
        self._waiting: tuple[FoundImage, ...] = ()

    @property
    def waiting(self) -> tuple[FoundImage, ...]:
        """Those of the last look that have been there for longer than a complete file needs, and are not complete."""
        return self._waiting

    def complete(self, found: Iterable[FoundImage], now_s: float) -> list[FoundImage]:
        """Those of `found` that have become complete since the last look; `now_s` is a clock that only goes on."""
        images = list(found)
        complete = [image for image in images if self._has_become_complete(image, now_s)]
        self._waiting = tuple(image for image in images if self._is_waited_for(image, now_s))
        return complete

    def forget(self, images: Iterable[FoundImage]) -> None:
        """Look at these again from the beginning: they were complete, and could not be screened after all."""
        for image in images:
            self._watched.pop(image.image, None)

    def _has_become_complete(self, image: FoundImage, now_s: float) -> bool:
        signature = _signature_of(image.path)
        if signature is None:
            self._watched.pop(image.image, None)
            return False
        watched = self._watched.get(image.image)
        if watched is None or watched.signature != signature:
            first_s = now_s if watched is None or watched.taken else watched.first_s
            self._watched[image.image] = _Watched(signature, now_s, first_s)
            return False
        if not watched.taken:
            watched.taken = self._is_complete(watched, image, now_s)
            return watched.taken
        return False

    def _is_waited_for(self, image: FoundImage, now_s: float) -> bool:
        watched = self._watched.get(image.image)
        return (
            watched is not None and not watched.taken and now_s - watched.first_s >= self._stillness.quiet_s
        )

    def _is_complete(self, watched: _Watched, image: FoundImage, now_s: float) -> bool:
        still_s = now_s - watched.since_s
        if still_s < self._stillness.quiet_s:
            return False
        if not watched.tried:
            watched.tried = True
            return self._decodable(image)
        return still_s >= self._stillness.patience_s


def _signature_of(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:  # gone again, or its drive is
        return None
    return status.st_size, status.st_mtime_ns
