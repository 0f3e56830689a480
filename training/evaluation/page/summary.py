"""The top of the page: what was measured, the one sentence to take away, and the figures as tiles."""

from bloodsmear import RESEARCH_USE
from bloodsmear.classifiers.figure_words import BENIGN_CALLED_OTHER, LEADING, OTHER_CALLED_BENIGN
from training.evaluation.evaluation import Baseline, Evaluation, Share
from training.evaluation.page.words import as_html, count_of, interval, percent
from training.evaluation.resampling_words import resampling_words

_BY_NAME = {
    BENIGN_CALLED_OTHER: "{} of the Benign images ({} of {}) were called another label",
    OTHER_CALLED_BENIGN: "{} of the others ({} of {}) were called Benign",
}


def title_of(evaluation: Evaluation) -> str:
    """The page's title."""
    subject = evaluation.subject
    return f"Evaluation of {subject.name} {subject.version}" if subject else "Evaluation of a classifier"


def summary(evaluation: Evaluation, folder: str) -> str:
    """Title, Research-Use sentence, verdict and tiles, as HTML."""
    return (
        f"<h1>{as_html(title_of(evaluation))}</h1>"
        f'<p class="muted">{as_html(_measured_on(evaluation, folder))}</p>'
        f'<p class="use">{RESEARCH_USE}</p>'
        f'{_leading(evaluation)}<p class="verdict">{as_html(_verdict(evaluation))}</p>'
        f'<div class="tiles">{"".join(_tiles(evaluation))}</div>'
    )


def _measured_on(evaluation: Evaluation, folder: str) -> str:
    subject = evaluation.subject
    if subject is None:
        return f"{evaluation.images} images of {folder}"
    which = "all of them, none fitted on" if subject.measured_on == "all" else "held out from the fit"
    return f"{evaluation.images} images of {folder}, {which} · {subject.date}"


def _verdict(evaluation: Evaluation) -> str:
    accuracy = evaluation.share("accuracy")
    told = (
        f"{percent(accuracy.value)} of {evaluation.images} images were answered rightly "
        f"(95 % interval {interval(accuracy.low, accuracy.high)}, {resampling_words(evaluation.resampling)})."
    )
    return f"{told} {_beside_colour(accuracy, evaluation.baseline)}"


def _leading(evaluation: Evaluation) -> str:
    """The two errors that may hurt a patient, as sentences; evaluations made before version 0.2 lack them."""
    told = [
        f"{_BY_NAME[figure.name].format(percent(figure.value), count_of(figure), figure.images)}"
        f" (95 % interval {interval(figure.low or 0.0, figure.high or 0.0)})."
        for figure in evaluation.figures
        if figure.name in LEADING
    ]
    return f'<p class="verdict leading">{as_html(" ".join(told))}</p>' if told else ""


def _beside_colour(accuracy: Share, baseline: Baseline | None) -> str:
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


def _tiles(evaluation: Evaluation) -> list[str]:
    accuracy, f1 = evaluation.share("accuracy"), evaluation.share("macro_f1")
    tiles = [
        *_leading_tiles(evaluation),
        _tile("Accuracy", percent(accuracy.value), interval(accuracy.low, accuracy.high)),
        # All right, or all wrong: resampling gives no width, and there is no score interval for it.
        _tile(
            "Macro-F1", percent(f1.value), interval(f1.low, f1.high) if f1.low < f1.high else "no interval"
        ),
    ]
    colour = evaluation.baseline.accuracy if evaluation.baseline else None
    tiles.append(
        _tile("Colour alone", percent(colour.value), interval(colour.low, colour.high))
        if colour
        else _tile("Colour alone", "–", "no training images here")
    )
    tiles += [
        _tile("In grey", percent(shift.accuracy.value), interval(shift.accuracy.low, shift.accuracy.high))
        for shift in evaluation.shifts
        if shift.name == "grey"
    ]
    if evaluation.calibration:
        before = evaluation.calibration.error_before
        tiles.append(
            _tile(
                "Calibration error",
                f"{evaluation.calibration.error_after:.3f}",
                f"before: {before:.3f}",
            )
        )
    answerable = evaluation.figure("share_answerable_at_1_percent_error").value
    tiles.append(_tile("Answerable", percent(answerable), "at 1 % wrong"))
    return tiles


def _leading_tiles(evaluation: Evaluation) -> list[str]:
    names = {BENIGN_CALLED_OTHER: "Benign called other", OTHER_CALLED_BENIGN: "Other called Benign"}
    return [
        _tile(names[figure.name], percent(figure.value), interval(figure.low or 0.0, figure.high or 0.0))
        for figure in evaluation.figures
        if figure.name in names
    ]


def _tile(name: str, value: str, beside: str) -> str:
    return f'<div class="tile"><span>{name}</span><b>{value}</b><span>{beside}</span></div>'
