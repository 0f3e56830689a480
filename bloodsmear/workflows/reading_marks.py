"""Which images are being read at this moment, written down so that a run that was broken off leaves their names.

A decoder that crashes takes the program down without a word; what it was reading is then under suspicion
(docs/adr/0010).
"""

import json
import threading
from contextlib import suppress
from pathlib import Path

from bloodsmear.private_file import open_plain, read_plain

# As many images as are read at once have far shorter names.
_MOST_BYTES = 1_000_000


class ReadingMarks:
    """A small file beside the study. `suspects` are the images that the last run was reading when it broke off.

    The file survives a crash and kill -9, not a power cut, which is not a decoder's fault. Safe from any thread; a
    disk that refuses it does not stop anything.
    """

    def __init__(self, study: Path) -> None:
        self._path = study.with_name(f"{study.name}.reading")
        self._lock = threading.Lock()
        self._reading: set[str] = set()
        self.suspects = _names_in(self._path)

    def begin(self, image: str) -> None:
        """`image` is about to be read."""
        with self._lock:
            self._reading.add(image)
            self._write()

    def end(self, image: str) -> None:
        """`image` was read, whatever came of it."""
        with self._lock:
            self._reading.discard(image)
            self._write()

    def close(self) -> None:
        """The run ended in order: nobody is under suspicion."""
        with self._lock, suppress(OSError):
            self._path.unlink(missing_ok=True)

    def _write(self) -> None:
        # Not renamed into place: of a line that was cut off in the middle nothing is lost but the suspicion.
        with suppress(OSError), open_plain(self._path, "wb") as file:
            file.write(json.dumps(sorted(self._reading)).encode())


def _names_in(path: Path) -> frozenset[str]:
    try:
        names = json.loads(read_plain(path, _MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return frozenset()
    return (
        frozenset(name for name in names if isinstance(name, str)) if isinstance(names, list) else frozenset()
    )
