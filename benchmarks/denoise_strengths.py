"""What each denoiser leaves of a smear at each strength: by it Gentle was chosen, and which take detail away.

.venv/bin/python -m benchmarks.denoise_strengths ../shared/data/fullsize [--every N]

For every frame (of larger ones the middle 1024×768 px) and every candidate:

- similarity: the mean structural similarity of the grey pictures (Wang et al. 2004, window of 11 px, sigma 1.5)
- nuclei: how many purple areas are found in the original, and how many of them again in the denoised picture
- outlines: of the long edges away from nuclei (red cells), the share that keeps half of its steepness
- platelets: of the small purple spots beside nuclei, the share that keeps half of its contrast
- chromatin: the contrast inside nuclei at 2 to 4 px, as a share of the original's
- noise: what is left of the finest differences on the empty glass, as a share of the original's

A burnt-in scale bar, which is not denoised, is neither outline nor platelet.
Means over the frames; beside outlines and platelets, in brackets, the worst frame.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from bloodsmear.images.decode import decode_image
from bloodsmear.images.denoise import denoise_image
from bloodsmear.images.denoise_settings import DenoiseSettings
from bloodsmear.images.nucleus_mask import nucleus_mask
from bloodsmear.images.region import Region
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scale_bar import find_scale_bar

Plane = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

CANDIDATES = (
    *(DenoiseSettings("non_local_means", h) for h in (1, 2, 3, 5, 7, 10)),
    *(DenoiseSettings("gaussian", side) for side in (3, 5)),
    *(DenoiseSettings("median", side) for side in (3, 5)),
)
FRAME_PX = (1024, 768)
# In px of a 1024×768 frame, where a red cell is about 60 px wide.
_SMALLEST_NUCLEUS_PX, _PLATELET_PX = 900, (40, 600)
_LONG_EDGE_PX = 60


@dataclass(frozen=True, slots=True)
class Kept:
    """What a denoised frame keeps of the original; `outlines`, `platelets`, `chromatin`, `noise` are shares."""

    similarity: float
    nuclei: int
    nuclei_found: int
    outlines: float
    platelets: float
    platelets_found: int
    chromatin: float
    noise: float


def main(words: Sequence[str]) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=1, help="only every Nth frame")
    given = parser.parse_args(words)
    files = sorted(
        file for file in given.folder.rglob("*") if file.suffix.lower() in (".jpg", ".png", ".tif")
    )
    files = files[:: given.every]
    if not files:
        print(f"There is no image in {given.folder}.")
        return 2
    with ProcessPoolExecutor() as pool:
        frames = list(pool.map(measure, files))
    print(f"{len(frames)} frames\n")
    print("denoiser         strength  similarity  nuclei      outlines     platelets    chromatin  noise")
    for settings, kept in zip(CANDIDATES, zip(*frames, strict=True), strict=True):
        print(line_of(settings, kept))
    return 0


def line_of(settings: DenoiseSettings, kept: Sequence[Kept]) -> str:
    """One candidate over all frames."""
    unit = "h" if settings.slow else "px"
    nuclei = f"{sum(one.nuclei for one in kept)}/{sum(one.nuclei_found for one in kept)}"
    with_platelets = [one for one in kept if one.platelets_found]
    total = sum(one.platelets_found for one in with_platelets)
    platelets = sum(one.platelets * one.platelets_found for one in with_platelets) / max(1, total)
    worst = min((one.platelets for one in with_platelets), default=1.0)
    outlines = [one.outlines for one in kept]
    return (
        f"{settings.name:<16} {unit:>2} {settings.strength:<5}  {mean(one.similarity for one in kept):10.4f}  "
        f"{nuclei:<10}  {mean(outlines):5.1%} ({min(outlines):.0%})  {platelets:5.1%} ({worst:.0%})  "
        f"{mean(one.chromatin for one in kept):9.1%}  {mean(one.noise for one in kept):5.1%}"
    )


def mean(values: Iterator[float] | Sequence[float]) -> float:
    """Of what is not missing."""
    known = [value for value in values if not np.isnan(value)]
    return statistics.fmean(known) if known else float("nan")


def measure(file: Path) -> list[Kept]:
    """Every candidate on one frame."""
    cv2.setNumThreads(1)
    frame = Frame(middle_of(decode_image(file).pixels))
    return [frame.compare(denoise_image(frame.pixels, settings)) for settings in CANDIDATES]


class Frame:
    """What is found in an original, once for all candidates."""

    def __init__(self, pixels: RgbImage) -> None:
        self.pixels = pixels
        self._grey = grey_of(pixels)
        nuclei = large_mask(pixels)
        near = cv2.dilate(nuclei.astype(np.uint8), np.ones((25, 25), np.uint8)) > 0
        if (bar := find_scale_bar(pixels)) is not None:
            near |= beside(bar, near.shape)
        self._nuclei = components(nuclei, _SMALLEST_NUCLEUS_PX)
        self._inside = cv2.erode(nuclei.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
        self._outlines = outlines_of(self._grey, near)
        self._slopes = steepness(self._grey)[self._outlines]
        purple = purple_of(pixels)
        self._spots = platelets_of(purple, near)
        self._contrasts = contrasts(purple, self._spots)
        self._glass = glass_of(pixels)

    def compare(self, denoised: RgbImage) -> Kept:
        """What a denoised frame keeps."""
        grey, nuclei = grey_of(denoised), large_mask(denoised)
        contrasts_now = contrasts(purple_of(denoised), self._spots)
        return Kept(
            similarity=structural_similarity(self._grey, grey),
            nuclei=sum(bool((nuclei & one).sum() > 0.5 * one.sum()) for one in self._nuclei),
            nuclei_found=len(self._nuclei),
            outlines=share(
                now >= then / 2
                for then, now in zip(self._slopes, steepness(grey)[self._outlines], strict=True)
            ),
            platelets=share(
                now >= then / 2 for then, now in zip(self._contrasts, contrasts_now, strict=True)
            ),
            platelets_found=len(self._spots),
            chromatin=ratio(band(self._grey)[self._inside], band(grey)[self._inside]),
            noise=ratio(fine(self._grey)[self._glass], fine(grey)[self._glass]),
        )


def grey_of(pixels: RgbImage) -> Plane:
    """The grey picture."""
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.float32)


def beside(bar: Region, shape: tuple[int, ...]) -> Mask:
    """The bar, and what is blurred into it."""
    mask = np.zeros(shape, np.uint8)
    mask[bar.slices()] = 1
    return np.asarray(cv2.dilate(mask, np.ones((17, 17), np.uint8)) > 0)


def middle_of(pixels: RgbImage) -> RgbImage:
    """The middle of a frame, 1024×768 px at most."""
    height, width = pixels.shape[:2]
    top, left = max(0, (height - FRAME_PX[1]) // 2), max(0, (width - FRAME_PX[0]) // 2)
    return np.ascontiguousarray(pixels[top : top + FRAME_PX[1], left : left + FRAME_PX[0]])


def structural_similarity(one: Plane, other: Plane) -> float:
    """The mean of SSIM with its usual constants, for grey levels of 0 to 255."""
    blur = partial(cv2.GaussianBlur, ksize=(11, 11), sigmaX=1.5)
    mean_one, mean_other = blur(one), blur(other)
    spread_one, spread_other = blur(one * one) - mean_one**2, blur(other * other) - mean_other**2
    together = blur(one * other) - mean_one * mean_other
    light, detail = 6.5025, 58.5225
    above = (2 * mean_one * mean_other + light) * (2 * together + detail)
    below = (mean_one**2 + mean_other**2 + light) * (spread_one + spread_other + detail)
    return float(np.mean(above / below))


def large_mask(pixels: RgbImage) -> Mask:
    """The nuclei at the frame's own size."""
    mask = nucleus_mask(pixels).astype(np.uint8)
    return np.asarray(cv2.resize(mask, pixels.shape[1::-1], interpolation=cv2.INTER_NEAREST) > 0)


def components(mask: Mask, smallest_px: int, largest_px: int | None = None) -> list[Mask]:
    """The connected areas of such a size."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    sizes = stats[:, cv2.CC_STAT_AREA]
    return [
        np.asarray(labels == each)
        for each in range(1, count)
        if sizes[each] >= smallest_px and (largest_px is None or sizes[each] <= largest_px)
    ]


def outlines_of(grey: Plane, near_nuclei: Mask) -> Mask:
    """Long edges beside nuclei; smoothed, so that noise has none."""
    edges = cv2.Canny(cv2.GaussianBlur(grey, (0, 0), 2.0).astype(np.uint8), 8, 20) > 0
    long = components(edges & ~near_nuclei, _LONG_EDGE_PX)
    return np.logical_or.reduce(long) if long else np.zeros(grey.shape, np.bool_)


def steepness(grey: Plane) -> Plane:
    """The slope after a little smoothing."""
    smooth = cv2.GaussianBlur(grey, (0, 0), 1.5)
    return np.hypot(cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1))


def purple_of(pixels: RgbImage) -> Plane:
    """How much more green than blue is swallowed: nuclei and platelets."""
    logs = np.log(cv2.GaussianBlur(pixels, (0, 0), 1.5).astype(np.float32) + 1.0)
    return np.asarray(logs[..., 2] - logs[..., 1], np.float32)


def platelets_of(purple: Plane, near_nuclei: Mask) -> list[Mask]:
    """Small purple spots away from nuclei."""
    ground = float(np.median(purple[~near_nuclei])) if (~near_nuclei).any() else 0.0
    return components((purple - ground > 0.12) & ~near_nuclei, *_PLATELET_PX)


def contrasts(purple: Plane, spots: Sequence[Mask]) -> list[float]:
    """How much more purple each spot is than the ring around it."""
    found = []
    for spot in spots:
        rows, columns = np.nonzero(spot)
        part = np.s_[max(0, rows.min() - 8) : rows.max() + 9, max(0, columns.min() - 8) : columns.max() + 9]
        inside, colour = spot[part], purple[part]
        ring = (cv2.dilate(inside.astype(np.uint8), np.ones((15, 15), np.uint8)) > 0) & ~inside
        found.append(float(colour[inside].mean() - colour[ring].mean()))
    return found


def band(grey: Plane) -> Plane:
    """Differences at 2 to 4 px."""
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), 2.0) - cv2.GaussianBlur(grey, (0, 0), 4.0), np.float32)


def fine(grey: Plane) -> Plane:
    """The finest differences."""
    return np.asarray(grey - cv2.GaussianBlur(grey, (0, 0), 1.0), np.float32)


def glass_of(pixels: RgbImage) -> Mask:
    """Where nothing lies: bright, and flat at the scale of cells."""
    grey = cv2.GaussianBlur(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), (0, 0), 4.0).astype(np.float32)
    flat = np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)) < 2.0
    return np.asarray(flat & (grey > np.percentile(grey, 60)) & (grey < 250))


def ratio(before: Plane, after: Plane) -> float:
    """The spread after as a share of that before."""
    return float(after.std() / before.std()) if before.size > 100 and before.std() > 0 else float("nan")


def share(holds: Iterator[bool]) -> float:
    """Of how many it is so; 1 where there is none."""
    all_of_them = list(holds)
    return sum(all_of_them) / len(all_of_them) if all_of_them else 1.0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
