"""An evaluation as lines of text, for a terminal."""

from bloodsmear.classifiers.card import Figure
from training.evaluation.evaluation import Evaluation, LabelFigures, Share
from training.evaluation.resampling_words import resampling_words


def describe(evaluation: Evaluation) -> str:
    """The figures, each label's sensitivity and precision, and the confusion matrix."""
    lines = [_line_of(figure) for figure in evaluation.figures]
    lines.append(f"{'95 % intervals':40} {resampling_words(evaluation.resampling)}")
    if evaluation.calibration is not None:
        calibration = evaluation.calibration
        lines.append(
            f"{'calibration':40} temperature {calibration.temperature}, calibration error before it "
            f"{calibration.error_before:.4f}, after it {calibration.error_after:.4f}"
        )
    lines += [_label_line(label) for label in evaluation.labels]
    lines.append("confusion, a row per true label: " + ", ".join(evaluation.label_keys))
    lines += ["  " + " ".join(f"{count:5}" for count in row) for row in evaluation.confusion]
    return "\n".join(lines)


def _line_of(figure: Figure) -> str:
    interval = "" if figure.low is None else f"  (95 % {figure.low:.4f} to {figure.high:.4f})"
    return f"{figure.name:40} {figure.value:.4f}{interval}  n = {figure.images}"


def _label_line(label: LabelFigures) -> str:
    return f"{label.label:40} sensitivity {_share(label.sensitivity)}, precision {_share(label.precision)}"


def _share(share: Share | None) -> str:
    return "none" if share is None else f"{share.value:.4f}"
