"""Fingerprints as text, as cards and runs keep them, and whether an image is still the one that was kept."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from bloodsmear.images.fingerprint import distance

# Another processor's decoder may round otherwise. Over 1,317 Taleqani frames noise of one grey level, or saving again
# as JPEG 75, changed at most 4 bits; two different frames differ by 18 or more, but for 1 in 1000 pairs.
_MOST_BITS_OFF = 4


def fingerprint_texts(fingerprints: npt.NDArray[np.uint64]) -> list[str]:
    """Each of the fingerprints (uint64 N) as 16 hex digits."""
    return [f"{int(fingerprint):016x}" for fingerprint in fingerprints]


def changed_images(kept: Mapping[str, str], found: Mapping[str, str]) -> list[str]:
    """The names in `found` whose fingerprint (16 hex digits) is not the one that `kept` has for that name."""
    return [
        name
        for name, text in found.items()
        if name in kept and distance(int(kept[name], 16), int(text, 16)) > _MOST_BITS_OFF
    ]
