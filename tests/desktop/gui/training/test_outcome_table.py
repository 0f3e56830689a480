"""All figures of the outcome can be brought into view, however many classifiers are in use."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget

from desktop.gui.training.state import FigureColumn, FitSeen, MadeClassifier, TrainingState

if TYPE_CHECKING:
    from tests.desktop.gui.training.conftest import MakePage

FIT = FitSeen("Our lab", "two cores", "", 8, 8, 1, 1, 0.0, ())
FIGURES: dict[str, tuple[float, float | None, float | None]] = dict.fromkeys(
    ("other_called_benign", "accuracy", "accuracy_grey"), (0.995, 0.974, 1.0)
)


@pytest.mark.parametrize("in_use", [2, 3])
def test_the_last_figure_and_the_sentences_can_be_seen_whole(
    make_page: MakePage, start_state: TrainingState, in_use: int
) -> None:
    others = [FigureColumn(f"VGG16 {n}.0", 477, FIGURES, same_images=False) for n in range(in_use)]
    outcome = MadeClassifier("our-lab", Path("made"), (FigureColumn("Our lab", 12, FIGURES), *others))
    page = make_page(replace(start_state, phase="finished", fit=FIT, outcome=outcome))
    last = _label(page, f"accuracy_grey_{in_use + 1}")
    for area in page.findChildren(QScrollArea):
        # As a person scrolls: what has no bar, because it is switched off, cannot be moved.
        if area.isAncestorOf(last) and area.horizontalScrollBar().isVisible():
            area.ensureWidgetVisible(last)
    assert last.visibleRegion().boundingRect() == last.rect()
    compared = _label(page, "compared")
    assert compared.visibleRegion().boundingRect() == compared.rect()


def _label(page: QWidget, name: str) -> QLabel:
    found = page.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found


def test_labels_of_ones_own_have_their_rows_and_classifiers_with_others_are_not_compared(
    make_page: MakePage, start_state: TrainingState
) -> None:
    figures: dict[str, tuple[float, float | None, float | None]] = {
        "called_other_all": (0.02, 0.0, 0.1),
        "sensitivity_hem": (0.9, 0.8, 1.0),
        "sensitivity_all": (0.98, 0.9, 1.0),
        "accuracy": (0.94, 0.9, 1.0),
    }
    outcome = MadeClassifier(
        "own",
        Path("made"),
        (FigureColumn("Own", 12, figures),),
        names=(("hem", "Hämatogone"), ("all", "ALL-Blast")),
        left_out=("VGG16 2.0", "U-Net 2.0"),
    )
    page = make_page(replace(start_state, phase="finished", fit=FIT, outcome=outcome))
    said = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    assert {"ALL-Blast called another label", "Hämatogone", "ALL-Blast", "Accuracy"} <= set(said)
    assert not any("Benign" in words for words in said)
    assert _label(page, "sensitivity_hem_1").text().startswith("90.0")
    assert (
        "VGG16 2.0 and U-Net 2.0 have other labels and cannot be compared." in _label(page, "compared").text()
    )
