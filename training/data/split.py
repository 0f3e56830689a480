"""Which images are fitted on, which choose the best epoch, and which are only measured on at the end.

Whole cases are held out where the label folders have a folder for each case, else runs of image numbers.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from bloodsmear.errors import DataSetError
from bloodsmear.file_names import require_below
from bloodsmear.json_file import read_json, write_json
from training.data.case_split import CasePart, CasesByLabel, case_table, part_cases
from training.data.data_set import DataSet
from training.data.fingerprint_texts import changed_images, fingerprint_texts

Part = Literal["train", "validation", "held_out", "left_out"]
_IMAGES_A_RUN = 30
FEWEST_IMAGES = 10


@dataclass(frozen=True, slots=True)
class SplitSettings:
    """Shares (0 to 1) of each label's images, in how many contiguous runs, and the gap in images around a run."""

    seed: int
    validation_share: float = 0.12
    held_out_share: float = 0.18
    runs: int = 3
    gap: int = 4


class Split(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The part of every image, by its path below the data set's root.

    `fingerprints` (16 hex digits) say what image stands behind each name; empty in files of version 0.1.
    """

    seed: int
    description: str
    parts: dict[str, Part]
    fingerprints: dict[str, str] = {}

    def __post_init__(self) -> None:
        """Refuse names that lead out of the data set's root: ValueError."""
        for name in (*self.parts, *self.fingerprints):
            require_below(name)

    def indices(self, data_set: DataSet, part: Part) -> list[int]:
        """The places in `data_set` of the images of `part`. DataSetError where an image is in no part."""
        names = [data_set.name_of(image) for image in data_set.images]
        unknown = [name for name in names if name not in self.parts]
        if unknown:
            raise DataSetError(
                f"{unknown[0]} in {data_set.root} is not in the split ({len(unknown)} such). "
                "Use the folder that the split was made of, or make a new split."
            )
        return [place for place, name in enumerate(names) if self.parts[name] == part]


def make_split(data_set: DataSet, groups: npt.NDArray[np.int64], settings: SplitSettings) -> Split:
    """Hold out whole cases, or contiguous runs of image numbers of each label with a gap; near duplicates on one side.

    `groups` holds the duplicate group of each image (int64 N). One patient's images look alike, and so do neighbouring
    numbers, which come from one capture series: single random images would leak.
    Raises DataSetError for a label with fewer than ten images, or with cases but fewer than three.
    """
    few = too_few(data_set)
    if few:
        raise DataSetError("\n".join(few.values()))
    cases = case_table(data_set)
    if cases is None:
        parts, how = _runs(data_set, settings), _words_of_runs(settings)
    else:
        parts, how = _whole_cases(data_set, cases, settings)
    keep_duplicates_together(parts, groups)
    names = [data_set.name_of(image) for image in data_set.images]
    description = f"{how}, near duplicates of another part left out"
    return Split(settings.seed, description, dict(zip(names, parts.tolist(), strict=True)))


def _runs(data_set: DataSet, settings: SplitSettings) -> npt.NDArray[np.object_]:
    parts = np.full(len(data_set.images), "train", dtype=object)
    targets = np.array(data_set.targets)
    random = np.random.default_rng(settings.seed)
    for label in range(len(data_set.label_keys)):
        _part_one_label(parts, np.flatnonzero(targets == label), settings, random)
    return parts


def _words_of_runs(settings: SplitSettings) -> str:
    return (
        f"{settings.runs} contiguous runs of image numbers a label for each of validation "
        f"({settings.validation_share:.0%}) and held out ({settings.held_out_share:.0%}), a gap of {settings.gap} "
        "images around each run"
    )


def _whole_cases(
    data_set: DataSet, table: CasesByLabel, settings: SplitSettings
) -> tuple[npt.NDArray[np.object_], str]:
    shares: dict[CasePart, float] = {
        "held_out": settings.held_out_share,
        "validation": settings.validation_share,
    }
    of_case = part_cases(data_set, table, shares, settings.seed)
    parts = np.array(of_case, dtype=object)[table.of_image]
    how = (
        f"whole cases: {of_case.count('validation')} of {len(of_case)} for validation and "
        f"{of_case.count('held_out')} held out, chosen for {settings.validation_share:.0%} and "
        f"{settings.held_out_share:.0%} of each label's images"
    )
    return parts, how


def too_few(data_set: DataSet) -> dict[str, str]:
    """A sentence for each label with fewer than ten images, by the label's key."""
    counts = np.bincount(data_set.targets, minlength=len(data_set.label_keys))
    return {
        key: f"{data_set.root} has {count} images of {data_set.label_set.name_of(key)}; at least "
        f"{FEWEST_IMAGES} of each label are needed to fit and to measure. Add images of that label."
        for key, count in zip(data_set.label_keys, counts, strict=True)
        if count < FEWEST_IMAGES
    }


def _part_one_label(
    parts: npt.NDArray[np.object_],
    places: npt.NDArray[np.int64],
    settings: SplitSettings,
    random: np.random.Generator,
) -> None:
    # One stretch of numbers for each run; the run lies somewhere inside its stretch. A label with few images has
    # fewer runs and a smaller gap, or nothing would be left to fit on.
    runs = min(settings.runs, max(1, len(places) // _IMAGES_A_RUN))
    wanted: list[Part] = ["held_out", "validation"] * runs
    for part, stretch in zip(wanted, np.array_split(places, len(wanted)), strict=True):
        share = settings.held_out_share if part == "held_out" else settings.validation_share
        length = max(1, round(share * len(places) / runs))
        gap = min(settings.gap, len(stretch) // 6)
        # The gap is kept to the stretch before, too: its run may end at its last image.
        start = int(random.integers(gap, max(gap + 1, len(stretch) - length + 1)))
        inside = stretch[start : start + length]
        gap_before = places[(places < inside[0]) & (places >= inside[0] - gap)]
        gap_after = places[(places > inside[-1]) & (places <= inside[-1] + gap)]
        for place in (*gap_before, *gap_after):
            if parts[place] == "train":
                parts[place] = "left_out"
        parts[inside] = part


def keep_duplicates_together(parts: npt.NDArray[np.object_], groups: npt.NDArray[np.int64]) -> None:
    """Leave out what is a near duplicate (`groups` int64 N, the group of each image) of an image in a measuring part.

    `parts` (the part of each image, N) is changed in place.
    """
    # A group that reaches into two parts stays whole in the one that measures more strictly.
    for group in np.unique(groups):
        members = np.flatnonzero(groups == group)
        for part in ("held_out", "validation"):
            if len(members) > 1 and part in parts[members]:
                outside = members[parts[members] != part]
                parts[outside] = "left_out"
                break


def require_no_leak(split: Split, data_set: DataSet, groups: npt.NDArray[np.int64]) -> None:
    """Raise DataSetError where near duplicates (`groups` int64 N) lie on both sides of a split made elsewhere."""
    used: tuple[Part, ...] = ("train", "validation", "held_out")
    first_of: dict[int, tuple[Part, int]] = {}
    for part in used:
        for place in split.indices(data_set, part):
            other, first = first_of.setdefault(int(groups[place]), (part, place))
            if other != part:
                names = (data_set.name_of(data_set.images[first]), data_set.name_of(data_set.images[place]))
                raise DataSetError(
                    f"The split has {names[0]} in the part {other!r} and {names[1]}, a near duplicate of it, in "
                    f"{part!r}: what was trained on would be measured. Make a new split.",
                    at_terminal="A fit without --split makes one.",
                )


def require_every_part(split: Split, data_set: DataSet) -> None:
    """Raise DataSetError where a part that is fitted or measured on has no image of a label."""
    targets = np.array(data_set.targets)
    measured: tuple[Part, ...] = ("train", "validation", "held_out")
    for part in measured:
        counts = np.bincount(targets[split.indices(data_set, part)], minlength=len(data_set.label_keys))
        for key, count in zip(data_set.label_keys, counts, strict=True):
            if count == 0:
                raise DataSetError(
                    f"No image of {data_set.label_set.name_of(key)} in {data_set.root} is left for the part "
                    f"{part!r}: cases and near duplicates stay on one side. Add images of that label that differ.",
                    at_terminal="Or name another split.",
                )


def write_split(path: Path, split: Split) -> None:
    """Write the split as JSON. It names images, so it stays in the training run's folder."""
    write_json(path, split)


def read_split(path: Path) -> Split:
    """Read a split back. DataSetError says what is wrong with the file."""
    try:
        return read_json(path, Split)
    except (OSError, ValueError) as error:
        raise DataSetError(f"{path} is not a readable split: {error}") from error


def with_fingerprints(split: Split, data_set: DataSet, fingerprints: npt.NDArray[np.uint64]) -> Split:
    """The split that also knows its images by their `fingerprints` (uint64 N, those of `data_set`)."""
    return replace(split, fingerprints=_by_name(data_set, fingerprints))


def refuse_other_images(split: Split, data_set: DataSet, fingerprints: npt.NDArray[np.uint64]) -> None:
    """Raise DataSetError where other pictures stand behind the names of the split; an older file tells nothing.

    Another folder may hold the same names.
    """
    changed = changed_images(split.fingerprints, _by_name(data_set, fingerprints))
    if changed:
        raise DataSetError(
            f"{len(changed)} images in {data_set.root} are other pictures than the split was made of, though their "
            f"names are the same: {changed[0]} is the first. Name the folder that it was made of, or make a new split "
            "by a new run in another folder."
        )


def refuse_missing_images(split: Split, data_set: DataSet) -> None:
    """Raise DataSetError where images of the split are gone; an older file, without fingerprints, may lack some."""
    names = {data_set.name_of(image) for image in data_set.images}
    missing = [name for name in split.fingerprints if name not in names]
    if missing:
        raise DataSetError(
            f"{len(missing)} images that the run was begun with are not in {data_set.root}: {missing[0]} is the first. "
            "Put them back, name the folder that holds them, or begin a new run in another folder."
        )


def _by_name(data_set: DataSet, fingerprints: npt.NDArray[np.uint64]) -> dict[str, str]:
    names = (data_set.name_of(image) for image in data_set.images)
    return dict(zip(names, fingerprint_texts(fingerprints), strict=True))
