"""What a run works on: its images with their pictures and parts, what it starts from, what it keeps in."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.recipe import Recipe
from training.data.data_set import DataSet
from training.data.fingerprint_texts import fingerprint_texts
from training.data.kept_images import DecodedSet, KeptImages
from training.data.pictures import Pictures, PictureSet
from training.data.split import Part, Split
from training.fitting.earlier_classifier import EarlierClassifier


@dataclass(frozen=True, slots=True)
class KeptPart:
    """What a run remembers of the images that it keeps in, and these images with their pictures."""

    record: KeptImages
    images: DecodedSet


@dataclass(frozen=True, slots=True)
class PreparedRun:
    """A data set decoded and split for one run. `targets` int64 N.

    `earlier` is what the fit starts from (None: from scratch), `kept` are images of an earlier data set that are fitted
    on as well. `whole_ships`: what ships is fitted on all images, also on those by which it was measured.
    """

    run: Path
    data_set: DataSet
    split: Split
    recipe: Recipe
    pictures: PictureSet
    targets: npt.NDArray[np.int64]
    earlier: EarlierClassifier | None = None
    kept: KeptPart | None = None
    whole_ships: bool = False

    def part(self, part: Part) -> tuple[Pictures, npt.NDArray[np.int64]]:
        """The pictures (uint8 n×H×W×3) and targets (int64 n) of one part; images kept in are training images."""
        pixels, targets = self.own_part(part)
        if part != "train" or self.kept is None:
            return pixels, targets
        kept = self.kept.images
        return np.concatenate([pixels, kept.pictures.pixels]), np.concatenate([targets, kept.targets])

    def own_part(self, part: Part) -> tuple[Pictures, npt.NDArray[np.int64]]:
        """The same of the data set alone, without images that are kept in."""
        places = self.split.indices(self.data_set, part)
        return self.pictures.pixels[places], self.targets[places]

    def large_part(self, part: Part) -> tuple[Pictures, npt.NDArray[np.int64]]:
        """The same as `part`, with the pictures at the size at which a fit changes them."""
        if self.pictures.large is None:
            return self.part(part)
        pixels, targets = self._large(self.split.indices(self.data_set, part))
        if part != "train" or self.kept is None or self.kept.images.pictures.large is None:
            return pixels, targets
        kept = self.kept.images
        return np.concatenate([pixels, kept.pictures.large]), np.concatenate([targets, kept.targets])

    def large_rest(self) -> tuple[Pictures, npt.NDArray[np.int64]]:
        """The same of all images of the data set that are not in the training part."""
        return self._large(self._rest())

    def cases(self) -> tuple[str, ...]:
        """The case of each training image and of each of the rest, by name; empty where there is none."""
        kept = 0 if self.kept is None else len(self.kept.images.targets)
        own, rest = (
            tuple(self.data_set.images[place].case for place in places)
            for places in (self.split.indices(self.data_set, "train"), self._rest())
        )
        return (*own, *([""] * kept), *rest)

    def _rest(self) -> list[int]:
        return sorted({*range(len(self.targets))} - {*self.split.indices(self.data_set, "train")})

    def _large(self, places: list[int]) -> tuple[Pictures, npt.NDArray[np.int64]]:
        pictures = self.pictures.pixels if self.pictures.large is None else self.pictures.large
        return pictures[places], self.targets[places]

    @property
    def how_split(self) -> str:
        """How images were held out, in words, and that what ships has seen them where it has."""
        how = self.split.description
        if not self.whole_ships:
            return how
        return (
            f"{how}; the figures are of a fit that saw the training part alone, and what ships was then fitted by the "
            "same settings on all images"
        )

    @property
    def seen(self) -> tuple[str, ...]:
        """Fingerprints (16 hex digits) of all that what ships has seen, also through the weights it starts from."""
        indices = self.split.indices
        places = indices(self.data_set, "train") + indices(self.data_set, "validation")
        if self.whole_ships:
            places = list(range(len(self.targets)))
        own = fingerprint_texts(self.pictures.fingerprints[places])
        kept = self.kept.record.images.values() if self.kept is not None else ()
        earlier = self.earlier.fingerprints if self.earlier is not None else ()
        return tuple(sorted({*own, *kept, *earlier}))
