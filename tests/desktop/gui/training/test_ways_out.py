"""What is offered after a training failed, and what comes of taking it."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING

from bloodsmear.jobs.training_messages import Failed, Finished

if TYPE_CHECKING:
    from tests.desktop.gui.training.conftest import Rehearsal

SHORT = Failed(
    "There is not enough memory for 8 images of 32×32 at a time.",
    "memory",
    "Give the command again with --batch 4, or close other programs that use the GPU.",
)
NO_NUMBER = Failed(
    "The loss became nan in epoch 1.",
    "loss",
    "Fit again in a new folder with a smaller --rate (now 0.001) or with --precision float32.",
)
FULL = Failed(
    "The disk that holds runs is full. No epoch was finished. Free some space, then try again.",
    "disk",
    "The same command goes on.",
)


def fail(rehearsal: Rehearsal, failed: Failed, kept: bool = False) -> None:
    """Begin a training that fails so, with one epoch on the disk or none."""
    history = rehearsal.keeps_an_epoch if kept else rehearsal.keeps_none
    rehearsal.play("fit", rehearsal.started, history, rehearsal.say(failed), ["exit", 2])
    rehearsal.begin()
    rehearsal.wait_for("failed")
    rehearsal.play("fit", ["wait for stop"])


def second_fit(rehearsal: Rehearsal) -> dict[str, str]:
    """The words of the fit that comes after the failed one, by option."""
    return dict(itertools.pairwise(rehearsal.next_call("fit", before=1)))


def test_short_memory_goes_on_with_half_the_images_in_the_same_folder(rehearsal: Rehearsal) -> None:
    fail(rehearsal, SHORT)
    state = rehearsal.controller.state
    assert state.way_out == "Go on with 4 images at a time"
    assert state.problem.startswith("There is not enough memory for 8 images of 32×32 at a time. No epoch")
    assert "--" not in state.problem
    rehearsal.controller.take_way_out()
    words = second_fit(rehearsal)
    assert (words["--batch"], words["--run"]) == ("4", str(rehearsal.runs / "our-lab"))
    assert rehearsal.controller.state.way_out == ""


def test_short_memory_after_an_epoch_goes_on_from_the_best_one_in_a_new_folder(rehearsal: Rehearsal) -> None:
    fail(rehearsal, SHORT, kept=True)
    assert "1 finished epoch is kept." in rehearsal.controller.state.problem
    rehearsal.controller.take_way_out()
    words = second_fit(rehearsal)
    assert words["--run"] == str(rehearsal.runs / "our-lab-2")
    assert words["--weights"] == str(rehearsal.runs / "our-lab" / "best.weights.h5")
    # One of the two epochs is done.
    assert (words["--batch"], words["--epochs"]) == ("4", "1")
    assert rehearsal.controller.close()
    later = rehearsal.new_controller()
    later.look_around()
    assert later.state.unfinished is not None
    assert later.state.unfinished.folder == rehearsal.runs / "our-lab-2"


def test_a_program_killed_for_memory_is_offered_the_same(rehearsal: Rehearsal) -> None:
    rehearsal.play("fit", ["complain", "tensorflow.ResourceExhaustedError: OOM"], ["exit", 1])
    rehearsal.begin()
    rehearsal.wait_for("failed")
    assert rehearsal.controller.state.way_out == "Go on with 4 images at a time"


def test_short_memory_for_a_single_image_goes_on_with_smaller_ones(rehearsal: Rehearsal) -> None:
    fail(rehearsal, SHORT)
    plan = rehearsal.runs / "our-lab" / "plan.json"
    plan.write_text(json.dumps(json.loads(plan.read_text("utf-8")) | {"batch_images": 1, "side_px": 96}))
    rehearsal.play("fit", rehearsal.say(SHORT), ["exit", 2])
    rehearsal.controller.go_on()
    rehearsal.qtbot.waitUntil(lambda: rehearsal.controller.state.way_out == "Go on with images of 48 × 48 px")


def test_a_loss_that_is_not_a_number_goes_on_with_smaller_steps(rehearsal: Rehearsal) -> None:
    rehearsal.play("fit", rehearsal.say(NO_NUMBER), ["exit", 2])
    config = rehearsal.leave_plan() / "config.json"
    config.write_text(json.dumps({"peak_rate": 0.001, "epochs": 2}))
    rehearsal.controller.look_around()
    rehearsal.controller.go_on()
    rehearsal.wait_for("failed")
    assert rehearsal.controller.state.way_out == "Go on with smaller steps"
    assert "--" not in rehearsal.controller.state.problem
    rehearsal.play("fit", ["wait for stop"])
    rehearsal.controller.take_way_out()
    words = second_fit(rehearsal)
    assert (words["--rate"], words["--precision"]) == ("0.00025", "float32")


def test_after_a_full_disk_the_same_is_tried_again(rehearsal: Rehearsal) -> None:
    fail(rehearsal, FULL)
    state = rehearsal.controller.state
    assert state.problem.endswith("No epoch was finished. Free some space, then try again.")
    assert state.way_out == ""


def test_the_best_epoch_of_a_failed_training_can_be_made_a_classifier(rehearsal: Rehearsal) -> None:
    fail(rehearsal, SHORT, kept=True)
    rehearsal.play("export", ["wait for stop"])
    rehearsal.controller.keep_best()
    rehearsal.wait_for("exporting")
    rehearsal.next_call("export")


def test_what_failed_after_the_fit_is_tried_again_without_fitting(rehearsal: Rehearsal) -> None:
    rehearsal.play("fit", rehearsal.keeps_an_epoch, rehearsal.say(Finished("Fitted.")))
    rehearsal.play("export", rehearsal.say(Failed("no.", "memory")), ["exit", 2])
    rehearsal.begin()
    rehearsal.wait_for("failed")
    state = rehearsal.controller.state
    assert (state.problem, state.way_out) == ("no. Close other programs, then try again.", "")
    rehearsal.play("export", ["wait for stop"])
    rehearsal.controller.go_on()
    rehearsal.next_call("export", before=1)
    assert len(rehearsal.calls("fit")) == 1


def test_choosing_again_keeps_the_checked_folder_and_forgets_a_training_without_an_epoch(
    rehearsal: Rehearsal,
) -> None:
    fail(rehearsal, SHORT)
    rehearsal.controller.choose_again()
    state = rehearsal.controller.state
    assert (state.phase, state.problem, state.unfinished) == ("ready", "", None)
    assert state.data is not None
    assert not (rehearsal.runs / "our-lab" / "plan.json").exists()
