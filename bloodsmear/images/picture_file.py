"""A picture as a file of its own: PNG or TIFF, without loss, replaced whole or not at all."""

import errno
from pathlib import Path

import cv2

from bloodsmear import atomic_file
from bloodsmear.errors import PictureError
from bloodsmear.images.rgb_image import RgbImage

ENDINGS = (".png", ".tif", ".tiff")


def write_picture(target: Path, pixels: RgbImage) -> None:
    """Write uint8 H×W×3 to `target`, by whose ending it is PNG or TIFF.

    Raises PictureError where the ending is another one, or the place cannot be written to.
    """
    if target.suffix.lower() not in ENDINGS:
        raise PictureError(f"Cannot write the picture {target}: name it .png or .tif.")
    _, content = cv2.imencode(target.suffix.lower(), cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
    try:
        atomic_file.write(target, content.tobytes())
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise PictureError(
                f"Cannot write the picture {target}: the disk is full. Free some space or choose another place."
            ) from error
        raise PictureError(
            f"Cannot write the picture {target}: {error.strerror or error}. Choose another name or place."
        ) from error
