"""The evaluation as one HTML page that needs nothing but itself: drawn from the data and the thumbnails."""

import base64
from collections.abc import Sequence

from bloodsmear import RESEARCH_USE, __version__
from bloodsmear.classifiers.figure_words import ASKING_FOR_A_LOOK, CORNER_FILLED, OTHER_SOURCES
from bloodsmear.classifiers.labels import label_name
from training.evaluation.evaluation import Evaluation, Mistake
from training.evaluation.mistakes import Thumbnail
from training.evaluation.page.bar_charts import draw_labels, draw_shifts
from training.evaluation.page.curve_charts import draw_coverage, draw_fit, draw_reliability
from training.evaluation.page.page_words import PageWords
from training.evaluation.page.style import STYLE
from training.evaluation.page.summary import summary, title_of
from training.evaluation.page.tables import (
    about_list,
    answerable_table,
    confusion_table,
    figures_table,
    label_table,
    temperature_words,
)
from training.evaluation.page.words import as_html, label_mark, percent

# The page shows names that came from outside: even if one came through the escaping, nothing runs or is fetched.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def build_page(evaluation: Evaluation, words: PageWords) -> str:
    """The page as HTML. `words.thumbnails` has one for each of the evaluation's mistakes, in their order."""
    sections = (
        _confusion(evaluation),
        _labels(evaluation),
        _other_sources(evaluation),
        _shifts(evaluation),
        _calibration_and_coverage(evaluation),
        _fit(evaluation),
        _mistakes(evaluation, words.thumbnails),
        _section("About this page", about_list(evaluation, words.command)),
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{as_html(title_of(evaluation))}</title><style>{STYLE}</style></head><body><main>"
        f"{summary(evaluation, words.folder)}{''.join(sections)}"
        f"<footer>Bloodsmear {__version__} · {RESEARCH_USE}</footer></main></body></html>\n"
    )


def _section(heading: str, content: str, kind: str = "") -> str:
    return f'<section class="{kind}"><h2>{heading}</h2>{content}</section>'


def _shifts(evaluation: Evaluation) -> str:
    if not evaluation.shifts:
        return ""
    line = (
        " The dashed line is what colour alone reaches on the same images under the same shift."
        if evaluation.baseline
        else " Colour alone has no line here: nothing was fitted on this folder."
    )
    return _section(
        "Accuracy under another stain or camera",
        '<p class="muted">Each change of moderate strength alone, at the size that the classifier sees, with the 95 % '
        f"interval.{line}</p>{draw_shifts(evaluation)}",
    )


def _other_sources(evaluation: Evaluation) -> str:
    if not any(figure.name == CORNER_FILLED for figure in evaluation.figures):
        return ""
    return _section(
        "What else may speak",
        '<p class="muted">Colour and the corner with the scale bar give labels away without a cell. The trees see '
        "nothing else, and are fitted on the training images. With the corner filled or swapped a classifier that "
        "reads cells changes no answer; with every nucleus covered it can hardly tell the labels apart.</p>"
        f"{figures_table(evaluation, OTHER_SOURCES)}",
    )


def _confusion(evaluation: Evaluation) -> str:
    return _section(
        "Which label is taken for which",
        f'<p class="muted">{evaluation.wrong} of {evaluation.images} images were answered wrongly. Shares are those of '
        f"the row: of the images that have the label.</p>{confusion_table(evaluation)}",
    )


def _labels(evaluation: Evaluation) -> str:
    if not evaluation.labels:
        return ""
    return _section(
        "Each label",
        '<p class="muted">Sensitivity: how many of the label’s images were answered so. Precision: how many of those '
        "answered so are right. Their intervals take each image for itself (score intervals).</p>"
        f"{draw_labels(evaluation)}{label_table(evaluation)}",
    )


def _calibration_and_coverage(evaluation: Evaluation) -> str:
    if evaluation.calibration is None or not evaluation.coverage:
        return ""
    calibration = _section(
        "Does confidence say how often it is right?",
        '<p class="muted">On the diagonal it does. A larger spot stands for more images. Temperature '
        f"{temperature_words(evaluation, evaluation.calibration.temperature)}.</p>"
        f"{draw_reliability(evaluation.calibration, evaluation.baseline)}",
    )
    coverage = _section(
        "Answering only the confident ones",
        '<p class="muted">The least confident images are left to the reader first.</p>'
        f"{draw_coverage(evaluation.coverage, evaluation.baseline)}{answerable_table(evaluation)}"
        f"{figures_table(evaluation, ASKING_FOR_A_LOOK)}",
    )
    return f'<div class="pair">{calibration}{coverage}</div>'


def _fit(evaluation: Evaluation) -> str:
    if not evaluation.epochs:
        return _section(
            "The fit", '<p class="muted">Its curves are drawn when the run’s folder is named: --run RUN.</p>'
        )
    line = " The dashed line is colour alone on the images of this page." if evaluation.baseline else ""
    return _section(
        "The fit",
        '<p class="muted">After each epoch. Training images are shown to it changed in colour and place (augmented), '
        "and their loss has the fit’s label smoothing in it; validation images are shown as they are, without it. So "
        f"the two curves are not on one scale.{line}</p>{draw_fit(evaluation.epochs, evaluation.baseline)}",
    )


def _mistakes(evaluation: Evaluation, thumbnails: Sequence[Thumbnail]) -> str:
    if evaluation.wrong == 0:
        return _section("The worst mistakes", '<p class="muted">None: every image was answered rightly.</p>')
    shown = [_mistake(*each) for each in zip(evaluation.mistakes, thumbnails, strict=True)]
    which = "All" if len(shown) == evaluation.wrong else f"{len(shown)} of"
    return _section(
        "The worst mistakes",
        f'<p class="muted">{which} {evaluation.wrong}, the most confident first.</p>'
        f'<div class="mistakes">{"".join(shown)}</div>',
        "long",
    )


def _mistake(mistake: Mistake, thumbnail: Thumbnail) -> str:
    packed = base64.b64encode(thumbnail.jpeg).decode()
    told = f"{label_name(mistake.label)}, answered {label_name(mistake.answered)}"
    return (
        f'<figure><img src="data:image/jpeg;base64,{packed}" alt="{as_html(told)}"><figcaption>'
        f"is {label_mark(mistake.label)}<br>answered {label_mark(mistake.answered)}"
        f"<div>{percent(mistake.confidence)} confident · {as_html(thumbnail.name)}</div></figcaption></figure>"
    )
