"""From samples as they are stored to RGB as screens show it (sRGB): the embedded colour profile, and alpha on white."""

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from bloodsmear.images.formats.asked import FormatError
from bloodsmear.images.formats.picture import Samples, Stored, in_bands
from bloodsmear.images.rgb_image import RgbImage

_MODES = {"grey": "L", "rgb": "RGB", "cmyk": "CMYK", "lab": "LAB"}
# lcms' names of the colour spaces.
_SPACES = {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK", "LAB": "Lab"}
# A profile that moves none of the probes by more than this is sRGB in another writing.
_SRGB_WITHIN = 1


@dataclass(frozen=True, slots=True)
class Coloured:
    """`pixels` as stored, not turned; `profile` is the name of the colour profile that was applied, empty without."""

    pixels: RgbImage
    profile: str = ""


def to_rgb(stored: Stored) -> Coloured:
    """Apply the ICC profile where it isn't sRGB, and put what is transparent on white.

    A profile that cannot be read is no damage: the colours are taken as sRGB.
    """
    if stored.space == "lab":
        lab, _ = _lab_to_srgb()
        return Coloured(_on_white(_applied(lab, stored.samples, "LAB"), stored))
    mode = _MODES[stored.space]
    found = _to_srgb(stored.profile, mode) if stored.profile else None
    if found is None:
        return Coloured(_on_white(_without_profile(stored), stored))
    transform, name = found
    if stored.premultiplied and stored.space == "rgb":
        # The profile is for colours as they are on the white.
        return Coloured(_applied(transform, _on_white(stored.samples, stored), mode), name)
    return Coloured(_on_white(_applied(transform, stored.samples, mode), stored), name)


def _without_profile(stored: Stored) -> RgbImage:
    if stored.space == "grey":
        return np.repeat(stored.samples[..., np.newaxis], 3, axis=-1)
    if stored.space == "cmyk":
        return in_bands(_ink_on_paper, stored.samples)
    return stored.samples


def _ink_on_paper(cmyk: Samples) -> npt.NDArray[np.uint16]:
    paper = 255 - cmyk.astype(np.uint16)
    return (paper[..., :3] * paper[..., 3:] + 127) // 255


def _on_white(rgb: Samples, stored: Stored) -> RgbImage:
    """colour × alpha + 255 × (1 − alpha), rounded; premultiplied colours have the first product done."""
    if stored.alpha is None or stored.alpha.min(initial=255) == 255:
        return rgb

    def blended(colours: Samples, opacity: Samples) -> npt.NDArray[np.uint16]:
        alpha = opacity[..., np.newaxis].astype(np.uint16)
        if stored.premultiplied:
            return np.asarray(np.minimum(colours + (255 - alpha), 255), np.uint16)
        return (colours * alpha + 255 * (255 - alpha) + 127) // 255

    return in_bands(blended, rgb, stored.alpha)


def _applied(transform: Any, samples: Samples, mode: str) -> RgbImage:
    from PIL import Image

    height, width = samples.shape[:2]
    image = Image.frombuffer(
        mode, (width, height), np.ascontiguousarray(samples).tobytes(), "raw", mode, 0, 1
    )
    return np.asarray(transform.apply(image), np.uint8)


@lru_cache(maxsize=16)
def _to_srgb(profile: bytes, mode: str) -> tuple[Any, str] | None:
    """The transform and the profile's name; None for sRGB itself and for what cannot be read or applied."""
    from PIL import ImageCms

    try:
        read = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if str(read.profile.xcolor_space).strip().upper() != _SPACES[mode].upper():
            return None
        transform = ImageCms.buildTransform(read, ImageCms.createProfile("sRGB"), mode, "RGB")
        name = " ".join(ImageCms.getProfileDescription(read).split())[:80]
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return None
    if mode in ("L", "RGB") and _changes_nothing(transform, mode):
        return None
    return transform, name or "without a name"


def _changes_nothing(transform: Any, mode: str) -> bool:
    steps = np.linspace(0, 255, 9).astype(np.uint8)
    if mode == "L":
        probes = steps[np.newaxis]
        expected = np.repeat(probes[..., np.newaxis], 3, axis=-1)
    else:
        probes = expected = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(1, -1, 3)
    moved = np.abs(_applied(transform, probes, mode).astype(int) - expected)
    return bool(moved.max() <= _SRGB_WITHIN)


@lru_cache(maxsize=1)
def _lab_to_srgb() -> tuple[Any, str]:
    from PIL import ImageCms

    try:
        lab = ImageCms.createProfile("LAB")
        return ImageCms.buildTransform(lab, ImageCms.createProfile("sRGB"), "LAB", "RGB"), "CIELab"
    except ImageCms.PyCMSError as error:
        raise FormatError("its colours (CIELab) cannot be turned into RGB; save it as RGB.") from error
