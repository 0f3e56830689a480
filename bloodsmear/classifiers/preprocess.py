"""From a decoded image to a classifier's input: the one place where a recipe is carried out.

Training, evaluation, command line and window all call `prepare_input`; none of them prepares an image itself.
"""

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from bloodsmear.classifiers.recipe import Recipe, ResizeMethod
from bloodsmear.images.denoise import denoise_pixels
from bloodsmear.images.denoise_settings import DEFAULTS
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scale_bar import without_scale_bar

# float32, height × width × 3, C-contiguous, in the recipe's channel order.
InputArray = npt.NDArray[np.float32]

# Pillow's filters widen with the reduction (antialiased); OpenCV's of the same name do not.
_PILLOW_FILTERS: dict[ResizeMethod, Image.Resampling] = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
}
# INTER_NEAREST_EXACT is bit-equal to Pillow's nearest, which Keras used; INTER_NEAREST is not.
_OPENCV_FILTERS: dict[ResizeMethod, int] = {
    "nearest": cv2.INTER_NEAREST_EXACT,
    "bilinear_cv2": cv2.INTER_LINEAR,
    "bicubic_cv2": cv2.INTER_CUBIC,
    "area": cv2.INTER_AREA,
}


def prepare_input(image: RgbImage, recipe: Recipe) -> InputArray:
    """Carry out the recipe: fill the scale bar, denoise, resize, channel order, value × scale + offset.

    Takes uint8 H×W×3, gives float32 height_px × width_px × 3, C-contiguous. The scaling of a value never depends on
    the other pixels.
    """
    return scale_pixels(fit_to_input(image, recipe), recipe)


def fit_to_input(image: RgbImage, recipe: Recipe) -> RgbImage:
    """The recipe up to the scaling: fill the scale bar, denoise, resize, channel order; uint8 height_px × width_px × 3.

    Training keeps its images in this form and changes them at random before they are scaled.
    """
    if recipe.fill_scale_bar:
        image = without_scale_bar(image)
    if recipe.denoise is not None:
        image = denoise_pixels(image, DEFAULTS[recipe.denoise])
    resized = resize_image(image, recipe.width_px, recipe.height_px, recipe.resize)
    return resized[:, :, ::-1] if recipe.channels == "bgr" else resized


def scale_pixels(pixels: npt.NDArray[np.uint8], recipe: Recipe) -> InputArray:
    """The recipe's last step, value × scale + offset: uint8 of any shape to float32 of the same, C-contiguous."""
    # 256 values are all there are: computed in double precision and rounded once, they equal value / 255 in
    # float32 when the scale is 1/255; a multiplication in float32 is off by one unit for many of them.
    table = (np.arange(256, dtype=np.float64) * recipe.scale + recipe.offset).astype(np.float32)
    # Ten times as quick as numpy's table[pixels]; a picture a row, since OpenCV has no batches.
    rows = np.ascontiguousarray(pixels).reshape(len(pixels), -1)
    return np.asarray(cv2.LUT(rows, table), np.float32).reshape(pixels.shape)


def resize_image(image: RgbImage, width_px: int, height_px: int, method: ResizeMethod) -> RgbImage:
    """Resize uint8 H×W×3 to height_px × width_px × 3; the aspect is not kept.

    An image that has the size already is returned as it is.
    """
    if image.shape[:2] == (height_px, width_px):
        return image
    if method in _PILLOW_FILTERS:
        resized = Image.fromarray(image).resize((width_px, height_px), _PILLOW_FILTERS[method])
        return np.asarray(resized, dtype=np.uint8)
    resized_cv2 = cv2.resize(image, (width_px, height_px), interpolation=_OPENCV_FILTERS[method])
    return np.asarray(resized_cv2, dtype=np.uint8)
