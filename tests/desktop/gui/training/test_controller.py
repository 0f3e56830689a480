"""Training in a process of its own: what the controller makes of what that process says, and of what it doesn't."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bloodsmear import paths
from bloodsmear.jobs.training_messages import (
    DataChecked,
    EpochDone,
    Failed,
    Finished,
    FitStarted,
    Note,
    StepsDone,
    Stopped,
)
from desktop.gui.training.state import TrainingWish
from training.data.folder_labels import read_label_file

if TYPE_CHECKING:
    from tests.desktop.gui.training.conftest import Rehearsal

EPOCH = EpochDone(1, 2, 1.2, 0.4, 1.0, 0.55, True, 100.0)
STOPPED = Stopped("Stopped. The finished epochs are kept.")


def test_a_checked_folder_is_ready_with_its_counts(rehearsal: Rehearsal) -> None:
    rehearsal.play("check", rehearsal.say(DataChecked({"benign": 12}, (), ("Few images of Benign.",))))
    rehearsal.check()
    rehearsal.wait_for("ready")
    data = rehearsal.controller.state.data
    assert data is not None
    assert (data.counts, data.warnings) == ((("benign", 12),), ("Few images of Benign.",))


def test_a_folder_with_errors_is_unusable_although_the_check_itself_went_well(rehearsal: Rehearsal) -> None:
    error = "There are no images of Pro-B."
    rehearsal.play("check", rehearsal.say(DataChecked({"benign": 12}, (error,), ())), ["exit", 1])
    rehearsal.check()
    rehearsal.wait_for("unusable")
    state = rehearsal.controller.state
    assert state.data is not None
    assert state.data.errors == (error,)
    assert state.problem == ""
    later = rehearsal.new_controller()
    later.look_around()
    assert later.state.unfinished is None


def test_folders_that_are_not_labels_can_be_given_one_and_the_fit_is_told(rehearsal: Rehearsal) -> None:
    (rehearsal.data / "unsorted").mkdir()
    error = "The folder unsorted is no known label. Say which label it stands for."
    asks = DataChecked({"benign": 12}, (error,), (), wants_labels=True)
    rehearsal.play("check", rehearsal.say(asks), ["exit", 1])
    rehearsal.check()
    rehearsal.wait_for("unusable")
    rehearsal.qtbot.waitUntil(lambda: _folders(rehearsal) == ("unsorted",))
    data = rehearsal.controller.state.data
    assert data is not None
    assert (data.errors, data.wants_labels) == ((error,), True)
    later = rehearsal.new_controller()
    later.look_around()
    assert later.state.unfinished is not None
    rehearsal.qtbot.waitUntil(lambda: bool(later.state.starts))
    rehearsal.play("check", rehearsal.say(DataChecked({"benign": 12}, (), ())))
    rehearsal.play("fit", ["wait for stop"])
    rehearsal.controller.check(data.folder, (("unsorted", "pre_b"),))
    rehearsal.wait_for("ready")
    assert rehearsal.calls("check")[-1][-1] == "--label=unsorted=pre_b"
    rehearsal.controller.start(TrainingWish("unet", "tiny", "Our lab"))
    assert "--label=unsorted=pre_b" in rehearsal.next_call("fit")


def test_the_label_whose_mistakes_matter_most_is_told_to_check_and_fit(rehearsal: Rehearsal) -> None:
    rehearsal.check()
    rehearsal.controller.check(rehearsal.data, (), (("hem", "Hematogones"), ("all", "ALL")), "all")
    rehearsal.wait_for("ready")
    rehearsal.controller.start(TrainingWish("unet", "tiny", "Our lab"))
    for words in (rehearsal.calls("check")[-1], rehearsal.next_call("fit")):
        assert (labels := read_label_file(Path(words[words.index("--labels") + 1])))
        assert (labels.keys, labels.matters_first) == (("hem", "all"), "all")


def _folders(rehearsal: Rehearsal) -> tuple[str, ...]:
    data = rehearsal.controller.state.data
    return data.folders if data is not None else ()


def test_a_check_that_fails_says_why_without_the_programs_name(rehearsal: Rehearsal) -> None:
    rehearsal.play("check", rehearsal.say(Failed("There is no folder smears.")), ["exit", 2])
    rehearsal.check()
    rehearsal.wait_for("unusable")
    assert rehearsal.controller.state.problem == "There is no folder smears."


def test_the_first_backend_that_sees_a_gpu_is_told_of(rehearsal: Rehearsal) -> None:
    rehearsal.play("gpu", ["exit", 1])
    rehearsal.check()
    rehearsal.qtbot.waitUntil(lambda: rehearsal.controller.state.gpu == "")
    assert [words[2] for words in rehearsal.calls("gpu")] == ["tensorflow", "jax", "torch"]
    rehearsal.play("gpu", rehearsal.say(Finished("NVIDIA RTX 4090")))
    rehearsal.controller.use_python(sys.executable)
    rehearsal.qtbot.waitUntil(lambda: rehearsal.controller.state.gpu == "NVIDIA RTX 4090")


def test_why_no_gpu_is_seen_is_kept_until_another_environment_is_chosen(rehearsal: Rehearsal) -> None:
    said = (rehearsal.say(Note("Its driver is too old.")), rehearsal.say(Finished("torch sees no GPU here.")))
    rehearsal.play("gpu", *said, ["exit", 1])
    rehearsal.check()
    rehearsal.qtbot.waitUntil(lambda: rehearsal.controller.state.gpu == "")
    assert rehearsal.controller.state.why_no_gpu == "Its driver is too old."
    rehearsal.controller.use_python(sys.executable)
    assert rehearsal.controller.state.why_no_gpu == ""


def test_another_folder_takes_the_place_of_one_that_is_still_being_looked_at(rehearsal: Rehearsal) -> None:
    rehearsal.play("check", ["wait"])
    rehearsal.check()
    rehearsal.wait_for("checking")
    rehearsal.play("check", rehearsal.say(DataChecked({"pre_b": 3}, (), ())))
    rehearsal.controller.check(rehearsal.data)
    rehearsal.wait_for("ready")


def test_device_progress_and_epochs_arrive_and_garbage_between_them_is_passed_over(
    rehearsal: Rehearsal,
) -> None:
    rehearsal.play(
        "fit",
        ["print", "2026-11-24 I tensorflow/core: Hello"],
        ["print", '{"message": "from a later version"}'],
        ["print", "\x00 ß {["],
        rehearsal.started,
        rehearsal.say(EPOCH),
        rehearsal.say(StepsDone(2, 3, 10, 240.0)),
        ["wait for stop"],
    )
    rehearsal.begin()
    rehearsal.qtbot.waitUntil(lambda: _steps(rehearsal) == (2, 3, 10, 240.0))
    fit = rehearsal.controller.state.fit
    assert fit is not None
    assert fit.finished == (EPOCH.figures,)


@pytest.mark.parametrize(
    ("backend", "device", "gpu", "said"),
    [
        ("tensorflow", "2 processor cores", False, "2 processor cores, because no GPU was found"),
        ("torch", "NVIDIA RTX 4090", True, "NVIDIA RTX 4090 with PyTorch"),
    ],
)
def test_the_device_is_said_in_plain_words(
    rehearsal: Rehearsal, backend: str, device: str, gpu: bool, said: str
) -> None:
    reason = "none of tensorflow, jax sees a GPU, so the first of them; float32"
    started = FitStarted(backend, device, reason, "unet", 40, 2, 0, gpu)
    rehearsal.play("fit", rehearsal.say(started), ["wait for stop"])
    rehearsal.begin()
    rehearsal.qtbot.waitUntil(lambda: _device(rehearsal) != "")
    assert _device(rehearsal) == said


def _device(rehearsal: Rehearsal) -> str:
    fit = rehearsal.controller.state.fit
    return fit.device if fit is not None else ""


def _steps(rehearsal: Rehearsal) -> tuple[Any, ...]:
    fit = rehearsal.controller.state.fit
    return (fit.epoch, fit.done, fit.total, fit.seconds_left) if fit is not None else ()


def test_what_was_chosen_reaches_the_training_program(rehearsal: Rehearsal) -> None:
    rehearsal.play("fit", rehearsal.say(Failed("no.")))
    rehearsal.begin()
    rehearsal.wait_for("failed")
    (words,) = rehearsal.calls("fit")
    assert words[:3] == ["--messages", "fit", str(rehearsal.data)]
    assert words[words.index("--run") + 1] == str(rehearsal.runs / "our-lab")
    chosen = {
        name: words[words.index(name) + 1] for name in ("--architecture", "--size", "--epochs", "--batch")
    }
    assert chosen == {"--architecture": "unet", "--size": "32", "--epochs": "2", "--batch": "8"}
    assert "--weights" not in words


def test_a_training_from_a_file_is_told_the_weights_and_the_images_to_keep(rehearsal: Rehearsal) -> None:
    rehearsal.play("fit", ["wait for stop"])
    rehearsal.check()
    rehearsal.wait_for("ready")
    controller = rehearsal.controller
    controller.start_from_file(rehearsal.data / "nothing.h5")
    rehearsal.qtbot.waitUntil(lambda: "nothing.h5 cannot be read" in controller.state.problem)
    model = paths.shipped_classifiers() / "unet" / "model.keras"
    controller.start_from_file(model)
    rehearsal.qtbot.waitUntil(lambda: controller.state.file_start is not None)
    assert controller.state.problem == ""
    controller.keep_images(rehearsal.data / "old")
    start = controller.state.file_start
    assert start is not None
    controller.start(TrainingWish(start.key, "tiny", "Our lab"))
    words = rehearsal.next_call("fit")
    assert words[words.index("--weights") + 1] == str(model)
    assert words[words.index("--keep") + 1] == str(rehearsal.data / "old")


def test_from_scratch_no_images_are_kept(rehearsal: Rehearsal) -> None:
    rehearsal.play("fit", ["wait for stop"])
    rehearsal.controller.keep_images(rehearsal.data / "old")
    rehearsal.begin()
    assert "--keep" not in rehearsal.next_call("fit")


def test_stopping_keeps_the_best_epoch_and_makes_the_classifier_of_it(rehearsal: Rehearsal) -> None:
    rehearsal.play(
        "fit",
        rehearsal.started,
        rehearsal.keeps_an_epoch,
        ["wait for stop"],
        rehearsal.say(STOPPED),
        ["exit", 130],
    )
    rehearsal.play("export", ["wait for stop"])
    rehearsal.begin()
    rehearsal.qtbot.waitUntil(lambda: (rehearsal.runs / "our-lab" / "history.json").is_file())
    rehearsal.controller.keep_best()
    assert rehearsal.controller.state.phase == "stopping"
    rehearsal.wait_for("exporting")


def test_stopping_before_the_first_epoch_leads_back_to_the_choice(rehearsal: Rehearsal) -> None:
    rehearsal.play("fit", rehearsal.started, ["wait for stop"], rehearsal.say(STOPPED), ["exit", 130])
    rehearsal.begin()
    rehearsal.controller.keep_best()
    rehearsal.wait_for("ready")
    assert "nothing to keep" in rehearsal.controller.state.problem
    assert rehearsal.new_controller().state.unfinished is None


def test_a_crash_is_told_with_its_last_words_and_the_training_can_go_on(rehearsal: Rehearsal) -> None:
    rehearsal.play(
        "fit", rehearsal.started, rehearsal.keeps_an_epoch, ["complain", "CUDA driver is too old"], ["crash"]
    )
    rehearsal.begin()
    rehearsal.wait_for("failed")
    problem = rehearsal.controller.state.problem
    assert "ended unexpectedly" in problem
    assert "CUDA driver is too old" in problem
    assert "1 finished epoch is kept" in problem
    rehearsal.play("fit", rehearsal.say(Note("reading", 1, 2)), ["wait for stop"])
    rehearsal.controller.go_on()
    rehearsal.wait_for("fitting")
    assert rehearsal.controller.state.problem == ""


@pytest.mark.parametrize(
    ("last_line", "code", "sentence"),
    [
        ("ModuleNotFoundError: No module named 'training'", 1, "The chosen Python cannot train"),
        (
            "bloodsmear-train: error: argument command: invalid choice: 'fit'",
            2,
            "of another version than this window",
        ),
        ("tensorflow.ResourceExhaustedError: OOM", 1, "most likely because the memory ran out"),
    ],
)
def test_known_ends_say_what_to_do(rehearsal: Rehearsal, last_line: str, code: int, sentence: str) -> None:
    rehearsal.play("fit", ["complain", last_line], ["exit", code])
    rehearsal.begin()
    rehearsal.wait_for("failed")
    assert sentence in rehearsal.controller.state.problem


def test_a_program_that_is_not_there_is_named(rehearsal: Rehearsal) -> None:
    rehearsal.controller.use_python(str(rehearsal.data / "no-python"))
    rehearsal.check()
    rehearsal.wait_for("unusable")
    assert "did not start" in rehearsal.controller.state.problem


def test_a_training_that_the_programs_end_cut_off_is_offered_at_the_next_start(rehearsal: Rehearsal) -> None:
    rehearsal.play("fit", rehearsal.started, rehearsal.keeps_an_epoch, ["wait"])
    rehearsal.begin()
    rehearsal.qtbot.waitUntil(lambda: (rehearsal.runs / "our-lab" / "history.json").is_file())
    assert rehearsal.controller.close()
    later = rehearsal.new_controller()
    later.look_around()
    unfinished = later.state.unfinished
    assert unfinished is not None
    assert (unfinished.name, unfinished.finished_epochs, unfinished.epochs) == ("Our lab", 1, 2)
    rehearsal.play("fit", ["wait for stop"])
    later.go_on()
    assert later.state.fit is not None
    assert [one.epoch for one in later.state.fit.finished] == [1]


def test_an_unfinished_training_that_is_put_away_is_offered_no_more_and_its_files_stay(
    rehearsal: Rehearsal,
) -> None:
    rehearsal.play("fit", ["crash"])
    rehearsal.begin()
    rehearsal.wait_for("failed")
    later = rehearsal.new_controller()
    later.look_around()
    later.put_away()
    later.look_around()
    assert later.state.unfinished is None
    assert (rehearsal.runs / "our-lab").is_dir()


def test_who_leaves_a_made_classifier_for_another_training_finds_it_on_offer_and_is_not_led_back_again(
    rehearsal: Rehearsal,
) -> None:
    run = rehearsal.leave_plan()
    made = run / "classifier" / "our-lab"
    made.mkdir(parents=True)
    shutil.copy(paths.shipped_classifiers() / "unet" / "card.json", made)
    for written_last in ("our-lab.zip", "evaluation.html"):
        (run / written_last).touch()
    rehearsal.controller.look_around()
    rehearsal.wait_for("finished")
    rehearsal.controller.begin_anew()
    rehearsal.controller.look_around()
    state = rehearsal.controller.state
    assert state.phase == "empty"
    assert state.unfinished is not None
    assert state.unfinished.stage == "made"
    rehearsal.controller.go_on()
    rehearsal.wait_for("finished")


def test_a_chosen_folder_that_is_put_away_is_offered_no_more(rehearsal: Rehearsal) -> None:
    rehearsal.check()
    rehearsal.wait_for("ready")
    later = rehearsal.new_controller()
    later.look_around()
    assert later.state.unfinished is not None
    assert later.state.unfinished.folder == rehearsal.data
    later.put_away()
    later.look_around()
    assert later.state.unfinished is None


def test_a_second_training_of_the_same_name_gets_a_folder_of_its_own(rehearsal: Rehearsal) -> None:
    rehearsal.play("fit", ["crash"])
    for _ in range(2):
        rehearsal.begin()
        rehearsal.wait_for("failed")
    assert {run.name for run in rehearsal.runs.iterdir()} == {"our-lab", "our-lab-2"}


def test_an_export_without_a_card_is_not_a_classifier(rehearsal: Rehearsal) -> None:
    rehearsal.play("fit", rehearsal.say(Finished("Fitted.")))
    rehearsal.play("export", rehearsal.say(Finished("Made.")))
    rehearsal.play("evaluate", ["exit", 2])
    rehearsal.begin()
    rehearsal.wait_for("failed")
    assert "card.json" in rehearsal.controller.state.problem


def test_a_classifier_in_use_that_has_seen_the_images_is_shown_with_its_cards_figures(
    rehearsal: Rehearsal,
) -> None:
    rehearsal.play("fit", rehearsal.say(Finished("Fitted.")))
    rehearsal.play("export", rehearsal.say(Finished("Made.", page="evaluation.html")))
    rehearsal.play("evaluate", rehearsal.say(Failed("3 images were seen.")), ["exit", 2])
    target = rehearsal.runs / "our-lab" / "classifier" / "our-lab"
    target.mkdir(parents=True)
    shutil.copy(paths.shipped_classifiers() / "unet" / "card.json", target)
    rehearsal.leave_plan()
    rehearsal.controller.look_around()
    rehearsal.controller.go_on()
    rehearsal.wait_for("finished")
    state = rehearsal.controller.state
    assert state.problem == ""
    (beside,) = rehearsal.calls("evaluate")
    assert beside[:3] == ["--messages", "evaluate", str(paths.shipped_classifiers() / "unet")]
    assert beside[beside.index("--split") + 1] == str(rehearsal.runs / "our-lab" / "split.json")
    assert state.outcome is not None
    assert (state.outcome.folder, state.outcome.page) == (target, Path("evaluation.html"))
    new, in_use = state.outcome.columns
    assert "accuracy" in new.figures
    assert not in_use.same_images


def test_the_plan_holds_what_was_asked_for(rehearsal: Rehearsal) -> None:
    rehearsal.play("fit", ["crash"])
    rehearsal.begin()
    rehearsal.wait_for("failed")
    plan = json.loads((rehearsal.runs / "our-lab" / "plan.json").read_text("utf-8"))
    assert plan["data"] == str(rehearsal.data)
    assert plan["classifier_id"] == "our-lab"
