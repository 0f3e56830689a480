"""What a run works on: its images with their pictures and parts, what it starts from, what it keeps in."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.errors import DataSetError
from bloodsmear.images.duplicates import group_duplicates
from bloodsmear.teaching.folds import FEWEST_CASES, group_images
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

    def groups(self) -> npt.NDArray[np.int64]:
        """What is left out together of the training images and then of the rest, where parts of them are: int64 N.

        Whole cases, or runs of image numbers, near duplicates together. Images kept in are apart from the others.
        DataSetError where a label has too few training images for that.
        """
        counts = np.bincount(self.part("train")[1], minlength=len(self.data_set.label_keys))
        if counts.min() < FEWEST_CASES:
            name = self.data_set.label_set.labels[int(counts.argmin())].name
            raise DataSetError(
                f"{name} has {counts.min()} training images; a head alone is fitted on at least {FEWEST_CASES} of each "
                "label. Add images of that label."
            )
        own = _groups_of(DecodedSet(self.data_set, self.pictures))
        kept = np.empty(0, np.int64) if self.kept is None else _groups_of(self.kept.images) + own.max() + 1
        train, rest = self.split.indices(self.data_set, "train"), self._rest()
        return np.concatenate([own[train], kept, own[rest]])

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


def _groups_of(images: DecodedSet) -> npt.NDArray[np.int64]:
    duplicates = group_duplicates(images.pictures.reduced, images.pictures.fingerprints)
    return group_images([image.case for image in images.data_set.images], images.targets, duplicates)
