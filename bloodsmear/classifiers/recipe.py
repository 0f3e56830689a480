"""A classifier's preprocessing as data: part of its card."""

from typing import Literal

import msgspec

from bloodsmear.images.denoise_settings import DenoiserName

ResizeMethod = Literal["nearest", "bilinear", "bicubic", "bilinear_cv2", "bicubic_cv2", "area"]
ChannelOrder = Literal["rgb", "bgr"]


class Recipe(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """From a decoded image to a classifier's input: fill, denoise, resize, channel order, value × scale + offset.

    `fill_scale_bar`: a burnt-in scale bar is filled with the background around it first (images/scale_bar.py).
    Scaling never depends on the pixels. `width_px` and `height_px` are those of the classifier's input.
    """

    fill_scale_bar: bool
    denoise: DenoiserName | None
    width_px: int
    height_px: int
    resize: ResizeMethod
    channels: ChannelOrder
    scale: float
    offset: float
