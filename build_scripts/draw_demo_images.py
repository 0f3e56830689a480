"""Draw the demo images: a dozen synthetic smears, the same bytes at every run (one seed an image).

Light is absorbed as in a stained smear (Beer-Lambert: densities add up, colours multiply), so overlapping cells
darken. Nothing here comes from a patient, and no image stands for a finding: each one says SYNTHETIC.

Run: python build_scripts/draw_demo_images.py [FOLDER]     (default: assets/demo)
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Kind = Literal["lymphocyte", "blast", "neutrophil"]
Colour = tuple[float, float, float]

# Everything is drawn at twice the size and reduced: edges get the softness of a lens, not of a polygon.
_OVERSAMPLING = 2
# Of the first image; each next one takes the next.
FIRST_SEED = 2026


@dataclass(frozen=True, slots=True)
class Stain:
    """Optical densities (red, green, blue) at full thickness, and the colour of the empty glass."""

    glass: Colour
    red_cell: Colour
    cytoplasm: Colour
    nucleus: Colour


# Four stainings and white balances, as they differ between laboratories.
VIOLET = Stain((250, 246, 252), (0.14, 0.18, 0.12), (0.16, 0.26, 0.05), (0.34, 0.66, 0.07))
BLUE = Stain((226, 238, 252), (0.26, 0.20, 0.12), (0.20, 0.24, 0.04), (0.36, 0.52, 0.06))
WARM = Stain((253, 247, 236), (0.06, 0.24, 0.27), (0.18, 0.28, 0.08), (0.36, 0.68, 0.16))
PALE = Stain((252, 252, 246), (0.20, 0.14, 0.08), (0.10, 0.22, 0.03), (0.18, 0.52, 0.05))


@dataclass(frozen=True, slots=True)
class Smear:
    """What one image shows. Lengths are pixels of the finished image; `blur_px` is the lens' sigma."""

    name: str
    stain: Stain
    white_cells: tuple[Kind, ...]
    red_cells: int = 95
    size: tuple[int, int] = (1024, 768)
    blur_px: float = 0.8
    light: float = 1.0
    platelets: int = 8


SMEARS = (
    Smear("synthetic-1/smear-1.jpg", VIOLET, ("lymphocyte", "neutrophil", "lymphocyte")),
    Smear("synthetic-1/smear-2.jpg", VIOLET, ("neutrophil", "neutrophil"), red_cells=150, platelets=16),
    Smear("synthetic-1/smear-10.jpg", VIOLET, ("lymphocyte", "lymphocyte", "blast"), red_cells=60),
    Smear("synthetic-2/smear-1.jpg", BLUE, ("blast", "blast", "blast", "lymphocyte", "blast")),
    Smear("synthetic-2/smear-2.jpg", BLUE, ("blast", "blast"), red_cells=130),
    Smear("synthetic-2/smear-3 out of focus.jpg", BLUE, ("blast", "blast", "lymphocyte"), blur_px=6.0),
    Smear("synthetic-3/smear-1.jpg", WARM, ("blast",) * 9, red_cells=70, platelets=2),
    Smear("synthetic-3/smear-2.png", WARM, ("blast",) * 4, red_cells=45, size=(640, 480)),
    Smear("synthetic-3/smear-3 dark.jpg", WARM, ("blast",) * 6, light=0.22),
    Smear("synthetic-10/smear-1.jpg", PALE, ("blast", "lymphocyte"), red_cells=110),
    Smear("synthetic-10/smear-2.jpg", PALE, ("blast",) * 5, red_cells=230, size=(1600, 1200)),
    Smear("synthetic-10/smear-3 empty field.jpg", PALE, (), red_cells=5, platelets=3),
)


class Patch(NamedTuple):
    """A square of the picture around a cell: where it lies, and polar coordinates from the cell's centre."""

    rows: slice
    columns: slice
    radius: Floats
    angle: Floats


class Canvas:
    """Optical density per channel, float32 H×W×3, onto which cells are laid."""

    def __init__(self, smear: Smear, random: np.random.Generator) -> None:
        width, height = (side * _OVERSAMPLING for side in smear.size)
        self.density: Floats = np.zeros((height, width, 3), np.float32)
        self.random = random
        self._taken: list[tuple[float, float, float]] = []

    def free_place(self, radius: float, overlap: float, margin: float = 1.0) -> tuple[float, float] | None:
        """A centre where a cell of `radius` reaches at most the share `overlap` into others.

        `margin` makes the place larger than the cell: red cells stay off white ones.
        """
        height, width = self.density.shape[:2]
        for _ in range(60):
            x, y = self.random.uniform(0, width), self.random.uniform(0, height)
            if all(np.hypot(x - a, y - b) > (radius + r) * (1 - overlap) for a, b, r in self._taken):
                self._taken.append((x, y, radius * margin))
                return x, y
        return None

    def patch(self, x: float, y: float, reach: float) -> Patch:
        """The part of the picture within `reach` of a centre (cut at the picture's edges)."""
        height, width = self.density.shape[:2]
        rows = slice(max(0, int(y - reach)), min(height, int(y + reach) + 1))
        columns = slice(max(0, int(x - reach)), min(width, int(x + reach) + 1))
        down, right = np.mgrid[rows, columns].astype(np.float32)
        return Patch(rows, columns, np.hypot(right - x, down - y), np.arctan2(down - y, right - x))

    def lay(self, patch: Patch, thickness: Floats, colour: Colour) -> None:
        """Add a layer: `thickness` (0 to about 1) times the stain's densities."""
        self.density[patch.rows, patch.columns] += thickness[..., None] * np.asarray(colour, np.float32)

    def texture(self, patch: Patch, grain: float) -> Floats:
        """Smooth noise in the patch's shape, mean 0, deviation 1, with grains of about `grain` pixels."""
        noise = self.random.normal(0, 1, patch.radius.shape).astype(np.float32)
        smooth = cv2.GaussianBlur(noise, (0, 0), grain)
        return np.asarray((smooth - smooth.mean()) / (smooth.std() + 1e-6), np.float32)


def _outline(patch: Patch, radius: float, wobble: float, random: np.random.Generator) -> Floats:
    """Distance from the centre as a share of the cell's edge there: 1 on a wavy outline."""
    edge = np.ones_like(patch.radius)
    for waves in (2, 3, 4, 5):
        edge += wobble / waves * random.normal() * np.cos(waves * patch.angle + random.uniform(0, 2 * np.pi))
    return np.asarray(patch.radius / (radius * edge), np.float32)


def _disc(share: Floats, softness: float) -> Floats:
    """1 inside, 0 outside of an outline, with an edge as wide as `softness` (a share of the radius)."""
    step = np.clip((1 + softness / 2 - share) / softness, 0, 1)
    return np.asarray(step * step * (3 - 2 * step), np.float32)


def _draw_red_cell(canvas: Canvas, stain: Stain) -> None:
    random = canvas.random
    radius = float(random.normal(33, 3)) * _OVERSAMPLING
    place = canvas.free_place(radius, overlap=0.35)
    if place is None:
        return
    patch = canvas.patch(*place, radius * 1.5)
    share = _outline(patch, radius, 0.06, random)
    pallor = random.uniform(0.45, 0.95) * np.exp(-((share / random.uniform(0.35, 0.55)) ** 2))
    rim = 0.25 * np.exp(-(((share - 0.82) / 0.13) ** 2))
    thickness = _disc(share, 0.12) * (random.uniform(0.8, 1.05) - pallor + rim)
    canvas.lay(patch, np.asarray(thickness, np.float32), stain.red_cell)


def _draw_white_cell(canvas: Canvas, stain: Stain, kind: Kind) -> None:
    random = canvas.random
    radius = {"lymphocyte": 40.0, "blast": 62.0, "neutrophil": 58.0}[kind] * random.uniform(0.92, 1.12)
    radius *= _OVERSAMPLING
    place = canvas.free_place(radius, overlap=0.0, margin=1.4)
    if place is None:
        return
    patch = canvas.patch(*place, radius * 1.5)
    # Under a white cell lies no red one: what was drawn there makes way.
    share = _outline(patch, radius, 0.05, random)
    body = _disc(share, 0.08)
    canvas.density[patch.rows, patch.columns] *= (1 - body)[..., None]
    grains = canvas.texture(patch, 2.0 * _OVERSAMPLING)
    depth = 0.35 if kind == "neutrophil" else 0.9
    canvas.lay(patch, np.asarray(body * (depth + 0.08 * grains), np.float32), stain.cytoplasm)
    nucleus = (
        _lobes(patch, radius, random) if kind == "neutrophil" else _round_nucleus(patch, radius, kind, random)
    )
    chromatin = canvas.texture(patch, (3.0 if kind == "blast" else 5.0) * _OVERSAMPLING)
    density = {"lymphocyte": 1.3, "blast": 0.85, "neutrophil": 1.2}[kind]
    coarse = {"lymphocyte": 0.22, "blast": 0.13, "neutrophil": 0.22}[kind]
    canvas.lay(patch, np.asarray(nucleus * body * (density + coarse * chromatin), np.float32), stain.nucleus)


def _round_nucleus(patch: Patch, radius: float, kind: Kind, random: np.random.Generator) -> Floats:
    filling = random.uniform(0.82, 0.9)
    nucleus = _disc(_outline(patch, radius * filling, 0.07, random), 0.07)
    if kind == "blast":  # one or two pale nucleoli
        for _ in range(int(random.integers(1, 3))):
            x, y = random.uniform(-0.4, 0.4, 2) * radius
            away = np.hypot(patch.radius * np.cos(patch.angle) - x, patch.radius * np.sin(patch.angle) - y)
            nucleus = nucleus * (1 - 0.3 * np.exp(-((away / (0.15 * radius)) ** 2)))
    return np.asarray(nucleus, np.float32)


def _lobes(patch: Patch, radius: float, random: np.random.Generator) -> Floats:
    """Three or four lobes on an arc, joined by thin strands."""
    count, start = int(random.integers(3, 5)), random.uniform(0, 2 * np.pi)
    x, y = patch.radius * np.cos(patch.angle), patch.radius * np.sin(patch.angle)
    lobes = np.zeros_like(patch.radius)
    for number in range(count):
        turn = start + number * 4.2 / count
        away = np.hypot(x - 0.45 * radius * np.cos(turn), y - 0.45 * radius * np.sin(turn))
        lobes = np.maximum(
            lobes, _disc(np.asarray(away / (random.uniform(0.27, 0.34) * radius), np.float32), 0.2)
        )
    strand = np.exp(-(((patch.radius / radius - 0.45) / 0.07) ** 2))
    within = np.mod(patch.angle - start, 2 * np.pi) < 4.2 * (count - 1) / count
    return np.asarray(np.maximum(lobes, 0.8 * strand * within), np.float32)


def _draw_platelet(canvas: Canvas, stain: Stain) -> None:
    radius = float(canvas.random.uniform(7, 12)) * _OVERSAMPLING
    place = canvas.free_place(radius, overlap=0.0)
    if place is None:
        return
    patch = canvas.patch(*place, radius * 2)
    body = _disc(_outline(patch, radius, 0.2, canvas.random), 0.5)
    grains = np.clip(0.45 + 0.2 * canvas.texture(patch, 1.2 * _OVERSAMPLING), 0.1, 1)
    canvas.lay(patch, np.asarray(body * grains, np.float32), stain.nucleus)


def draw_smear(smear: Smear, seed: int) -> npt.NDArray[np.uint8]:
    """One picture: uint8 H×W×3, red first."""
    random = np.random.default_rng(seed)
    canvas = Canvas(smear, random)
    for kind in smear.white_cells:  # placed first, so that no red cell hides them
        _draw_white_cell(canvas, smear.stain, kind)
    for _ in range(smear.red_cells):
        _draw_red_cell(canvas, smear.stain)
    for _ in range(smear.platelets):
        _draw_platelet(canvas, smear.stain)
    light = np.asarray(smear.stain.glass, np.float32) * smear.light * np.power(10.0, -canvas.density)
    small = cv2.resize(light, smear.size, interpolation=cv2.INTER_AREA)
    seen = cv2.GaussianBlur(small, (0, 0), smear.blur_px) * _vignette(smear.size)[..., None]
    noisy = seen + random.normal(0, 1.6, seen.shape)
    return _with_writing(np.clip(np.rint(noisy), 0, 255).astype(np.uint8))


def _vignette(size: tuple[int, int]) -> Floats:
    width, height = size
    down, right = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    return np.asarray(1 - 0.06 * (down**2 + right**2), np.float32)


def _with_writing(image: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The scale bar at the lower right, as microscopes burn it in, and the word SYNTHETIC at the lower left."""
    height, width = image.shape[:2]
    top, right = height - 44, width - 16
    cv2.rectangle(image, (right - 112, top), (right, height - 16), (255, 255, 255), -1)
    cv2.putText(
        image, "100 pixel", (right - 96, top + 14), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (0, 0, 0), 1, cv2.LINE_AA
    )
    cv2.line(image, (right - 106, top + 21), (right - 6, top + 21), (0, 0, 0), 2)
    cv2.rectangle(image, (16, top), (136, height - 16), (255, 255, 255), -1)
    cv2.putText(
        image, "SYNTHETIC", (25, top + 20), cv2.FONT_HERSHEY_SIMPLEX, 0.55, (150, 0, 0), 1, cv2.LINE_AA
    )
    return image


def draw_all(folder: Path) -> list[Path]:
    """Draw every smear into `folder`, a subfolder a case; returns the files."""
    written = []
    for seed, smear in enumerate(SMEARS, start=FIRST_SEED):
        path = folder / smear.name
        path.parent.mkdir(parents=True, exist_ok=True)
        blue_first = cv2.cvtColor(draw_smear(smear, seed), cv2.COLOR_RGB2BGR)
        options = [cv2.IMWRITE_JPEG_QUALITY, 92] if path.suffix == ".jpg" else []
        _, content = cv2.imencode(path.suffix, blue_first, options)
        path.write_bytes(content.tobytes())
        written.append(path)
    return written


if __name__ == "__main__":
    default = Path(__file__).parent.parent / "assets" / "demo"
    for file in draw_all(Path(sys.argv[1]) if len(sys.argv) > 1 else default):
        print(f"{file} ({file.stat().st_size / 1e3:.0f} kB)")
