"""The program's icon, drawn: a cell with its nucleus on the viewer's grey, in the sizes that each system asks for."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

_SIDE_PX = 1024
_OVERSAMPLING = 2
_GROUND, _CELL, _NUCLEUS, _GRAIN = "#20242C", "#C9B6DC", "#5B3A86", "#7D5BA6"
_WINDOWS_SIDES_PX = (16, 24, 32, 48, 64, 128, 256)


def draw_icon() -> Image.Image:
    """The icon in its largest size, RGBA."""
    side = _SIDE_PX * _OVERSAMPLING
    picture = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((0, 0, side - 1, side - 1), side // 5, fill=_GROUND)
    for centre_x, centre_y, radius, colour in (
        (0.5, 0.5, 0.36, _CELL),
        (0.45, 0.47, 0.22, _NUCLEUS),
        (0.55, 0.58, 0.16, _NUCLEUS),
        (0.42, 0.44, 0.05, _GRAIN),
        (0.53, 0.55, 0.04, _GRAIN),
    ):
        x, y, reach = centre_x * side, centre_y * side, radius * side
        draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=colour)
    return picture.resize((_SIDE_PX, _SIDE_PX), Image.Resampling.LANCZOS)


def write_window_icon(file: Path) -> None:
    """Write the icon that the window shows, 256 px, as PNG. Raises OSError."""
    draw_icon().resize((256, 256), Image.Resampling.LANCZOS).save(file, optimize=True)


def write_icons(folder: Path) -> None:
    """Write bloodsmear.png (256 px), .ico and .icns into the folder. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    icon = draw_icon()
    icon.resize((256, 256), Image.Resampling.LANCZOS).save(folder / "bloodsmear.png")
    icon.save(folder / "bloodsmear.ico", sizes=[(side, side) for side in _WINDOWS_SIDES_PX])
    icon.save(folder / "bloodsmear.icns")
