"""The evaluation as one HTML page that stands alone: drawn from the data and the thumbnails."""

from pathlib import Path

from bloodsmear.classifiers.figure_words import (
    ASKING_FOR_A_LOOK,
    CORNER_FILLED,
    OTHER_SOURCES,
    figure_words,
)
from bloodsmear.html_pages.environment import find_template
from training.evaluation.evaluation import Evaluation
from training.evaluation.page import bar_charts, curve_charts, summary, words
from training.evaluation.page.page_words import PageWords

_TEMPLATES = Path(__file__).with_name("templates")
# What the template says, by the names that it says it with.
_WORDS = {
    "asking_for_a_look": ASKING_FOR_A_LOOK,
    "corner_filled": CORNER_FILLED,
    "other_sources": OTHER_SOURCES,
    "figure_words": figure_words,
    "bars": bar_charts,
    "curves": curve_charts,
    "summary": summary,
    "percent": words.percent,
    "share_words": words.share_words,
}


def build_page(evaluation: Evaluation, page_words: PageWords) -> str:
    """The page as HTML. `page_words.thumbnails` has one for each of the evaluation's mistakes, in their order."""
    mistakes = zip(evaluation.mistakes, page_words.thumbnails, strict=True)
    template = find_template(_TEMPLATES, "evaluation.html", _WORDS)
    return template.render(evaluation=evaluation, page=page_words, mistakes=tuple(mistakes))
