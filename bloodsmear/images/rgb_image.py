"""The one form in which pictures travel through the program."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

# uint8, height × width × 3, red first, C-contiguous.
RgbImage: TypeAlias = npt.NDArray[np.uint8]
