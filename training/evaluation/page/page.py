"""The evaluation as one HTML page that stands alone: drawn from the data and the thumbnails."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bloodsmear import atomic_file
from bloodsmear.classifiers.figure_words import (
    ASKING_FOR_A_LOOK,
    CORNER_FILLED,
    OTHER_SOURCES,
    figure_words,
)
from bloodsmear.jobs.training_files import PAGE_FILE
from training.evaluation.evaluation import Evaluation
from training.evaluation.mistakes import MistakePicture
from training.evaluation.page import summary, words

_TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True, slots=True)
class PageWords:
    """What the page says and the data must not hold.

    The folder measured on, the command, and a picture of each of the evaluation's mistakes, in their order.
    """

    folder: str
    command: str
    thumbnails: Sequence[MistakePicture]


def write_page(folder: Path, evaluation: Evaluation, page_words: PageWords) -> Path:
    """Write the page into the folder, which stays on this PC: it shows images and their names. Raises OSError."""
    file = folder / PAGE_FILE
    atomic_file.write(file, build_page(evaluation, page_words).encode())
    return file


def build_page(evaluation: Evaluation, page_words: PageWords) -> str:
    """The page as HTML. `page_words.thumbnails` has one for each of the evaluation's mistakes, in their order."""
    # Here, because matplotlib takes seconds to load.
    from bloodsmear.html_pages.environment import find_template
    from training.evaluation.page import bar_charts, curve_charts

    # What the template says, by the names that it says it with.
    said = {
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
    mistakes = zip(evaluation.mistakes, page_words.thumbnails, strict=True)
    template = find_template(_TEMPLATES, "evaluation.html", said)
    return template.render(evaluation=evaluation, page=page_words, mistakes=tuple(mistakes))
