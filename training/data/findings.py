"""What a check says of a labelled folder: sentences on what forbids a fit, and on what is worth knowing."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from bloodsmear.errors import DataSetError
from bloodsmear.images.duplicates import Likeness, compare_pictures
from bloodsmear.jobs import Report
from training.data.data_set import DataSet, FolderScan, missing_labels
from training.data.inspection import Inspection
from training.data.split import SplitSettings, make_split, require_every_part, too_few

# More names than that make a sentence unreadable; the number of the others is said.
_NAMED_AT_MOST = 10


@dataclass(frozen=True, slots=True)
class Findings:
    """Readable images a label by its key; sentences on what forbids a fit, to be warned of, and merely to be known.

    `names` are those of labels of the user's own, by key, empty for the built-in four.
    `wants_labels`: an error goes away when folders are given their labels.
    """

    counts: dict[str, int]
    names: dict[str, str]
    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    wants_labels: bool


def judge_data(scan: FolderScan, inspection: Inspection, settings: SplitSettings, report: Report) -> Findings:
    """Say what is wrong with the folder and what a fit would make of it, split by `settings`.

    Whatever `report` raises ends it: comparing many images takes minutes.
    """
    data_set = replace(scan.data_set, images=inspection.readable)
    targets = np.array(data_set.targets, np.int64)
    likeness = compare_pictures(inspection.reduced, inspection.fingerprints, targets, report)
    counts = Counter(image.label for image in data_set.images)
    missing = missing_labels(data_set)
    errors = [
        *scan.faults,
        *inspection.unreadable,
        *([missing] if missing else []),
        *(sentence for key, sentence in too_few(data_set).items() if counts[key]),
        *two_label_sentences(data_set, _under_two_labels(data_set, inspection, likeness)),
    ]
    notes = [_sizes_sentence(inspection)] if inspection.readable else []
    notes += _labels_sentence(data_set)
    if not errors:
        outcome = _split_outcome(data_set, likeness, settings)
        (errors if outcome.forbids else notes).append(outcome.sentence)
    return Findings(
        {key: counts[key] for key in data_set.label_keys},
        {} if data_set.label_set.is_ours else {label.key: label.name for label in data_set.label_set.labels},
        tuple(errors),
        (
            *_folder_warnings(scan),
            *_copy_warnings(data_set, inspection),
            *_likeness_warnings(data_set, likeness),
        ),
        tuple(notes),
        scan.wants_labels or (bool(missing) and data_set.is_folder),
    )


def two_label_sentences(data_set: DataSet, pairs: Iterable[tuple[int, int]]) -> list[str]:
    """A sentence for each pair of places that hold the same picture under two labels; it names both files."""
    return [
        f"{_name(data_set, first)} and {_name(data_set, second)} are the same picture (perhaps turned, mirrored or "
        f"saved again), once as {_label(data_set, first)} and once as {_label(data_set, second)}. Keep it under the "
        "right label only."
        for first, second in pairs
    ]


def refuse_two_labels(data_set: DataSet, likeness: Likeness) -> None:
    """Raise DataSetError that names every picture which stands under two labels."""
    sentences = two_label_sentences(data_set, likeness.doubly_labelled)
    if sentences:
        raise DataSetError("\n".join(sentences))


def _under_two_labels(data_set: DataSet, inspection: Inspection, likeness: Likeness) -> list[tuple[int, int]]:
    # A picture of one colour correlates with nothing, also not with its own copy: by its bytes it does.
    pairs = set(likeness.doubly_labelled)
    for places in _copies(inspection):
        other = [place for place in places if _label(data_set, place) != _label(data_set, places[0])]
        if other and not any(places[0] in pair for pair in pairs):
            pairs.add((places[0], other[0]))
    return sorted(pairs)


def _copies(inspection: Inspection) -> list[list[int]]:
    """The places of images whose decoded pixels are equal, for each that is there more than once."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, sha256 in enumerate(inspection.sha256):
        places[sha256].append(place)
    return [same for same in places.values() if len(same) > 1]


@dataclass(frozen=True, slots=True)
class _Outcome:
    sentence: str
    forbids: bool


def _split_outcome(data_set: DataSet, likeness: Likeness, settings: SplitSettings) -> _Outcome:
    try:
        split = make_split(data_set, likeness.groups, settings)
        require_every_part(split, data_set)
    except DataSetError as error:
        return _Outcome(str(error), forbids=True)
    counts = Counter(split.parts.values())
    return _Outcome(
        f"A fit would train on {counts['train']} images, choose its best epoch by {counts['validation']}, hold out "
        f"{counts['held_out']} and leave out {counts['left_out']}: {split.description}.",
        forbids=False,
    )


def _labels_sentence(data_set: DataSet) -> list[str]:
    """Which labels a fit would be of, unless they are the built-in four."""
    if data_set.label_set.is_ours:
        return []
    labels = data_set.label_set.labels
    return [f"The {len(labels)} labels are your own: {', '.join(label.name for label in labels)}."]


def _sizes_sentence(inspection: Inspection) -> str:
    sizes = Counter(inspection.sizes_px).most_common()
    if len(sizes) == 1:
        (width, height), _ = sizes[0]
        return f"All images have {width}×{height} px."
    named = _listed([f"{count} of {width}×{height}" for (width, height), count in sizes])
    return f"The images have {len(sizes)} sizes in px, which a fit brings to one: {named}."


def _folder_warnings(scan: FolderScan) -> list[str]:
    warnings = [f"The folder {folder} is ignored, as you said." for folder in scan.ignored_folders]
    # What keeps it from being used is among the errors.
    warnings += [sentence for sentence in scan.from_study[1] if sentence not in scan.from_study[0]]
    if scan.loose_images:
        warnings.append(
            f"Images that lie directly in {scan.data_set.root}, beside the label folders, are not used "
            f"({scan.loose_images}). Move them into the folder of their label."
        )
    return warnings


def _copy_warnings(data_set: DataSet, inspection: Inspection) -> list[str]:
    copies = _copies(inspection)
    if not copies:
        return []
    named = _listed([" = ".join(_name(data_set, place) for place in same) for same in copies])
    return [f"The same picture more than once counts double. Keep one of each: {named}."]


def _likeness_warnings(data_set: DataSet, likeness: Likeness) -> list[str]:
    members: dict[int, list[int]] = defaultdict(list)
    for place, group in enumerate(likeness.groups.tolist()):
        members[group].append(place)
    groups = [places for places in members.values() if len(places) > 1]
    if not groups:
        return []
    named = _listed([f"{_name(data_set, places[0])} and {_name(data_set, places[1])}" for places in groups])
    images = sum(len(places) for places in groups)
    return [
        f"Near duplicates ({images} images), of which a split keeps all that are alike on one side: {named}."
    ]


def _listed(names: list[str]) -> str:
    more = len(names) - _NAMED_AT_MOST
    return "; ".join(names[:_NAMED_AT_MOST]) + (f"; and {more} more" if more > 0 else "")


def _name(data_set: DataSet, place: int) -> str:
    return data_set.name_of(data_set.images[place])


def _label(data_set: DataSet, place: int) -> str:
    return data_set.label_set.name_of(data_set.images[place].label)
