"""What a pixel holds, in figures."""

from bloodsmear.images.rgb_image import RgbImage


def value_words(pixels: RgbImage | None, column: int, row: int) -> str:
    """`x 412 y 233 · 168 104 211` (red, green, blue); empty outside the picture, or without one."""
    if pixels is None or not _inside(pixels, column, row):
        return ""
    red, green, blue = (int(value) for value in pixels[row, column])
    return f"x {column} y {row} · {red} {green} {blue}"


def change_words(original: RgbImage | None, denoised: RgbImage | None, column: int, row: int) -> str:
    """`x 412 y 233 · +3 −1 0`: what denoising changed in red, green and blue; empty where nothing can be said."""
    if original is None or denoised is None or not _inside(denoised, column, row):
        return ""
    changes = denoised[row, column].astype(int) - original[row, column]
    words = " ".join(f"{change:+d}" if change else "0" for change in changes)
    return f"x {column} y {row} · {words}".replace("-", "−")


def _inside(pixels: RgbImage, column: int, row: int) -> bool:
    height_px, width_px, _ = pixels.shape
    return bool(0 <= column < width_px and 0 <= row < height_px)
