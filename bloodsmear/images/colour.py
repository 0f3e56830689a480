"""From samples as they are stored to RGB as screens show it (sRGB): the embedded colour profile, and alpha on white."""

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from bloodsmear.images.formats.picture import Samples, Stored, in_bands
from bloodsmear.images.rgb_image import RgbImage

_MODES = {"grey": "L", "rgb": "RGB", "cmyk": "CMYK"}
# lcms' names of the colour spaces.
_SPACES = {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK"}
_D50 = np.array([0.9642, 1.0, 0.8249], np.float32)
# From XYZ under D50 to the light of sRGB's three colours (IEC 61966-2-1, adapted by Bradford's matrix).
_TO_LIGHT = np.array(
    [
        [3.1338561, -1.6168667, -0.4906146],
        [-0.9787684, 1.9161415, 0.0334540],
        [0.0719453, -0.2289914, 1.4052427],
    ],
    np.float32,
)
# A profile that moves none of the probes by more than this is sRGB in another writing.
_SRGB_WITHIN = 1


@dataclass(frozen=True, slots=True)
class Coloured:
    """`pixels` as stored, not turned; `profile` is the name of the colour profile that was applied, empty without."""

    pixels: RgbImage
    profile: str = ""


def to_rgb(stored: Stored) -> Coloured:
    """Apply the ICC profile where it isn't sRGB, and put what is transparent on white.

    A profile that cannot be read is not damage: the colours are taken as sRGB.
    """
    if stored.space == "lab":
        return Coloured(_on_white(in_bands(_rgb_of_lab, stored.samples), stored))
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

    if mode == "L":
        table = transform.apply(Image.fromarray(np.arange(256, dtype=np.uint8)[np.newaxis]))
        return np.asarray(np.asarray(table, np.uint8)[0][samples])
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
        # A shortened transform of grey is off by 2 in the shadows; of 256 values none needs to be short.
        flags = ImageCms.Flags.NOOPTIMIZE if mode == "L" else ImageCms.Flags.NONE
        srgb = ImageCms.createProfile("sRGB")
        transform = ImageCms.buildTransform(read, srgb, mode, "RGB", flags=flags)
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


def _rgb_of_lab(lab: Samples) -> npt.NDArray[np.float32]:
    """L from 0 to 255, a and b signed, under D50 (CIE 15:2004, 8.2.1). lcms' quick way is off by up to 37 here."""
    lightness, ab = lab[..., 0].astype(np.float32) * np.float32(100 / 255), lab[..., 1:].view(np.int8)
    y = (lightness + 16) / 116
    f = np.stack([y + ab[..., 0] / np.float32(500), y, y - ab[..., 1] / np.float32(200)], axis=-1)
    linear = np.float32(3 * (6 / 29) ** 2) * (f - np.float32(4 / 29))
    light = np.clip((np.where(f > 6 / 29, f**3, linear) * _D50) @ _TO_LIGHT.T, 0, 1)
    curved = 1.055 * np.maximum(light, 0.0031308) ** np.float32(1 / 2.4) - 0.055
    shown = np.where(light <= 0.0031308, 12.92 * light, curved)
    return np.asarray(np.floor(shown * 255 + np.float32(0.5)), np.float32)
