"""A competence set: made of images whose labels are known, and a reader's score on it, label by label."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from bloodsmear.classifiers.labels import label_name, unbroken
from bloodsmear.review.decisions import decision_name
from bloodsmear.review.sentences import percent
from desktop.gui.dialogs.study_page import GridPage
from desktop.gui.theme.page_parts import NoticeBox, button, button_row, paragraph
from desktop.gui.theme.plain_text import PlainLabel

if TYPE_CHECKING:
    from bloodsmear.teaching.intervals import Share
    from bloodsmear.workflows.competence import Competence

_SIZE_PX = (860, 520)
_NAMED = 4
_HEADER = ("Label", "Images", "Decided blind", "Right (95 %)", "Named instead")
_HOW = (
    "1. Make a set from a folder that has one folder for each label: its images are copied, mixed, under numbers, so "
    "that no name tells a label.\n"
    "2. The reader switches Blind reading on (Ctrl+B), opens the set as any other folder, and decides.\n"
    "3. Score the open study against the same labelled folder; the images are known by their bytes."
)
_MEANING = (
    "Only what was decided blind counts. Unsure, other and not evaluable are not right. The interval is for images "
    "that are independent of each other: of few cases it is too narrow."
)


class CompetencePage(GridPage):
    """`make_wanted()` and `score_wanted()` by their buttons; the page says what came of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_HOW, parent)
        self.setWindowTitle("Competence set")
        self.begin_with(*_SIZE_PX)
        self.remark.setObjectName("competence_remark")
        self._problem = NoticeBox("competence_problem", amber=True)
        self._made = NoticeBox("competence_made", amber=False)
        make = button("make_set", "Make a set…")
        score = button("score_reader", "Score the open study…", "primary")
        actions = QWidget()
        actions.setLayout(button_row([make, score], []))
        self.lay_out(self._problem, self._made, paragraph(_MEANING, "muted"), actions)
        self.make_wanted = make.clicked
        self.score_wanted = score.clicked

    def show_working(self, sentence: str) -> None:
        """A job is under way."""
        self.say_problem("")
        self._made.say(sentence)

    def show_made(self, sentence: str) -> None:
        """The set is there."""
        self._made.say(sentence)

    def say_problem(self, sentence: str) -> None:
        """What went wrong, and what to do."""
        self._made.say("")
        self._problem.say(sentence)

    def show_score(self, found: Competence) -> None:
        """A line for each label, and one for all of them."""
        self.say_problem("")
        self.say(" ".join(_sentences(found)))
        lines = [
            (
                unbroken(label_name(one.label)),
                f"{one.images:,}",
                f"{one.decided:,}",
                _share_words(one.right),
                ", ".join(
                    f"{decision_name(value)} {count:,}"
                    for value, count in sorted(one.named.items(), key=lambda item: -item[1])
                    if value != one.label
                )
                or "–",
            )
            for one in found.scores
        ]
        images, decided = sum(one.images for one in found.scores), sum(one.decided for one in found.scores)
        rows = [*lines, ("All", f"{images:,}", f"{decided:,}", _share_words(found.right), "")]
        grid: list[list[QWidget]] = [[_cell(words, "muted", place) for place, words in enumerate(_HEADER)]]
        grid += [[_cell(words, "plain", place) for place, words in enumerate(row)] for row in rows]
        self.show_grid(grid, widest=_NAMED)


def _sentences(found: Competence) -> list[str]:
    kappa = found.kappa
    sentences = [f"Reader: {found.reader}."]
    if kappa.value is not None:
        interval = "" if kappa.low is None else f" ({kappa.low:z.2f} to {kappa.high:z.2f})"
        words = f"{kappa.value:z.2f}{interval}".replace("-", "\u2212")
        sentences.append(f"Cohen’s kappa with the known labels: {words}.")
    counts = (
        (found.undecided, "", "not decided yet"),
        (found.seen, "", "decided with an answer in sight, which does not count"),
        (found.unknown, " of the study", "not in that folder"),
        (found.ambiguous, "", "there under two labels, which does not count"),
    )
    sentences += [
        f"{count:,} {'image' if count == 1 else 'images'}{whose} {'is' if count == 1 else 'are'} {what}."
        for count, whose, what in counts
        if count
    ]
    return sentences


def _share_words(share: Share | None) -> str:
    if share is None:
        return "–"
    words = f"{percent(share.value)}\u00a0%"
    if share.low is None or share.high is None:
        return words
    return f"{words} ({percent(share.low)} to {percent(share.high)})"


def _cell(words: str, look: str, place: int) -> PlainLabel:
    cell = PlainLabel(words)
    cell.setProperty("look", look)
    if 0 < place < _NAMED:
        cell.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return cell
