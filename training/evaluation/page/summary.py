"""What the page says in sentences: what was measured, the one to take away, the figures as tiles, and the origin."""

from collections.abc import Iterator

from bloodsmear.classifiers.card import Figure
from bloodsmear.classifiers.figure_words import (
    BENIGN_CALLED_OTHER,
    DISAGREEMENT,
    OTHER_CALLED_BENIGN,
    figure_words,
    is_leading,
)
from training.evaluation.describe import resampling_words
from training.evaluation.evaluation import Baseline, Evaluation, Proportion
from training.evaluation.page.words import count_of, interval, percent

_BY_NAME = {
    BENIGN_CALLED_OTHER: "{} of the Benign images ({} of {}) were called another label",
    OTHER_CALLED_BENIGN: "{} of the others ({} of {}) were called Benign",
}
_MEASURED_ON = {
    "held_out": "held out from the fit",
    "held_out_at_first": "held out from the fit that is measured here; what ships was fitted on all images",
    "all": "all of them, none fitted on",
}
_SHORT = {BENIGN_CALLED_OTHER: "Benign called other", OTHER_CALLED_BENIGN: "Other called Benign"}


def title_of(evaluation: Evaluation) -> str:
    """The page's title."""
    subject = evaluation.subject
    return f"Evaluation of {subject.name} {subject.version}" if subject else "Evaluation of a classifier"


def measured_on(evaluation: Evaluation, folder: str) -> str:
    """How many images of which folder, and when."""
    subject = evaluation.subject
    if subject is None:
        return f"{evaluation.images} images of {folder}"
    return f"{evaluation.images} images of {folder}, {_MEASURED_ON[subject.measured_on]} · {subject.date}"


def verdict(evaluation: Evaluation) -> str:
    """The accuracy with its interval, beside what colour alone reaches."""
    accuracy = evaluation.share("accuracy")
    told = (
        f"{percent(accuracy.value)} of {evaluation.images} images were answered rightly "
        f"(95 % interval {interval(accuracy.low, accuracy.high)}, {resampling_words(evaluation.resampling)})."
    )
    return f"{told} {_beside_colour(accuracy, evaluation.baseline)}"


def leading_words(evaluation: Evaluation) -> str:
    """The two errors that may hurt a patient, as sentences; evaluations made before version 0.2 lack them."""
    return " ".join(
        f"{_leading_sentence(figure, evaluation)} (95 % interval {interval(figure.low or 0.0, figure.high or 0.0)})."
        for figure in evaluation.figures
        if is_leading(figure.name)
    )


def _leading_sentence(figure: Figure, evaluation: Evaluation) -> str:
    share, count = percent(figure.value), count_of(figure)
    if figure.name in _BY_NAME:
        return _BY_NAME[figure.name].format(share, count, figure.images)
    return f"{_capital(figure_words(figure.name, evaluation.name_of))}: {share} ({count} of {figure.images})"


def _capital(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"


def _beside_colour(accuracy: Proportion, baseline: Baseline | None) -> str:
    if baseline is None:
        return (
            "There is no colour-only baseline to read it beside: nothing was fitted on this folder, "
            "so there are no training images to fit the baseline on."
        )
    colour = baseline.accuracy
    points = f"{abs(accuracy.value - colour.value) * 100:.1f} points"
    if accuracy.low > colour.high:
        return f"That is {points} above what colour alone reaches ({percent(colour.value)})."
    if accuracy.high < colour.low:
        return (
            f"That is {points} below what colour alone reaches ({percent(colour.value)}): nine colour statistics of "
            "the whole image, without any cell, do better on these images."
        )
    return (
        f"Colour alone, nine statistics of the whole image, reaches {percent(colour.value)}: the intervals overlap, "
        "so on these images the accuracy does not show that the classifier looks at cells."
    )


def tiles(evaluation: Evaluation) -> Iterator[tuple[str, str, str]]:
    """The figures at a glance: what it is, the figure, and what to read it beside."""
    for figure in evaluation.figures:
        if is_leading(figure.name):
            words = _SHORT.get(figure.name) or _capital(figure_words(figure.name, evaluation.name_of))
            yield _tile(words, evaluation.share(figure.name))
    yield _tile("Accuracy", evaluation.share("accuracy"))
    f1 = evaluation.share("macro_f1")
    # All right, or all wrong: resampling gives no width, and there is no score interval for it.
    yield _tile("Macro-F1", f1) if f1.low < f1.high else ("Macro-F1", percent(f1.value), "no interval")
    if evaluation.baseline:
        yield _tile("Colour alone", evaluation.baseline.accuracy)
    else:
        yield "Colour alone", "–", "no training images here"
    for shift in evaluation.shifts:
        if shift.name == "grey":
            yield _tile("In grey", shift.accuracy)
    if evaluation.calibration:
        before, after = evaluation.calibration.error_before, evaluation.calibration.error_after
        yield "Calibration error", f"{after:.3f}", f"before: {before:.3f}"
    answerable = evaluation.figure("share_answerable_at_1_percent_error").value
    yield "Answerable", percent(answerable), "at 1 % wrong"


def _tile(name: str, share: Proportion) -> tuple[str, str, str]:
    return name, percent(share.value), interval(share.low, share.high)


def about(evaluation: Evaluation, command: str) -> list[tuple[str, str]]:
    """What was measured and how, as terms and their values."""
    subject = evaluation.subject
    told = [("Labels", ", ".join(evaluation.name_of(key) for key in evaluation.label_keys))]
    if subject is not None:
        fitted = (
            f"{subject.train_images} training images of the same folder" if subject.train_images else "none"
        )
        # The architectures of a consensus hold it.
        size = f", {subject.width_px} × {subject.height_px} px" if subject.width_px else ""
        told = [
            ("Classifier", f"{subject.classifier} {subject.version}"),
            ("Architecture", subject.architecture + size),
            ("Fitted on", subject.data_set),
            *told,
            ("Held out by", subject.split or "nothing: all images of the folder"),
            ("Baseline fitted on", fitted),
        ]
    told.append(("95 % intervals", resampling_words(evaluation.resampling)))
    if evaluation.calibration:
        told.append(("Temperature", temperature_words(evaluation, evaluation.calibration.temperature)))
    return [*told, ("Command", command)]


def temperature_words(evaluation: Evaluation, temperature: float) -> str:
    """The temperature and where it comes from; 1 is that of networks that came without validation images."""
    if any(figure.name == DISAGREEMENT for figure in evaluation.figures):
        return "that of each classifier, before the mean"
    if temperature == 1.0:
        return "1: probabilities are as the network gives them"
    return f"{temperature:.4g}, fitted on validation images only"
