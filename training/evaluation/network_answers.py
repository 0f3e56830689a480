"""What a network answers to the held-out images, shown as they are, under each shift, and with parts of them hidden."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.label_set import LabelSet
from bloodsmear.jobs import Progress, Report, report_nowhere
from training.data.pictures import LabelledPictures, Pictures
from training.evaluation.baselines import colour_statistics, corner_statistics, fit_baseline
from training.evaluation.figures import Probabilities, Targets, calibrated
from training.evaluation.hidden_parts import ChangedCorners, hide_nuclei
from training.evaluation.shifts import SHIFTS

# uint8 N×H×W×3 at the input size, red first → probabilities before calibration, float64 N×labels.
Predict = Callable[[Pictures], npt.NDArray[np.float64]]

AS_THEY_ARE, CORNER_FILLED, CORNER_SWAPPED, NUCLEI_HIDDEN = (
    "as they are",
    "corner filled",
    "corner swapped",
    "nuclei hidden",
)
_SHOWN_COUNT = len(SHIFTS) + 4


@dataclass(frozen=True, slots=True)
class EvaluationRequest:
    """The network's answer function, its temperature, the images to measure on and the command that prints the figures.

    `train` are the images that the network was fitted on, for the baselines; it may be empty. All pictures are red
    first, whatever the recipe says. `corners` are the held-out images with their corners changed before the recipe, as
    in a file, then at the input size. `report` hears of each set of pictures and may stop the evaluation by raising
    JobCancelled. `cases` is the case of each held-out image (int64 N) where intervals are to be resampled by case.
    `sure_from` has for each label the probability from which on its answer is sure (a card's; None: 0.60 for all).
    """

    predict: Predict
    temperature: float
    label_set: LabelSet
    train: LabelledPictures
    held_out: LabelledPictures
    corners: ChangedCorners
    command: str
    report: Report = report_nowhere
    cases: Targets | None = None
    sure_from: tuple[float, ...] | None = None

    @property
    def label_keys(self) -> tuple[str, ...]:
        """The labels' keys, in the order of the answers' columns."""
        return self.label_set.keys


@dataclass(frozen=True, slots=True)
class NetworkAnswers:
    """What was answered, float64 N×labels before calibration, by what was shown: the words above, or a shift's name.

    `colour` is what trees that see colours only answer (as they are, and under the shifts), `corner` what trees answer
    that see the corner only; None where there was nothing to fit them on. `members` are the calibrated answers of each
    classifier to the images as they are, where several answered together.
    """

    network: Mapping[str, Probabilities]
    colour: Mapping[str, Probabilities] | None
    corner: Probabilities | None
    members: tuple[Probabilities, ...] = ()


def ask(request: EvaluationRequest) -> NetworkAnswers:
    """Show the held-out images in every way, and have network and baselines answer. Raises what `report` raises."""
    request.report(Progress(0, _SHOWN_COUNT, "measuring the images as they are"))
    held_out, labels = request.held_out, len(request.label_keys)
    # On a folder that nothing was fitted on there is no training part to fit baselines on either; and with one label
    # only, trees have nothing to tell apart.
    can_fit = len(np.unique(request.train.targets)) > 1
    by_colour = fit_baseline(request.train, labels, colour_statistics) if can_fit else None
    by_corner = fit_baseline(request.train, labels, corner_statistics) if can_fit else None
    network, colour = {}, {}
    for done, (name, pixels) in enumerate(_shown(request), 1):
        network[name] = request.predict(pixels)
        if by_colour is not None and (name == AS_THEY_ARE or name in SHIFTS):
            colour[name] = by_colour(pixels)
        request.report(Progress(done, _SHOWN_COUNT, f"measured, {name.replace('_', ' ')}"))
    corner = by_corner(held_out.pixels) if by_corner is not None else None
    return NetworkAnswers(network, colour if by_colour is not None else None, corner)


def _shown(request: EvaluationRequest) -> Iterator[tuple[str, Pictures]]:
    held_out = request.held_out
    yield AS_THEY_ARE, held_out.pixels
    for name, shift in SHIFTS.items():
        yield name, np.stack([shift(picture) for picture in held_out.pixels])
    yield CORNER_FILLED, np.stack(request.corners.filled)
    yield CORNER_SWAPPED, np.stack(request.corners.swapped)
    yield NUCLEI_HIDDEN, np.stack([hide_nuclei(picture) for picture in held_out.pixels])


def ask_together(asked: Sequence[NetworkAnswers], temperatures: Sequence[float]) -> NetworkAnswers:
    """The consensus of several classifiers: the mean of their calibrated probabilities, as the reader sees it.

    Their columns must be the same labels. The baselines are the first one's. The temperature of what comes back is 1.
    """
    each = [
        {name: calibrated(raw, temperature) for name, raw in one.network.items()}
        for one, temperature in zip(asked, temperatures, strict=True)
    ]
    mean = {name: np.mean([one[name] for one in each], axis=0) for name in each[0]}
    return NetworkAnswers(mean, asked[0].colour, asked[0].corner, tuple(one[AS_THEY_ARE] for one in each))
