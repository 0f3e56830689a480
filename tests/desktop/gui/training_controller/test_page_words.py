"""Sentences of the training program without what only a terminal understands."""

import pytest

from desktop.gui.training_controller.page_words import words_for_page


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("bloodsmear-train: There is no folder smears.", "There is no folder smears."),
        (
            "The run in r was begun with other words for its folders. Leave them away to go on, or name a new folder "
            "for the run.",
            "The run in r was begun with other words for its folders. Leave them away to go on, or begin anew.",
        ),
        ("f.h5 holds weights of VGG16. Give --architecture vgg16.", "f.h5 holds weights of VGG16."),
        (
            "x: denied. Put that right and give the command again.",
            "x: denied. Put that right, then try again.",
        ),
        (
            "No image of Benign is left. Add images of that label that differ, or name another split.",
            "No image of Benign is left. Add images of that label that differ.",
        ),
        (
            "Start from one that was made by bloodsmear-train.",
            "Start from one that was made by Bloodsmear.",
        ),
        (
            "Is a.png, b.png the same? One of two.\nSecond line.",
            "Is a.png, b.png the same? One of two.\nSecond line.",
        ),
        ("Give --all.", "Give --all."),
    ],
)
def test_advice_for_a_terminal_is_left_out_or_said_as_the_page_would(said: str, shown: str) -> None:
    assert words_for_page(said) == shown
