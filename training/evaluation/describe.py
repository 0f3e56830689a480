"""An evaluation in words: as lines of text for a terminal, and what both these and the page say."""

from bloodsmear.classifiers.card import Figure
from bloodsmear.classifiers.figure_words import ACCURACY, figure_words, is_leading
from training.evaluation.evaluation import Evaluation, Resampling


def describe(evaluation: Evaluation) -> str:
    """The figures, those first that may hurt a patient, and the confusion matrix."""
    lines = [_line_of(figure, evaluation) for figure in evaluation.figures]
    lines.append(f"{'95 % intervals':40} {resampling_words(evaluation.resampling)}")
    if evaluation.calibration is not None:
        calibration = evaluation.calibration
        lines.append(
            f"{'calibration':40} temperature {calibration.temperature}, calibration error before it "
            f"{calibration.error_before:.4f}, after it {calibration.error_after:.4f}"
        )
    lines.append("confusion, a row per true label: " + ", ".join(evaluation.label_keys))
    lines += ["  " + " ".join(f"{count:5}" for count in row) for row in evaluation.confusion]
    return "\n".join(lines)


def _line_of(figure: Figure, evaluation: Evaluation) -> str:
    interval = "" if figure.low is None else f"  (95 % {figure.low:.4f} to {figure.high:.4f})"
    # The two that a reader must not take for anything else are said in words, too.
    said = f"  {figure_words(figure.name, evaluation.name_of)}" if is_leading(figure.name) else ""
    return f"{figure.name:40} {figure.value:.4f}{interval}  n = {figure.images}{said}"


def describe_shortly(evaluation: Evaluation) -> str:
    """The two leading figures and accuracy in one line."""
    shown = [figure for figure in evaluation.figures if is_leading(figure.name) or figure.name == ACCURACY]
    return ", ".join(
        f"{figure_words(figure.name, evaluation.name_of)} {figure.value:.4f}" for figure in shown
    )


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
