"""Images of an earlier data set that stay in the training part, so that what was learned on them is not unlearned."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np
import numpy.typing as npt

from bloodsmear.errors import DataSetError, TrainingError
from bloodsmear.file_names import require_below
from bloodsmear.images.duplicates import Likeness, compare_pictures
from bloodsmear.jobs import Report, report_nowhere
from bloodsmear.jobs.training_files import SPLIT_FILE
from bloodsmear.json_file import read_json, write_json
from bloodsmear.known_folders import unknown_folders
from training.data.data_set import DataSet, LabelledImage
from training.data.fingerprint_texts import changed_images, fingerprint_texts
from training.data.pictures import PictureSet

_KEPT_FILE = "kept.json"


@dataclass(frozen=True, slots=True)
class DecodedSet:
    """A data set with its pictures."""

    data_set: DataSet
    pictures: PictureSet

    @property
    def targets(self) -> npt.NDArray[np.int64]:
        """Each image's label as an index into the data set's labels, int64 N."""
        return np.array(self.data_set.targets, np.int64)

    @property
    def fingerprints(self) -> dict[str, str]:
        """Each image's fingerprint (16 hex digits) by its name."""
        names = (self.data_set.name_of(image) for image in self.data_set.images)
        return dict(zip(names, fingerprint_texts(self.pictures.fingerprints), strict=True))

    def at(self, places: Sequence[int]) -> "DecodedSet":
        """The images at these places alone."""
        images = tuple(self.data_set.images[place] for place in places)
        whole = self.pictures
        pictures = whole.at(places)
        return DecodedSet(replace(self.data_set, images=images), pictures)


class KeptImages(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which images of the earlier data set in `folder` a run keeps in: fingerprints (16 hex digits) by name.

    `left_out` images of the folder were trained on as well, but are near duplicates of the run's own.
    """

    folder: Annotated[str, msgspec.Meta(max_length=4_000)]
    images: dict[str, str]
    left_out: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]

    def __post_init__(self) -> None:
        """Refuse names that lead out of the folder: ValueError."""
        for name in self.images:
            require_below(name)

    def in_words(self) -> str:
        """How many are kept in and left out, as a sentence."""
        more = (
            f"; {self.left_out} more are near duplicates of the new ones and left out"
            if self.left_out
            else ""
        )
        return f"{len(self.images)} images of {self.folder} are kept in, in train only{more}."


def choose_kept(
    old: DecodedSet, new: DecodedSet, held_out: Sequence[int], fingerprints: Sequence[str], report: Report
) -> KeptImages:
    """Keep those of the `old` images that a classifier was trained on and that resemble none of the `new` ones.

    `fingerprints` (16 hex digits) are the classifier's, `held_out` places in `new`. A near duplicate of a new image is
    fitted on already, or must not be. Raises DataSetError where no image is left, where one picture stands under two
    labels, or where a held-out picture was trained on.
    """
    trained_on = set(fingerprints)
    seen = old.at([place for place, text in enumerate(old.fingerprints.values()) if text in trained_on])
    if not seen.data_set.images:
        raise DataSetError(
            f"None of the {len(old.data_set.images)} images in {old.data_set.root} is one that the earlier classifier "
            "was trained on. Name the folder that it was trained on, or keep no images in."
        )
    likeness = _compare(new, seen, np.concatenate([new.targets, seen.targets]), report)
    _refuse_two_labels(new, seen, likeness)
    of_new, of_seen = np.split(likeness.groups, [len(new.data_set.images)])
    suspects = [place for place in held_out if of_new[place] in of_seen]
    if suspects:
        _refuse_held_out(
            new.at(suspects), seen.at(np.flatnonzero(np.isin(of_seen, of_new[suspects])).tolist())
        )
    kept = seen.at(np.flatnonzero(~np.isin(of_seen, of_new)).tolist())
    if not kept.data_set.images:
        raise DataSetError(
            f"All {len(of_seen)} images in {old.data_set.root} that the earlier classifier was trained on are near "
            f"duplicates of images in {new.data_set.root}, so there are no further images to keep in."
        )
    left_out = len(of_seen) - len(kept.data_set.images)
    return KeptImages(str(old.data_set.root), kept.fingerprints, left_out)


def find_kept(kept: KeptImages, old: DecodedSet) -> DecodedSet:
    """The images that a run keeps in, out of all in their folder. DataSetError where one is gone or another picture."""
    found = old.fingerprints
    missing = [name for name in kept.images if name not in found]
    changed = changed_images(kept.images, found)
    if missing or changed:
        raise DataSetError(
            f"{len(missing) + len(changed)} of the {len(kept.images)} images that the run keeps in are not in "
            f"{old.data_set.root} as they were: {[*missing, *changed][0]} is the first. Put them back, or begin a new "
            "run in another folder."
        )
    return old.at([place for place, name in enumerate(found) if name in kept.images])


def folder_to_keep(run: Path, keep: Path | None) -> Path | None:
    """The folder whose images the run keeps in: named now (`keep`), or remembered by the run; None: none.

    Raises DataSetError for a run that was begun without.
    """
    remembered = recall_kept(run)
    if keep is not None and remembered is None and (run / SPLIT_FILE).is_file():
        raise DataSetError(
            f"The run in {run} was begun without keeping in images of {keep}. Go on without them, or begin a new run "
            "in another folder."
        )
    if keep is not None or remembered is None:
        return keep
    return require_known(Path(remembered.folder), run, "bloodsmear-train fit --keep")


def recall_kept(run: Path) -> KeptImages | None:
    """What a run remembers; None where it keeps nothing in. DataSetError says what is wrong with the file."""
    file = run / _KEPT_FILE
    if not file.is_file():
        return None
    try:
        return read_json(file, KeptImages)
    except (OSError, ValueError) as error:
        raise DataSetError(f"{file} cannot be read: {error}. Begin a new run in another folder.") from error


def write_kept(run: Path, kept: KeptImages) -> None:
    """Let the run remember it. It names images, so it stays in the run's folder. Raises OSError."""
    write_json(run / _KEPT_FILE, kept)


def _compare(one: DecodedSet, other: DecodedSet, targets: npt.NDArray[np.int64], report: Report) -> Likeness:
    """What `compare_pictures` finds among the images of both, those of `one` first."""
    first, second = one.pictures, other.pictures
    reduced = np.concatenate([first.reduced, second.reduced])
    fingerprints = np.concatenate([first.fingerprints, second.fingerprints])
    return compare_pictures(reduced, fingerprints, targets, report)


def _refuse_two_labels(new: DecodedSet, seen: DecodedSet, likeness: Likeness) -> None:
    images = (*new.data_set.images, *seen.data_set.images)

    def labelled(image: LabelledImage) -> str:
        return f"{image.path} ({new.data_set.label_set.name_of(image.label)})"

    sentences = [
        f"{labelled(images[one])} and {labelled(images[other])} are the same picture (perhaps turned, mirrored or "
        "saved again). Keep it under the right label only."
        for one, other in likeness.doubly_labelled
        if other >= len(new.data_set.images)
    ]
    if sentences:
        raise DataSetError("\n".join(sentences))


def _refuse_held_out(held_out: DecodedSet, seen: DecodedSet) -> None:
    # Leaving the kept copy out does not help: the weights that the fit starts from have seen the picture. Its
    # fingerprint is another where it was turned or saved again. The side stands in for the label, so that every pair
    # is one of a held-out and a seen picture.
    count = len(held_out.data_set.images)
    sides = np.repeat([0, 1], [count, len(seen.data_set.images)])
    pairs = _compare(held_out, seen, sides, report_nowhere).doubly_labelled
    if pairs:
        one, other = pairs[0]
        raise DataSetError(
            f"{len(pairs)} held-out images in {held_out.data_set.root} show the same picture as images that the "
            f"earlier classifier was trained on: {held_out.data_set.images[one].path} is "
            f"{seen.data_set.images[other - count].path}. Figures on them would prove nothing. "
            "Take them out of the new folder."
        )


def require_known(place: Path, run: Path, option: str) -> Path:
    """The place, which a run names. TrainingError where nobody has named it, nor a folder that it lies in, on this PC.

    A run's folder may come from anywhere.
    """
    if unknown_folders([place]):
        raise TrainingError(
            f"The run in {run} names {place}, which nobody has opened on this PC before. If that is the right place, "
            "name it once more; else begin a new run in another folder.",
            at_terminal=f"It is named with {option}.",
        )
    return place
