"""Thumbnails: the whole image, small, upright, whatever the format."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import simplejpeg
from PIL import Image

from bloodsmear.errors import ImageError
from bloodsmear.images.decode import decode_image
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.thumbnail import fit_into, read_thumbnail


def cells(width: int, height: int) -> RgbImage:
    image = np.full((height, width, 3), (230, 220, 235), np.uint8)
    for number in range(12):
        centre = (width * (number * 5 % 12) // 12, height * number // 12)
        cv2.circle(image, centre, width // 14, (190, 90 + 10 * number, 110), -1, cv2.LINE_AA)
    return image


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif", "a.bmp", "a.webp"])
def test_a_thumbnail_shows_the_whole_image(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    Image.fromarray(cells(1024, 768)).save(path, quality=95)

    thumbnail = read_thumbnail(path, 96).pixels

    assert thumbnail.shape == (72, 96, 3)
    whole = cv2.resize(decode_image(path).pixels, (96, 72), interpolation=cv2.INTER_AREA)
    assert np.abs(thumbnail.astype(int) - whole).mean() < 1


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif"])
def test_a_thumbnail_stands_upright(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    exif = Image.Exif()
    exif[274] = 8
    Image.fromarray(cells(1024, 768)).save(path, exif=exif)

    assert read_thumbnail(path, 96).pixels.shape == (96, 72, 3)


def test_a_small_image_does_not_grow(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(cells(60, 40)).save(path)

    assert read_thumbnail(path, 96).pixels.shape == (40, 60, 3)


def test_a_strip_keeps_at_least_one_pixel() -> None:
    assert fit_into(np.zeros((3, 4000, 3), np.uint8), 64).shape == (1, 64, 3)


def test_a_jpeg_is_not_decoded_at_full_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.jpg"
    Image.fromarray(cells(2560, 1920)).save(path)
    widths = []
    decode = simplejpeg.decode_jpeg

    def watched(*arguments: Any, **options: Any) -> RgbImage:
        decoded: RgbImage = decode(*arguments, **options)
        widths.append(decoded.shape[1])
        return decoded

    monkeypatch.setattr(simplejpeg, "decode_jpeg", watched)
    read_thumbnail(path, 96)

    assert widths == [320]


def test_a_damaged_file_has_no_thumbnail(tmp_path: Path) -> None:
    path = tmp_path / "cut.jpg"
    Image.fromarray(cells(640, 480)).save(path)
    path.write_bytes(path.read_bytes()[:3000])

    with pytest.raises(ImageError, match="cut off"):
        read_thumbnail(path, 96)
