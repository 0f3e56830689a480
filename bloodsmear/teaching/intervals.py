"""95 % intervals of shares over cases: images of one case are not independent of each other."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_NORMAL = 1.959964
_STUDENT = (12.7062, 4.3027, 3.1824, 2.7764)
# Images of one case are never quite independent, whatever a few of them seem to say.
_LEAST_ALIKE = 0.02
_FEWEST_FOR_LOGIT = 30


@dataclass(frozen=True, slots=True)
class Share:
    """A share (0 to 1) of `images`, with the 95 % interval over `cases`; `low` and `high` are None for one case."""

    value: float
    low: float | None
    high: float | None
    images: int
    cases: int


def share_of(right: npt.NDArray[np.bool_], cases: IntArray) -> Share:
    """The share of right answers (bool N) of images whose `cases` are int64 N; N is above 0.

    The interval is that of the logit, with half an image added to both sides (Agresti 2013, Categorical Data Analysis,
    3.1), for as many independent images as tell as much. How alike images of a case are is estimated (the intraclass
    correlation of the analysis of variance), so the quantile lies between the normal's and Student's: it is the latter
    for the part of the variance that comes of it. Of fewer than 30 images it is Wilson's, since near 0 and 1 the
    logit's is too narrow there (docs/adr/0043).
    """
    value, count = float(right.mean()), len(right)
    images = np.bincount(cases).astype(np.float64)
    off = np.bincount(cases, weights=right - value).astype(np.float64)[images > 0]
    images = images[images > 0]
    number = len(images)
    if number < 2:
        return Share(value, None, None, count, number)
    larger = _times_larger(value, off, images)
    student = student_t(number - 1)
    if count < _FEWEST_FOR_LOGIT:
        low, high = _wilson(value, count / larger * (_NORMAL / student) ** 2)
    else:
        of_cases = (larger - 1) / larger
        quantile = math.sqrt(_NORMAL**2 + (student**2 - _NORMAL**2) * of_cases)
        low, high = _logit_interval(value, count / larger, quantile)
    return Share(value, low, high, count, number)


def _times_larger(value: float, off: FloatArray, images: FloatArray) -> float:
    """How many times larger the variance of a share is than that of as many independent images: Kish's design effect.

    `off` is the sum over each case's images of right (0 or 1) less `value`, `images` their number. Where all answers
    are alike nothing tells how alike the images of a case are: then each case counts as one image.
    """
    count, number = float(images.sum()), len(images)
    squares = float(np.sum(images**2)) / count
    if count == number:
        return 1.0
    between = float(np.sum(off**2 / images)) / (number - 1)
    within = (count * value * (1 - value) - float(np.sum(off**2 / images))) / (count - number)
    usual = (count - squares) / (number - 1)
    whole = between + (usual - 1) * within
    alike = (between - within) / whole if 0 < value < 1 else 1.0
    return 1 + (squares - 1) * min(1.0, max(_LEAST_ALIKE, alike))


def difference_of(ours: npt.NDArray[np.bool_], theirs: npt.NDArray[np.bool_], cases: IntArray) -> Share:
    """How much larger the share of right answers of `ours` is than that of `theirs`, on the same images (bool N).

    -1 to 1; the interval is Student's, of the ratio over cases, and no narrower than for as many independent images:
    few cases that gain alike by chance prove nothing. Where the gain is the same on all images, the variance is
    unknown: then Tango's for pairs that do not differ (1998, Statistics in Medicine 17, 891-908), a pair for each
    case.
    """
    gain = ours.astype(np.float64) - theirs
    value, count = float(gain.mean()), len(gain)
    images = np.bincount(cases)
    off = np.bincount(cases, weights=gain - value)[images > 0]
    number = len(off)
    if number < 2:
        return Share(value, None, None, count, number)
    student = student_t(number - 1)
    if (gain == gain[0]).all():
        reach = student**2 / (number + student**2)
    else:
        over_cases = number / (number - 1) * float(np.sum(off**2)) / count**2
        reach = student * math.sqrt(max(over_cases, float(gain.var(ddof=1)) / count))
    return Share(value, max(-1.0, value - reach), min(1.0, value + reach), count, number)


def expected_reach(images: int, value: float = 0.9) -> float:
    """Half the width of the 95 % interval that so many images would give where `value` of them are answered rightly.

    Where cases differ it is wider: this is what can be told before anything is measured.
    """
    low, high = _wilson(value, float(images))
    return (high - low) / 2


def images_for(reach: float, value: float = 0.9) -> int:
    """The fewest images whose `expected_reach` is no wider; 0 < reach < 0.5."""
    images = 1
    while expected_reach(images, value) > reach:
        images += 1
    return images


def student_t(freedom: int) -> float:
    """Student's t for 95 %, both sides, of `freedom` degrees (1 and more), within 0.01.

    Source: Cornish and Fisher's expansion (Abramowitz and Stegun 1964, 26.7.5), and their table up to 4.
    """
    if freedom <= len(_STUDENT):
        return _STUDENT[freedom - 1]
    x, n = _NORMAL, float(freedom)
    return (
        x
        + (x**3 + x) / (4 * n)
        + (5 * x**5 + 16 * x**3 + 3 * x) / (96 * n**2)
        + (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / (384 * n**3)
    )


def _wilson(value: float, count: float) -> tuple[float, float]:
    spread = _NORMAL**2 / count
    middle = (value + spread / 2) / (1 + spread)
    reach = _NORMAL / (1 + spread) * math.sqrt(value * (1 - value) / count + spread / (4 * count))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _logit_interval(value: float, count: float, quantile: float) -> tuple[float, float]:
    middle = (value * count + 0.5) / (count + 1)
    place = math.log(middle / (1 - middle))
    reach = quantile / math.sqrt((count + 1) * middle * (1 - middle))
    low, high = (1 / (1 + math.exp(-(place + side * reach))) for side in (-1, 1))
    # Nothing but right answers leave all right possible, and nothing but wrong ones all wrong.
    return (0.0 if value == 0 else low), (1.0 if value == 1 else high)
