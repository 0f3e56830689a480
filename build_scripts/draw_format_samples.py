"""Write one picture in every format and compression that is read, for the self-test of an installed program.

The picture is drawn: red from left to right, green downwards, blue against both. No encoder of HEIC may be here (they
are under the GPL), so phone.heic stays as it is.

Run: python build_scripts/draw_format_samples.py [FOLDER]     (default: assets/formats)
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tifffile
from PIL import Image

WIDTH_PX, HEIGHT_PX = 64, 48
# By Pillow: the file's name, its format's and what else it is told.
_FILES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("plain.bmp", "BMP", {}),
    ("plain.png", "PNG", {}),
    ("plain.jpg", "JPEG", {"quality": 95, "subsampling": 0}),
    ("plain.jp2", "JPEG2000", {}),
    ("plain.webp", "WEBP", {"lossless": True}),
    ("plain.avif", "AVIF", {"quality": 95, "subsampling": "4:4:4"}),
)
# By tifffile, all with the compression's name in the file's.
_TIFFS = ("none", "lzw", "zlib", "packbits", "jpeg", "jpeg2000", "zstd", "webp", "lzma", "lerc")


def picture() -> npt.NDArray[np.uint8]:
    """The picture, 48 × 64 × 3."""
    y, x = np.mgrid[0:HEIGHT_PX, 0:WIDTH_PX]
    blue = 255 - 255 * (x + y) / (WIDTH_PX + HEIGHT_PX)
    return np.stack([255 * x / WIDTH_PX, 255 * y / HEIGHT_PX, blue], axis=-1).astype(np.uint8)


def write_samples(folder: Path) -> None:
    """Write all but phone.heic into `folder`."""
    pixels = picture()
    image = Image.fromarray(pixels)
    for name, file_format, options in _FILES:
        image.save(folder / name, file_format, **options)
    for compression in _TIFFS:
        how: dict[str, Any] = {} if compression == "none" else {"compression": compression}
        if compression in ("lzw", "zlib"):
            how["predictor"] = True
        if compression == "jpeg":
            how["compressionargs"] = {"level": 95}
        tifffile.imwrite(
            folder / f"{compression}.tif", pixels, photometric="rgb", software="", metadata=None, **how
        )


def main() -> int:
    """Run the script; returns its exit status."""
    target = Path(__file__).parent.parent / "assets" / "formats"
    write_samples(Path(sys.argv[1]) if len(sys.argv) > 1 else target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
