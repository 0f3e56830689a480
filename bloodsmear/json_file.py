"""JSON files that may come from anywhere: read as data of one type, and only so much of them; and written whole."""

import stat
import threading
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from bloodsmear import atomic_file

# The fingerprints of a million images have 60 MB.
_MOST_BYTES = 64 * 1024 * 1024

_Kind = TypeVar("_Kind")
_making = threading.Lock()
_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}


def read_json(path: Path, kind: type[_Kind], most_bytes: int = _MOST_BYTES) -> _Kind:
    """The file's content. Raises OSError, and ValueError with what is wrong in words."""
    content = read_bounded(path, most_bytes)
    try:
        content_of_kind: _Kind = decoder_of(kind).decode(content)
        return content_of_kind
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise ValueError(str(error)) from error


def read_bounded(path: Path, most_bytes: int) -> bytes:
    """The bytes of a plain file. Raises OSError, and ValueError in words where there are more than so many."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):  # a pipe would be waited for without end
        raise OSError(22, "it is not a plain file", str(path))
    # Asked beforehand, too: what it is too large for is not made room for.
    content = b""
    if status.st_size <= most_bytes:
        with path.open("rb") as file:
            content = file.read(most_bytes + 1)
    if max(len(content), status.st_size) > most_bytes:
        raise ValueError(f"it has more than {most_bytes / 1e6:.0f} MB")
    return content


def decoder_of(kind: type[_Kind]) -> msgspec.json.Decoder[_Kind]:
    """The one decoder of a type; asked for at import where several threads decode it.

    Two threads that are the first to decode a type at once end the program (msgspec 0.22 may read a description that is
    half made: 4 of 30 starts under stress).
    """
    with _making:
        return _decoders.get(kind) or _decoders.setdefault(kind, msgspec.json.Decoder(kind))


def write_json(path: Path, content: object) -> None:
    """Replace the file, for people to read. Raises OSError."""
    atomic_file.write(path, msgspec.json.format(msgspec.json.encode(content), indent=1))
