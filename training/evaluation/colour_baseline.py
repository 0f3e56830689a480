"""What colour alone reaches: the figure that every accuracy here has to be read beside."""

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from training.data.pictures import LabelledPictures, Pictures


def colour_statistics(pictures: Pictures) -> npt.NDArray[np.float64]:
    """Mean, standard deviation and 5th percentile of each LAB channel over the whole picture, float64 N×9."""
    rows = []
    for picture in pictures:
        lab = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB).reshape(-1, 3).astype(np.float64)
        rows.append(np.concatenate([lab.mean(axis=0), lab.std(axis=0), np.percentile(lab, 5, axis=0)]))
    return np.stack(rows)


def fit_colour_baseline(
    train: LabelledPictures, label_count: int
) -> Callable[[Pictures], npt.NDArray[np.float64]]:
    """Fit gradient-boosted trees on nine colour statistics; what comes back answers pictures with N×labels."""
    trees = HistGradientBoostingClassifier(random_state=0)
    # One thread: beside another busy process OpenMP's threads wait for each other, 27 s instead of 1.5 (measured).
    with threadpool_limits(1, user_api="openmp"):
        trees.fit(colour_statistics(train.pixels), train.targets)

    def answer(pictures: Pictures) -> npt.NDArray[np.float64]:
        # A column a label, also where the training part lacks one.
        probabilities = np.zeros((len(pictures), label_count))
        with threadpool_limits(1, user_api="openmp"):
            probabilities[:, trees.classes_] = trees.predict_proba(colour_statistics(pictures))
        return probabilities

    return answer
