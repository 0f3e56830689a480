"""Random changes of a training image: geometry, stain, camera; so that the network does not rely on colour alone."""

import cv2
import numpy as np
import numpy.typing as npt

from bloodsmear.images.rgb_image import RgbImage
from training.fitting.config import AugmentConfig

_FloatImage = npt.NDArray[np.float32]
# How bright red, green and blue are to the eye (ITU-R BT.601).
_LUMA = (0.299, 0.587, 0.114)


def augment_image(image: RgbImage, config: AugmentConfig, random: np.random.Generator) -> RgbImage:
    """Change `image` (uint8 H×W×3) at random within the limits of `config`; size and type stay."""
    changed = _move(image, config, random)
    colours = _light(_recolour(changed, config, random), config, random)
    return _photograph(_focus(colours, config, random), config, random)


def change_corner(image: RgbImage, other: RgbImage, share: float, random: np.random.Generator) -> RgbImage:
    """Cover the corner with the burnt-in scale bar in `share` of the images, or take it from an `other` one.

    The bar's style gives labels away, so nothing may learn it. What covers it is a piece of the same image.
    """
    if random.random() >= share:
        return image
    height, width = image.shape[:2]
    # The largest bar, of 54 × 40 px in a frame of 224, and a little more.
    rows, columns = round(height * random.uniform(0.18, 0.26)), round(width * random.uniform(0.25, 0.35))
    changed = image.copy()
    if random.random() < 0.5:
        piece = other[-rows:, -columns:]
    else:
        top, left = random.integers(0, height - 2 * rows), random.integers(0, width - columns)
        piece = image[top : top + rows, left : left + columns]
    changed[-rows:, -columns:] = piece
    return changed


def _move(image: RgbImage, config: AugmentConfig, random: np.random.Generator) -> RgbImage:
    height, width = image.shape[:2]
    angle = random.uniform(-config.rotation_degrees, config.rotation_degrees)
    zoom = random.uniform(1 - config.zoom_factor, 1 + config.zoom_factor)
    reach = config.shift_share
    # What an older run's settings don't have draws no number, so that such a run goes on as it began.
    if config.smallest_crop < 1:
        crop = 1 / random.uniform(config.smallest_crop, 1)
        zoom, reach = zoom * crop, reach + (crop - 1) / 2
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), angle, zoom)
    shift = random.uniform(-reach, reach, 2) * np.array([width, height])
    matrix = matrix + np.column_stack([np.zeros((2, 2)), shift])
    if config.shear_degrees > 0:
        matrix = _sheared(matrix, random.uniform(-config.shear_degrees, config.shear_degrees), height)
    moved = cv2.warpAffine(image, matrix, (width, height), borderMode=cv2.BORDER_REFLECT_101)
    if config.flips and random.random() < 0.5:
        moved = cv2.flip(moved, 1)
    if config.vertical_flips and random.random() < 0.5:
        moved = cv2.flip(moved, 0)
    return np.asarray(moved, np.uint8)


def _sheared(matrix: npt.NDArray[np.float64], degrees: float, height: int) -> npt.NDArray[np.float64]:
    """The affine `matrix` (2×3), after which rows are shifted in proportion to their distance from the middle row."""
    slope = np.tan(np.deg2rad(degrees))
    shear = np.array([[1.0, slope], [0.0, 1.0]])
    moved = shear @ matrix
    moved[0, 2] -= slope * (height - 1) / 2
    return np.asarray(moved, np.float64)


def _recolour(image: RgbImage, config: AugmentConfig, random: np.random.Generator) -> _FloatImage:
    """Stain and light. All of them are linear in a pixel's colours, so that they are one matrix for the image."""
    colours = _colour_matrix(config, random)
    # Contrast is around the mean of what it is applied to: that of the recoloured picture.
    mean = float((colours @ np.array(cv2.mean(image)[:3])).mean())
    contrast, brightness = (
        _factor(spread, random) for spread in (config.contrast_factor, config.brightness_factor)
    )
    whole = np.column_stack([contrast * colours, np.full(3, (1 - contrast) * mean)]) * brightness
    changed = image.astype(np.float32)
    if np.array_equal(whole, np.eye(3, 4)):
        return changed
    return np.asarray(cv2.transform(changed, whole), np.float32)


def _colour_matrix(config: AugmentConfig, random: np.random.Generator) -> npt.NDArray[np.float64]:
    """Saturation, hue and white balance as a matrix (3×3, for columns of RGB); or what takes the colour away."""
    grey = np.tile(_LUMA, (3, 1))
    if random.random() < config.grey_share:
        return grey
    saturation = _factor(config.saturation_factor, random)
    turn = hue_rotation(random.uniform(-config.hue_degrees, config.hue_degrees))
    gains = [_factor(config.white_balance_factor, random) for _ in range(3)]
    return np.diag(gains) @ turn @ (saturation * np.eye(3) + (1 - saturation) * grey)


def _light(image: _FloatImage, config: AugmentConfig, random: np.random.Generator) -> _FloatImage:
    """Gamma, and light or stain that differ from place to place."""
    height, width = image.shape[:2]
    if config.gamma_factor > 0:
        exponent = _factor(config.gamma_factor, random)
        image = np.asarray(255 * (np.clip(image, 0, 255) / 255) ** exponent, np.float32)
    if config.drift_factor > 0:
        # Another gain of each channel in each of the four corners.
        corners = random.uniform(1 - config.drift_factor, 1 + config.drift_factor, (2, 2, 3))
        gains = cv2.resize(corners.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
        image = np.asarray(image * gains, np.float32)
    if config.vignette_factor > 0 and random.random() < 0.5:
        across, down = np.linspace(-1, 1, width), np.linspace(-1, 1, height)
        radius = (across[np.newaxis] ** 2 + down[:, np.newaxis] ** 2) / 2
        darker = 1 - random.uniform(0, config.vignette_factor) * radius
        image = np.asarray(image * darker[:, :, np.newaxis].astype(np.float32), np.float32)
    return image


def _focus(image: _FloatImage, config: AugmentConfig, random: np.random.Generator) -> _FloatImage:
    """Detail that is lost or overdrawn: reduced and enlarged, out of focus, sharpened."""
    height, width = image.shape[:2]
    if config.smallest_scale < 1 and random.random() < 0.5:
        scale = random.uniform(config.smallest_scale, 1)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        way = cv2.INTER_AREA if random.random() < 0.5 else cv2.INTER_LINEAR
        image = np.asarray(
            cv2.resize(cv2.resize(image, size, interpolation=way), (width, height)), np.float32
        )
    if config.defocus_px > 0 and random.random() < 0.25:
        radius = random.uniform(0, config.defocus_px)
        side = np.arange(-int(np.ceil(radius)), int(np.ceil(radius)) + 1)
        # A pixel on the rim counts by how much of it lies inside.
        disc = np.clip(radius + 0.5 - np.hypot(side[np.newaxis], side[:, np.newaxis]), 0, 1)
        image = np.asarray(cv2.filter2D(image, -1, disc / disc.sum()), np.float32)
    if config.sharpen_factor > 0 and random.random() < 0.25:
        amount = random.uniform(0, config.sharpen_factor)
        image = np.asarray(image + amount * (image - cv2.GaussianBlur(image, (0, 0), 1.0)), np.float32)
    return image


def _photograph(image: _FloatImage, config: AugmentConfig, random: np.random.Generator) -> RgbImage:
    sigma = random.uniform(0, config.blur_sigma_px)
    # Half of the images stay as sharp as they are; below 0.3 px a blur changes nothing.
    if random.random() < 0.5 and sigma > 0.3:
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), np.float32)
    if config.noise_levels > 0:
        image = image + random.normal(0, random.uniform(0, config.noise_levels), image.shape).astype(
            np.float32
        )
    pixels = np.clip(np.rint(image), 0, 255).astype(np.uint8)
    quality = int(random.integers(config.lowest_jpeg_quality, 101))
    if random.random() < 0.5 and quality < 100:
        # imencode takes the channels for BGR; the same swap on the way back undoes that.
        _, packed = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
        pixels = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
    return pixels


def _factor(spread: float, random: np.random.Generator) -> float:
    return float(random.uniform(1 - spread, 1 + spread))


def hue_rotation(degrees: float) -> npt.NDArray[np.float32]:
    """The matrix (3×3, for columns of RGB) that turns colours around the grey axis (Rodrigues' formula)."""
    angle = np.deg2rad(degrees)
    axis = np.full(3, 1 / np.sqrt(3))
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    turn = np.cos(angle) * np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * np.outer(axis, axis)
    return np.asarray(turn, np.float32)
