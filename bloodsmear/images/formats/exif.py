"""The orientation in EXIF's small directory, which cameras write into every format."""

import struct

ORIENTATION_TAG = 274
EXIF_MARK = b"Exif\0\0"
_SHORT = 3
_MOST_ENTRIES = 4096


def orientation_of(exif: bytes | memoryview) -> int:
    """1 to 8. EXIF that cannot be read says nothing, and the image stands as it is stored."""
    view = memoryview(exif)
    if bytes(view[:6]) == EXIF_MARK:
        view = view[6:]
    try:
        return known_orientation(_orientation(view))
    except (struct.error, IndexError, OverflowError):
        return 1


def known_orientation(value: int) -> int:
    """The value where EXIF knows it, else 1."""
    return value if 1 <= value <= 8 else 1


def _orientation(view: memoryview) -> int:
    order = {b"II": "<", b"MM": ">"}.get(bytes(view[:2]))
    if order is None or struct.unpack_from(order + "H", view, 2)[0] != 42:
        return 1
    start = struct.unpack_from(order + "I", view, 4)[0]
    entries = struct.unpack_from(order + "H", view, start)[0]
    for entry in range(min(entries, _MOST_ENTRIES)):
        tag, kind, count = struct.unpack_from(order + "HHI", view, start + 2 + 12 * entry)
        if tag == ORIENTATION_TAG and kind == _SHORT and count >= 1:
            return int(struct.unpack_from(order + "H", view, start + 2 + 12 * entry + 8)[0])
    return 1
