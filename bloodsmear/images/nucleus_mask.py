"""Where stained nuclei lie, by colour alone: plain, and good enough to say on what a map of an image lies."""

import cv2
import numpy as np
import numpy.typing as npt

from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scale_bar import smear_mask
from bloodsmear.images.thumbnail import fit_into

NucleusMask = npt.NDArray[np.bool_]

_LONG_SIDE_PX = 512
# The glass is the brightest there is; a picture without any light has none.
_GLASS_PERCENTILE, _FAINTEST_GLASS = 95, 24.0
# Below this difference of absorbances nothing is purple: an empty field has no nuclei, though Otsu divides anything.
# Nuclei have 0.3 to 1.5, red cells 0.25 at most on the frames of both laboratories.
_FAINTEST_PURPLE = 0.2
_STEPS_A_UNIT = 160


def nucleus_mask(image: RgbImage) -> NucleusMask:
    """True on stained nuclei. Takes uint8 H×W×3, gives bool h×w: the image's shape, its long side at most 512.

    Romanowsky stains make nuclei purple: they swallow green and let blue pass. So the absorbance (the logarithm of
    glass over pixel, Beer and Lambert) of green less that of blue is high there, near zero on grey red cells and below
    zero on orange ones. The limit is Otsu's (1979, doi:10.1109/TSMC.1979.4310076), with a floor. Platelets and granules
    are purple, too; of pale nuclei the middle may be missed. It finds no cells and counts none. A burnt-in scale bar
    has none, whatever it lies on.
    """
    small = fit_into(image, _LONG_SIDE_PX).astype(np.float32)
    glass = np.maximum(np.percentile(small.reshape(-1, 3), _GLASS_PERCENTILE, axis=0), _FAINTEST_GLASS)
    absorbed = -np.log((small[:, :, 1:] + 1.0) / (glass[1:].astype(np.float32) + 1.0))
    purple = absorbed[:, :, 0] - absorbed[:, :, 1]
    steps = np.clip(purple * _STEPS_A_UNIT, 0, 255).astype(np.uint8)
    limit, _ = cv2.threshold(steps, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    purple_enough: NucleusMask = steps > max(limit, _FAINTEST_PURPLE * _STEPS_A_UNIT)
    return purple_enough & smear_mask(image, purple_enough.shape)
