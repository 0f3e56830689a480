"""What colour alone reaches: the figure that every accuracy here has to be read beside."""

import cv2
import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier

from training.data.pictures import Pictures


def colour_statistics(pictures: Pictures) -> npt.NDArray[np.float64]:
    """Mean, standard deviation and 5th percentile of each LAB channel over the whole picture, float64 N×9."""
    rows = []
    for picture in pictures:
        lab = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB).reshape(-1, 3).astype(np.float64)
        rows.append(np.concatenate([lab.mean(axis=0), lab.std(axis=0), np.percentile(lab, 5, axis=0)]))
    return np.stack(rows)


def predict_by_colour(
    train: Pictures, targets: npt.NDArray[np.int64], pictures: Pictures
) -> npt.NDArray[np.int64]:
    """The labels (int64 N) that gradient-boosted trees on nine colour statistics give to `pictures`."""
    trees = HistGradientBoostingClassifier(random_state=0)
    trees.fit(colour_statistics(train), targets)
    return np.asarray(trees.predict(colour_statistics(pictures)), np.int64)
