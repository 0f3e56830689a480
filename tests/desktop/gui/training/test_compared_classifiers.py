"""With which classifiers a new one is compared: those in use when it is made, not when the window was opened."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from bloodsmear import paths
from bloodsmear.classifiers.card_file import read_card
from bloodsmear.jobs.training_messages import Failed, Finished

if TYPE_CHECKING:
    from tests.desktop.gui.training.conftest import Rehearsal


def test_one_that_comes_into_use_during_the_fit_stands_beside_the_new_one(rehearsal: Rehearsal) -> None:
    shipped = paths.shipped_classifiers()
    if not (shipped / "vgg16" / "card.json").is_file():
        pytest.skip("no classifier ships")
    rehearsal.play("fit", ["wait for stop"], rehearsal.say(Finished("Fitted.")))
    rehearsal.play("export", rehearsal.say(Finished("Made.")))
    rehearsal.play("evaluate", rehearsal.say(Failed("3 images were seen.")), ["exit", 2])
    # The U-Net is in use at the start of the window.
    rehearsal.begin()
    rehearsal.wait_for("fitting")
    target = rehearsal.runs / "our-lab" / "classifier" / "our-lab"
    target.mkdir(parents=True)
    shutil.copy(shipped / "unet" / "card.json", target)
    rehearsal.controller.making.compare_with(("vgg16",))
    rehearsal.controller.keep_best()
    rehearsal.wait_for("finished")
    outcome = rehearsal.controller.state.outcome
    assert outcome is not None
    card = read_card(shipped / "vgg16")
    assert [column.classifier for column in outcome.columns[1:]] == [f"{card.name} {card.version}"]
