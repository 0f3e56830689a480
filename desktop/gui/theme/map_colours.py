"""The colours of a map of where a classifier looked: green and yellow, which no stain of a smear has."""

import numpy as np
import numpy.typing as npt

_WEAK, _STRONG = (0.0, 170.0, 120.0), (255.0, 235.0, 0.0)
# What lies beneath stays to be seen, also where the evidence is strongest.
_STRONGEST_OPACITY = 0.65


def map_colours(strength: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """From float32 h×w, 0 for nothing to 1 for the strongest, to uint8 h×w×4: red, green, blue, opacity."""
    share = np.clip(strength, 0, 1)[..., np.newaxis]
    colour = np.asarray(_WEAK) + share * (np.asarray(_STRONG) - np.asarray(_WEAK))
    painted = np.concatenate([colour, 255 * _STRONGEST_OPACITY * share], axis=-1)
    return np.ascontiguousarray(np.rint(painted).astype(np.uint8))
