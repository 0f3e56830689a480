"""Sensitivity and precision of each label, out of a confusion matrix."""

from training.evaluation.evaluation import LabelFigures, Share
from training.evaluation.figures import wilson_interval


def label_figures(confusion: list[list[int]], label_keys: tuple[str, ...]) -> tuple[LabelFigures, ...]:
    """The figures of each label in the matrix's order (a row per true label), with score intervals (Wilson 1927)."""
    found = []
    for place, key in enumerate(label_keys):
        right = confusion[place][place]
        images = sum(confusion[place])
        answered = sum(row[place] for row in confusion)
        found.append(
            LabelFigures(
                label=key,
                images=images,
                answered=answered,
                sensitivity=_share(right, images),
                precision=_share(right, answered),
            )
        )
    return tuple(found)


def _share(part: int, whole: int) -> Share | None:
    if whole == 0:
        return None
    low, high = wilson_interval(part, whole)
    return Share(value=round(part / whole, 4), low=round(low, 4), high=round(high, 4))
