"""What denoising took away and added, as a picture."""

import cv2
import numpy as np

from bloodsmear.images.rgb_image import RgbImage

# Noise of a few grey levels becomes visible, and the strongest edges still fit.
DIFFERENCE_GAIN = 4
UNCHANGED = 128


def difference_picture(original: RgbImage, denoised: RgbImage) -> RgbImage:
    """uint8 H×W×3: UNCHANGED + DIFFERENCE_GAIN × (denoised − original) in each channel, cut off at 0 and 255."""
    gain = float(DIFFERENCE_GAIN)
    return np.asarray(cv2.addWeighted(denoised, gain, original, -gain, float(UNCHANGED)), dtype=np.uint8)
