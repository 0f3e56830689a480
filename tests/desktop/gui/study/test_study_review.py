"""The reader's decisions without a window, on a real study's file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytestqt.qtbot import QtBot

from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.errors import ClassifierError
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.reviewing import Reviewing
from desktop.gui.decision.decision_words import sentence_of
from desktop.gui.review_state import ImageMark
from desktop.gui.study import StudyController

if TYPE_CHECKING:
    from tests.desktop.gui.study.conftest import ReaderSteps

FIRST, SECOND, TORN = "case 1/smear 0.png", "case 1/smear 2.png", "case 2/torn.png"


def test_what_is_shown_as_decided_is_on_the_disk(reading: StudyController, steps: ReaderSteps) -> None:
    state = steps.decide("pre_b")
    assert (state.decision, state.is_done) == ("pre_b", True)
    (event,) = steps.events()
    assert (event.entry.reader, event.entry.image, event.entry.decision) == ("Ada", FIRST, "pre_b")
    assert event.entry.sha256 == reading.study.records[FIRST].sha256


def test_without_a_name_nothing_is_decided(reading: StudyController, steps: ReaderSteps) -> None:
    reading.review.reviewed.reader = ""
    sentence, _image = steps.refusal(lambda: reading.review.decide("pre_b"))
    assert "name" in sentence
    assert reading.review.state.decision == ""


def test_an_image_that_is_still_being_read_is_decided_once_its_record_is_kept(
    reading: StudyController, steps: ReaderSteps, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(reading.review.confirmed):
        reading.image.choose(SECOND)
        reading.review.decide("pre_b")
        reading.review.confirm()
    (event,) = steps.events()
    assert (event.entry.image, event.entry.decision) == (SECOND, "pre_b")
    assert event.entry.sha256 == reading.study.records[SECOND].sha256


def test_a_decision_for_an_image_that_is_left_before_it_was_read_is_refused_in_words(
    reading: StudyController, steps: ReaderSteps, qtbot: QtBot
) -> None:
    reading.image.choose(SECOND)
    reading.review.decide("pre_b")
    with qtbot.waitSignal(reading.said) as said:
        reading.image.choose(FIRST)
    assert "smear 2.png was left before it was read" in said.args[0].text
    with qtbot.waitSignal(reading.image_wanted, check_params_cb=lambda image: image == SECOND):
        said.args[0].way_out.take()
    steps.look_at(SECOND)
    assert reading.review.state.decision == ""
    assert steps.events() == []


def test_of_several_images_that_were_left_too_soon_one_sentence_names_all_until_they_are_decided(
    reading: StudyController, steps: ReaderSteps, qtbot: QtBot
) -> None:
    said: list[str] = []
    reading.review.left_undecided.connect(lambda sentence, _first: said.append(sentence))
    for image in (SECOND, TORN):
        reading.image.choose(image)
        reading.review.decide("pre_b")
    reading.image.choose(FIRST)
    assert said[-1].startswith(
        "2 images were left before they were read, so nothing was decided for them: smear 2"
    )
    steps.look_at(SECOND)
    steps.decide("benign")
    reading.image.choose(TORN)
    reading.review.decide("pre_b")
    reading.image.choose(FIRST)
    assert said[-1].startswith("torn.png was left before it was read")


def test_a_note_on_an_image_that_is_still_being_read_is_kept_with_the_decision(
    reading: StudyController, steps: ReaderSteps, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(reading.review.confirmed):
        reading.image.choose(SECOND)
        reading.review.note("round nuclei")
        reading.review.decide("pre_b")
        reading.review.confirm()
    entries = [event.entry for event in steps.events()]
    assert [(one.kind, one.image, one.text) for one in entries] == [
        ("decided", SECOND, ""),
        ("noted", SECOND, "round nuclei"),
    ]


def test_a_note_on_an_image_that_is_left_before_it_was_read_is_told_with_its_text(
    reading: StudyController, steps: ReaderSteps, qtbot: QtBot
) -> None:
    reading.image.choose(SECOND)
    reading.review.note("round nuclei")
    with qtbot.waitSignal(reading.said) as said:
        reading.image.choose(FIRST)
    words = "smear 2.png was left before it was read, so its note was not kept: round nuclei"
    assert words in said.args[0].text
    steps.look_at(SECOND)
    assert steps.events() == []


def test_a_note_is_told_when_its_folder_is_left_before_the_image_was_read(
    reading: StudyController, qtbot: QtBot, tmp_path: Path
) -> None:
    reading.image.choose(SECOND)
    reading.review.note("round nuclei")
    with qtbot.waitSignal(reading.said) as said:
        reading.open_folders([tmp_path])
    assert said.args[0].kind == "problem"
    assert (
        "smear 2.png was left before it was read, so its note was not kept: round nuclei" in said.args[0].text
    )


def test_undo_takes_back_what_was_typed_ahead_for_an_image_and_nothing_older(
    reading: StudyController, steps: ReaderSteps, qtbot: QtBot
) -> None:
    steps.decide("benign")
    with qtbot.waitSignal(reading.image.record_ready):
        reading.image.choose(SECOND)
        reading.review.decide("pre_b")
        reading.review.confirm()
        reading.review.undo()
    steps.act(lambda: reading.review.note("the next act is the last one"))
    assert [(event.entry.kind, event.entry.image) for event in steps.events()] == [
        ("decided", FIRST),
        ("noted", SECOND),
    ]
    assert reading.review.reviewed.marks() == {FIRST: ImageMark("benign")}


@pytest.fixture
def broken(reading: StudyController, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """No classifier answers while this lasts."""

    def fail(_image: RgbImage) -> Prediction:
        raise ClassifierError("The classifier broke down.")

    loaded = reading.study.classifiers
    assert loaded is not None
    with monkeypatch.context() as patch:
        patch.setattr(loaded.classifiers[0], "predict", fail)
        yield patch


@pytest.mark.usefixtures("broken")
def test_an_image_that_no_classifier_answers_is_not_decided(
    reading: StudyController, steps: ReaderSteps
) -> None:
    reading.image.choose(SECOND)
    sentence, _image = steps.refusal(lambda: reading.review.decide("pre_b"))
    assert "No classifier could answer" in sentence
    assert steps.events() == []


def test_what_is_asked_after_no_classifier_answered_is_refused_at_once(
    reading: StudyController, steps: ReaderSteps, qtbot: QtBot, broken: pytest.MonkeyPatch
) -> None:
    with qtbot.waitSignal(reading.image.unanswered):
        reading.image.choose(SECOND)
    review = reading.review
    for ask in (lambda: review.decide("pre_b"), review.confirm, lambda: review.note("round nuclei")):
        sentence, _image = steps.refusal(ask)
        assert "No classifier could answer" in sentence
    assert steps.events() == []
    broken.undo()
    # A screening has read it meanwhile: what it kept can be decided on.
    with qtbot.waitSignal(reading.screening.ended):
        reading.screening.start()
    assert steps.decide("pre_b").decision == "pre_b"


def test_an_image_that_cannot_be_denoised_is_decided_all_the_same(
    reading: StudyController, qtbot: QtBot
) -> None:
    reading.image.choose(SECOND)
    reading.review.decide("pre_b")
    reading.image.unanswered.emit(SECOND, True)
    qtbot.waitUntil(lambda: reading.review.state.decision == "pre_b")


def test_what_is_typed_ahead_changes_nothing_about_the_image_that_is_being_left(
    reading: StudyController, steps: ReaderSteps, qtbot: QtBot
) -> None:
    with qtbot.waitSignals([reading.review.confirmed, reading.review.refused]):
        reading.review.decide("benign")
        reading.review.confirm()
        reading.review.decide("pro_b")
    assert [event.entry.decision for event in steps.events()] == ["benign"]


def test_undo_waits_for_no_image(reading: StudyController, steps: ReaderSteps, qtbot: QtBot) -> None:
    steps.decide("benign")
    with qtbot.waitSignal(reading.review.image_wanted) as wanted:
        reading.image.choose(SECOND)
        reading.review.undo()
    assert wanted.args == [FIRST]


def test_a_study_that_somebody_else_writes_is_open_to_read_only_and_says_who(
    make_controller: Callable[..., StudyController],
    steps: ReaderSteps,
    fake_classifiers: ClassifierSet,
    smear_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = make_controller(lambda: fake_classifiers)
    first.review.name_reader("Ada")
    first.load_classifiers()
    with steps.qtbot.waitSignal(first.file.opened):
        first.open_folders([smear_folder])
    steps_of_first = replace(steps, controller=first)
    steps_of_first.look_at(FIRST)
    steps_of_first.decide("benign")
    path = first.study.path
    assert path is not None
    first.close()

    open_or_create = StudyStore.open_or_create
    monkeypatch.setattr(
        StudyStore, "open_or_create", lambda path, head: open_or_create(path, head, lambda _path: True)
    )
    holder = {"user": "Ben", "machine": "ward 7", "process": 1, "lock": "", "since": "today"}
    path.with_name(f"{path.name}.open").write_text(json.dumps(holder), encoding="utf-8")
    second = make_controller(lambda: fake_classifiers)
    second.review.name_reader("Ada")
    second.load_classifiers()
    with steps.qtbot.waitSignal(second.said) as said:
        second.open_folders([smear_folder])
    assert "is open for Ben on ward 7" in said.args[0].text
    steps.qtbot.waitUntil(lambda: second.review.reviewed.is_open)
    steps_of_second = replace(steps, controller=second)
    steps_of_second.look_at(SECOND)
    sentence, _image = steps_of_second.refusal(lambda: second.review.decide("benign"))
    assert "Then open the folder here again." in sentence
    assert second.review.reviewed.marks() == {FIRST: ImageMark("benign")}
    assert (second.can_screen, second.can_export) == (False, True)


def test_enter_confirms_only_what_the_reader_decided(
    reading: StudyController, steps: ReaderSteps, qtbot: QtBot
) -> None:
    sentence, _image = steps.refusal(reading.review.confirm)
    assert "your own choice" in sentence
    with qtbot.waitSignal(reading.review.confirmed):
        reading.review.decide("benign")
        # Before it is kept: it goes on as soon as it is.
        reading.review.confirm()


def test_undo_takes_back_the_last_decision_and_goes_to_its_image(
    reading: StudyController, steps: ReaderSteps, qtbot: QtBot
) -> None:
    steps.decide("benign")
    steps.decide("pro_b")
    steps.look_at(SECOND)
    with qtbot.waitSignal(reading.review.image_wanted) as wanted:
        reading.review.undo()
    assert wanted.args == [FIRST]
    steps.look_at(FIRST)
    assert reading.review.state.decision == "benign"


def test_the_same_decision_twice_is_one_event(reading: StudyController, steps: ReaderSteps) -> None:
    steps.decide("benign")
    reading.review.decide("benign")
    steps.act(lambda: reading.review.note("round nuclei"))
    assert [event.entry.kind for event in steps.events()] == ["decided", "noted"]


def test_an_unreadable_image_takes_no_label_and_can_be_acknowledged(
    reading: StudyController, steps: ReaderSteps
) -> None:
    steps.look_at(TORN)
    sentence, _image = steps.refusal(lambda: reading.review.decide("benign"))
    assert "cannot be read" in sentence
    state = steps.act(reading.review.acknowledge)
    assert (state.unreadable, state.acknowledged, state.is_done) == (True, True, True)


def opened_elsewhere(reading: StudyController) -> StudyStore:
    """The same study, as another program has it open for writing."""
    path = reading.study.path
    assert path is not None
    with StudyStore.open_existing(path) as there:
        head = there.head
    return StudyStore.open_or_create(path, head)


def test_what_another_program_decided_meanwhile_is_known_with_the_next_event(
    reading: StudyController, steps: ReaderSteps
) -> None:
    with opened_elsewhere(reading) as store:
        Reviewing(store, "Ada").decide([SECOND], "unsure")
    steps.decide("benign")
    assert reading.review.reviewed.marks() == {FIRST: ImageMark("benign"), SECOND: ImageMark("unsure")}


@pytest.mark.usefixtures("often")
def test_what_another_window_decides_shows_here_without_doing_anything(
    reading: StudyController, steps: ReaderSteps, qtbot: QtBot
) -> None:
    review = reading.review
    with opened_elsewhere(reading) as store:
        elsewhere = Reviewing(store, "Ada")
        with qtbot.waitSignal(review.mark_changed) as mark:
            elsewhere.decide([SECOND], "unsure")
        assert mark.args == [SECOND, ImageMark("unsure")]
        with qtbot.waitSignal(review.changed) as changed:
            elsewhere.decide([FIRST], "pre_b")
        assert changed.args[0].decision == "pre_b"
        # Another reader's is known as well, but marks nothing here.
        with qtbot.waitSignal(review.mark_changed) as mark:
            Reviewing(store, "Ben").decide([FIRST], "benign")
        assert mark.args == [FIRST, ImageMark("pre_b")]
    assert [event.entry.reader for event in steps.events()] == ["Ada", "Ada", "Ben"]


@pytest.mark.parametrize("reader", ["Ada", "Ben"])
def test_what_was_undone_elsewhere_does_not_move_this_window(
    reader: str, reading: StudyController, steps: ReaderSteps, qtbot: QtBot
) -> None:
    with opened_elsewhere(reading) as store:
        elsewhere = Reviewing(store, reader)
        elsewhere.decide([SECOND], "unsure")
        elsewhere.undo()
    with qtbot.assertNotEmitted(reading.review.image_wanted):
        steps.decide("benign")
    assert [event.entry.kind for event in steps.events()] == ["decided", "undone", "decided"]


def test_a_decision_on_other_bytes_counts_no_more(
    reading: StudyController, steps: ReaderSteps, smear_folder: Path, qtbot: QtBot
) -> None:
    steps.decide("benign")
    (smear_folder / FIRST).write_bytes((smear_folder / SECOND).read_bytes())
    steps.look_at(SECOND)
    reading.clear_cache()
    with qtbot.waitSignal(
        reading.review.mark_changed, check_params_cb=lambda image, _mark: image == FIRST
    ) as mark:
        reading.image.choose(FIRST)
    assert mark.args == [FIRST, None]
    words = sentence_of(reading.review.state)
    assert (
        words
        == "You decided Benign, and the file was changed since: that decision counts no more. Decide again."
    )
