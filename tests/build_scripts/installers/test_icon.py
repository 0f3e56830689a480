"""The icon is drawn once: the window shows the one that the installers bring."""

from pathlib import Path

from installers.icon import write_window_icon
from PIL import Image, ImageChops

from bloodsmear import paths


def test_the_windows_icon_is_the_drawn_one(tmp_path: Path) -> None:
    write_window_icon(tmp_path / "icon.png")
    with Image.open(tmp_path / "icon.png") as drawn, Image.open(paths.icon()) as kept:
        assert kept.size == (256, 256)
        assert ImageChops.difference(drawn.convert("RGBA"), kept.convert("RGBA")).getbbox() is None
