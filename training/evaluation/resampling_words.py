"""What the intervals were resampled by, in words: for the page and for a terminal."""

from training.evaluation.evaluation import Resampling

# Below that the percentiles of resampled cases are known to come out too narrow.
_FEW_CASES = 10


def resampling_words(resampling: Resampling | None) -> str:
    """Images, or cases and why; evaluations of version 0.1 (None) resampled images."""
    if resampling is None:
        return "by resampling the images"
    if resampling.unit == "image":
        return f"by resampling the {resampling.count} images"
    few = "; with so few of them it is rough" if resampling.count < _FEW_CASES else ""
    return f"by resampling {resampling.count} whole cases, since images of one case are not independent{few}"
