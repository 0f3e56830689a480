"""HEIC and HEIF, as phones take them through the eyepiece: libheif with a decoder alone (docs/adr/0026)."""

import io

import numpy as np

from bloodsmear.images.formats.exif import resolution_of
from bloodsmear.images.formats.facts import FileFacts
from bloodsmear.images.formats.picture import Picture, Stored
from bloodsmear.images.formats.pillow_formats import PILLOW_ERRORS
from bloodsmear.images.formats.reader_contract import CUT_OFF, Asked, FormatError, require_size
from bloodsmear.images.formats.zero_stretches import has_zeroes_in_media


def open_heif(content: bytes, asked: Asked) -> Picture:
    """The file's main picture; libheif turns it upright."""
    import pi_heif

    try:
        file = pi_heif.open_heif(io.BytesIO(content), convert_hdr_to_8bit=True)
        main = file[file.primary_index]
        width_px, height_px = main.size
    except PILLOW_ERRORS as error:
        raise FormatError(CUT_OFF) from error
    require_size(width_px, height_px, asked.pixels)
    exif = main.info.get("exif") or b""
    if has_zeroes_in_media(content, exif):
        raise FormatError(CUT_OFF)

    def read(_divisor: int) -> Stored:
        try:
            samples = np.asarray(main).copy()
        except PILLOW_ERRORS as error:
            raise FormatError(CUT_OFF) from error
        if samples.dtype != np.uint8 or samples.shape[:2] != (height_px, width_px):
            raise FormatError(CUT_OFF)
        profile = main.info.get("icc_profile") or b""
        if samples.ndim == 2:
            return Stored(samples, "grey", profile=profile)
        alpha = samples[..., 3] if samples.shape[2] == 4 else None
        return Stored(np.ascontiguousarray(samples[..., :3]), "rgb", alpha, main.mode == "RGBa", profile)

    facts = FileFacts(sizes=resolution_of(exif), exif=exif)
    return Picture(width_px, height_px, read, facts=facts)
