"""One image on its way to the denoised one: tile by tile, what the reader looks at first."""

import threading
from collections.abc import Callable

import numpy as np

from bloodsmear.images.denoise import denoise_image, keep_region
from bloodsmear.images.denoise_settings import DenoiseSettings
from bloodsmear.images.non_local_means import NonLocalMeans
from bloodsmear.images.region import Region, nearest_first, tiles_of
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scale_bar import find_scale_bar
from bloodsmear.jobs import Cancel

# How soon one who waits for another's tile hears that it is to stop.
_LOOK_EVERY_S = 0.05


class Denoising:
    """The denoised image as far as it is computed, and the tiles that remain. Safe from any thread.

    `pixels` is uint8 H×W×3 and exact, bit for bit as `denoise_image`, in the regions of `done`; elsewhere black.
    Stopping costs at most the tiles under way: whoever runs it again goes on where it was. `run` ends when all is
    exact, also where the last tile is another's, who may have been told to stop meanwhile.
    """

    def __init__(self, image: RgbImage, settings: DenoiseSettings) -> None:
        self.pixels = np.zeros_like(image)
        self._image = image
        self._settings = settings
        self._lock = threading.Condition()
        height_px, width_px = image.shape[:2]
        whole = Region(0, 0, width_px, height_px)
        # A quick denoiser is done before its first tile could be shown.
        self._remaining = list(tiles_of(width_px, height_px)) if settings.slow else [whole]
        self._done: list[Region] = []
        self._under_way = 0
        self._non_local_means: NonLocalMeans | None = None
        self._bar: Region | None = None
        self.look_at(whole)

    @property
    def done(self) -> tuple[Region, ...]:
        """The regions that are exact."""
        with self._lock:
            return tuple(self._done)

    @property
    def complete(self) -> bool:
        """Whether all of `pixels` is exact."""
        with self._lock:
            return not self._remaining and not self._under_way

    def look_at(self, region: Region) -> None:
        """Compute what remains in this part before the rest."""
        with self._lock:
            # The next one is taken from the end.
            self._remaining = nearest_first(self._remaining, region)[::-1]

    def run(self, say: Callable[[Region], None], cancel: Cancel) -> None:
        """Compute until all is exact; `say` names each tile done here. As many threads may run it as there are cores.

        A tile is said before it counts as done, so each has been said when any of the threads returns.
        OpenCV works on a single core for a tile, so the threads do not get in one another's way. Raises JobCancelled.
        """
        while True:
            cancel.checkpoint()
            tile = self._take(cancel)
            if tile is None:
                return
            try:
                self.pixels[tile.slices()] = self._denoise(tile)
                say(tile)
            except BaseException:
                self._put_back(tile, self._remaining)
                raise
            self._put_back(tile, self._done)

    def _take(self, cancel: Cancel) -> Region | None:
        """The next tile; None when all are done. Waits for those of others: one that fails has to be done here."""
        with self._lock:
            while not self._remaining and self._under_way:
                self._lock.wait(_LOOK_EVERY_S)
                cancel.checkpoint()
            if not self._remaining:
                return None
            self._under_way += 1
            return self._remaining.pop()

    def _put_back(self, tile: Region, tiles: list[Region]) -> None:
        with self._lock:
            self._under_way -= 1
            tiles.append(tile)
            self._lock.notify_all()

    def _denoise(self, tile: Region) -> RgbImage:
        if not self._settings.slow:
            return denoise_image(self._image, self._settings)
        with self._lock:
            if self._non_local_means is None:
                self._non_local_means = NonLocalMeans(self._image, self._settings.strength)
                self._bar = find_scale_bar(self._image)
            bar = self._bar
        denoised = self._non_local_means.region(tile)
        if bar is None or not bar.meets(tile):
            return denoised
        return keep_region(denoised, self._image[tile.slices()], bar.within(tile))
