"""A page, and the classifiers that it shows."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.gui.classifiers import ClassifiersPage
from desktop.gui.classifiers.state import ClassifiersState, ListedClassifier, MeasuredFigure, MeasuredFigures

MakePage = Callable[[ClassifiersState], ClassifiersPage]
OUR_LABELS = ("Benign", "Early Pre-B", "Pre-B", "Pro-B")


@pytest.fixture
def listed() -> tuple[ListedClassifier, ...]:
    """Two that ship, one trained here, one brought from elsewhere, one whose file was changed."""
    figures = {
        "accuracy": MeasuredFigure(0.872, 0.841, 0.899),
        "accuracy_colour_only_baseline": MeasuredFigure(0.977, 0.962, 0.99),
        "expected_calibration_error": MeasuredFigure(0.042),
    }
    measured = MeasuredFigures(
        477, figures, ((45, 30, 0, 0), (13, 134, 0, 0), (1, 6, 134, 0), (2, 6, 3, 103))
    )
    limits = ("For research use only.", "One hospital's images.")
    return (
        ListedClassifier(
            "vgg16", "VGG16", "shipped", "1.0", "VGG16", OUR_LABELS, "96 × 96 px by area", "a data set", "Apache-2.0",
            limits, measured, 27_500_000, page_command="bloodsmear-train evaluate vgg16",
        ),
        ListedClassifier("unet", "U-Net", "shipped", "1.1", "U-Net", OUR_LABELS),
        ListedClassifier(
            "ours", "Ours", "own", "1.0", "U-Net", OUR_LABELS, page=Path("evaluation.html"), in_place_of_shipped=True
        ),
        ListedClassifier("theirs", "Theirs", "own", "imported-1a2b3c4d", "brought", ("Blast", "Other")),
        ListedClassifier("torn", "torn", "own", refused="torn/model.keras was altered; install it again."),
    )  # fmt: skip


@pytest.fixture
def state(listed: tuple[ListedClassifier, ...]) -> ClassifiersState:
    """The two that ship are in use."""
    return ClassifiersState(listed, in_use=("vgg16", "unet"))


@pytest.fixture
def make_page(qtbot: QtBot) -> Iterator[MakePage]:
    made: list[ClassifiersPage] = []

    def make(state: ClassifiersState) -> ClassifiersPage:
        made.append(ClassifiersPage(state))
        with qtbot.waitExposed(made[-1]):
            made[-1].show()
        return made[-1]

    yield make
    for page in made:
        page.close()
        page.deleteLater()
