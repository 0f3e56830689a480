"""What images a split was made of: another folder may hold the same names."""

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from bloodsmear.errors import DataSetError
from training.data.data_set import DataSet
from training.data.fingerprint_texts import changed_images, fingerprint_texts
from training.data.split import Split


def with_fingerprints(split: Split, data_set: DataSet, fingerprints: npt.NDArray[np.uint64]) -> Split:
    """The split that also knows its images by their `fingerprints` (uint64 N, those of `data_set`)."""
    return replace(split, fingerprints=_by_name(data_set, fingerprints))


def refuse_other_images(split: Split, data_set: DataSet, fingerprints: npt.NDArray[np.uint64]) -> None:
    """Raise DataSetError where other pictures stand behind the names of the split; an older file tells nothing."""
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
