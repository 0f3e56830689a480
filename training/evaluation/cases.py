"""The cases behind the images that are measured on: those of one case are not independent of each other."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from training.data.case_split import case_table
from training.data.data_set import DataSet


def cases_of(data_set: DataSet, places: Sequence[int]) -> npt.NDArray[np.int64] | None:
    """The case of each image at these places, int64 n.

    None where the data set has no folders of cases, or where all of the images are of one: its share of right answers
    says nothing on how much cases differ.
    """
    table = case_table(data_set)
    if table is None:
        return None
    of_images = table.of_image[list(places)]
    return of_images if len(np.unique(of_images)) > 1 else None
