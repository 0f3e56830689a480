"""The pictures in memory, under one limit: decoded files, what is denoised of them, and what was begun of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bloodsmear.images.denoise_settings import DenoisedKey
from bloodsmear.images.recently_used import RecentlyUsed
from desktop.gui.study.image_jobs import FoundDenoised, ReadFile

if TYPE_CHECKING:  # OpenCV comes in with them, on the jobs' threads
    from bloodsmear.images.denoising import Denoising
    from bloodsmear.images.rgb_image import RgbImage

# The shown image, the next two and the one before, of 5 megapixels each, with their denoised pictures.
_LIMIT_BYTES = 128_000_000
# Files and denoised pictures of small images: what lies further back than a dozen is prepared again on the way there,
# for the image before the shown one always is.
_MOST = 24
# What is done of it, and its lightness and colours; the image itself is its file's.
BEGUN_PICTURES = 2


class HeldPictures:
    """Together `limit_bytes`, and two dozen, at most: what was not used for longest goes first. For one thread."""

    def __init__(self, limit_bytes: int = _LIMIT_BYTES) -> None:
        self.limit_bytes = limit_bytes
        self._held = RecentlyUsed[str | DenoisedKey, ReadFile | FoundDenoised](limit_bytes, _MOST)

    @property
    def held_bytes(self) -> int:
        """How much is held now."""
        return self._held.held_bytes

    def file(self, image: str) -> ReadFile | None:
        """An image's decoded file."""
        held = self._held.get(image)
        return held if isinstance(held, ReadFile) else None

    def hold_file(self, image: str, file: ReadFile) -> None:
        """A file was decoded."""
        self._held.put(image, file, file.decoded.pixels.nbytes)

    def complete(self, key: DenoisedKey) -> RgbImage | None:
        """The denoised picture, where all of it is there."""
        return self._denoised(key).pixels

    def begun(self, key: DenoisedKey) -> Denoising | None:
        """What was begun and left."""
        return self._denoised(key).remaining

    def hold_begun(self, key: DenoisedKey, denoising: Denoising) -> None:
        """Something is begun: nothing of it is to be computed twice."""
        size = BEGUN_PICTURES * denoising.pixels.nbytes
        self._held.put(key, FoundDenoised(None, denoising), size)

    def hold_complete(self, key: DenoisedKey, pixels: RgbImage) -> None:
        """The picture is complete; it takes the place of what was begun."""
        self._held.put(key, FoundDenoised(pixels, None), pixels.nbytes)

    def forget(self) -> None:
        """Hold nothing any more."""
        self._held.clear()

    def _denoised(self, key: DenoisedKey) -> FoundDenoised:
        held = self._held.get(key)
        return held if isinstance(held, FoundDenoised) else FoundDenoised(None, None)
