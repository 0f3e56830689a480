"""What colour alone reaches, and what the burnt-in corner alone: the figures that every accuracy is read beside."""

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from bloodsmear.classifiers.appearance import colour_statistics as one_picture
from training.data.pictures import LabelledPictures, Pictures
from training.evaluation.hidden_parts import corner_of

Statistics = Callable[[Pictures], npt.NDArray[np.float64]]

# Enough to tell the three styles of the scale bar apart, and few enough for trees.
_CORNER_WIDTH, _CORNER_HEIGHT = 9, 7


def colour_statistics(pictures: Pictures) -> npt.NDArray[np.float64]:
    """Mean, standard deviation and 5th percentile of each LAB channel over the whole picture, float64 N×9."""
    return np.stack([one_picture(picture) for picture in pictures])


def corner_statistics(pictures: Pictures) -> npt.NDArray[np.float64]:
    """The corner where the scale bar is burnt in, reduced to 9 × 7 px, float64 N×189."""
    corner = corner_of(*pictures.shape[1:3])
    size = (_CORNER_WIDTH, _CORNER_HEIGHT)
    reduced = [cv2.resize(picture[corner], size, interpolation=cv2.INTER_AREA) for picture in pictures]
    return np.stack(reduced).reshape(len(pictures), -1).astype(np.float64)


def fit_baseline(
    train: LabelledPictures, label_count: int, statistics: Statistics
) -> Callable[[Pictures], npt.NDArray[np.float64]]:
    """Fit gradient-boosted trees on these statistics; what comes back answers pictures with N×labels.

    The pictures are uint8 N×H×W×3, red first.
    """
    trees = HistGradientBoostingClassifier(random_state=0)
    # One thread: beside another busy process OpenMP's threads wait for each other, 27 s instead of 1.5 (measured).
    with threadpool_limits(1, user_api="openmp"):
        trees.fit(statistics(train.pixels), train.targets)

    def answer(pictures: Pictures) -> npt.NDArray[np.float64]:
        # A column a label, also where the training part lacks one.
        probabilities = np.zeros((len(pictures), label_count))
        with threadpool_limits(1, user_api="openmp"):
            probabilities[:, trees.classes_] = trees.predict_proba(statistics(pictures))
        return probabilities

    return answer
