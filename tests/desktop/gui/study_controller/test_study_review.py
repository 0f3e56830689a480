"""The reader's decisions without a window, on a real study's file."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.errors import ClassifierError
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.review.events import Event
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.reviewing import Reviewing
from desktop.gui.messages import Message
from desktop.gui.review_state import ReviewState
from desktop.gui.study_controller import StudyController

OpenStudy = Callable[[StudyController, Path], list[Message]]
FIRST, SECOND, TORN = "case 1/smear 0.png", "case 1/smear 2.png", "case 2/torn.png"


def look_at(controller: StudyController, image: str, qtbot: QtBot) -> None:
    """Choose an image and wait until it is to be seen and its record is kept."""
    with qtbot.waitSignal(controller.image.record_made if image == TORN else controller.image.record_ready):
        controller.image.choose(image)


def act(controller: StudyController, ask: Callable[[], None], qtbot: QtBot) -> ReviewState:
    """Ask for something and wait until it is kept."""
    with qtbot.waitSignal(controller.review.changed) as changed:
        ask()
    state = changed.args[0]
    assert isinstance(state, ReviewState)
    return state


def refusal(controller: StudyController, ask: Callable[[], None], qtbot: QtBot) -> tuple[str, str]:
    with qtbot.waitSignal(controller.review.refused) as refused:
        ask()
    return refused.args[0], refused.args[1]


@pytest.fixture
def reading(
    controller: StudyController, open_study: OpenStudy, smear_folder: Path, qtbot: QtBot
) -> StudyController:
    """Ada looks at the first image of an open study."""
    controller.review.name_reader("Ada")
    open_study(controller, smear_folder)
    qtbot.waitUntil(lambda: controller.review.reviewed.is_open)
    look_at(controller, FIRST, qtbot)
    return controller


def test_what_is_shown_as_decided_is_on_the_disk(reading: StudyController, qtbot: QtBot) -> None:
    state = act(reading, lambda: reading.review.decide("pre_b"), qtbot)
    assert (state.decision, state.is_done) == ("pre_b", True)
    path = reading.study.path
    assert path is not None
    with StudyStore.open_existing(path) as store:
        (event,) = store.events.read()
    assert (event.entry.reader, event.entry.image, event.entry.decision) == ("Ada", FIRST, "pre_b")
    assert event.entry.sha256 == reading.study.records[FIRST].sha256


def test_without_a_name_nothing_is_decided(reading: StudyController, qtbot: QtBot) -> None:
    reading.review.reviewed.reader = ""
    sentence, _image = refusal(reading, lambda: reading.review.decide("pre_b"), qtbot)
    assert "name" in sentence
    assert reading.review.state.decision == ""


def events_of(controller: StudyController) -> list[Event]:
    path = controller.study.path
    assert path is not None
    with StudyStore.open_existing(path) as store:
        return list(store.events.read())


def test_an_image_that_is_still_being_read_is_decided_once_its_record_is_kept(
    reading: StudyController, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(reading.review.confirmed):
        reading.image.choose(SECOND)
        reading.review.decide("pre_b")
        reading.review.confirm()
    (event,) = events_of(reading)
    assert (event.entry.image, event.entry.decision) == (SECOND, "pre_b")
    assert event.entry.sha256 == reading.study.records[SECOND].sha256


def test_a_decision_for_an_image_that_is_left_before_it_was_read_is_refused_in_words(
    reading: StudyController, qtbot: QtBot
) -> None:
    reading.image.choose(SECOND)
    reading.review.decide("pre_b")
    sentence, image = refusal(reading, lambda: reading.image.choose(FIRST), qtbot)
    assert "smear 2.png was left before it was read" in sentence
    assert image == SECOND
    look_at(reading, SECOND, qtbot)
    assert reading.review.state.decision == ""
    assert events_of(reading) == []


def test_undo_takes_back_what_was_typed_ahead_for_an_image_and_nothing_older(
    reading: StudyController, qtbot: QtBot
) -> None:
    act(reading, lambda: reading.review.decide("benign"), qtbot)
    with qtbot.waitSignal(reading.image.record_ready):
        reading.image.choose(SECOND)
        reading.review.decide("pre_b")
        reading.review.confirm()
        reading.review.undo()
    act(reading, lambda: reading.review.note("the next act is the last one"), qtbot)
    assert [(event.entry.kind, event.entry.image) for event in events_of(reading)] == [
        ("decided", FIRST),
        ("noted", SECOND),
    ]
    assert reading.review.reviewed.marks() == {FIRST: "Benign"}


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
def test_an_image_that_no_classifier_answers_is_not_decided(reading: StudyController, qtbot: QtBot) -> None:
    reading.image.choose(SECOND)
    sentence, _image = refusal(reading, lambda: reading.review.decide("pre_b"), qtbot)
    assert "No classifier could answer" in sentence
    assert events_of(reading) == []


def test_what_is_asked_after_no_classifier_answered_is_refused_at_once(
    reading: StudyController, qtbot: QtBot, broken: pytest.MonkeyPatch
) -> None:
    with qtbot.waitSignal(reading.image.unanswered):
        reading.image.choose(SECOND)
    review = reading.review
    for ask in (lambda: review.decide("pre_b"), review.confirm, lambda: review.note("round nuclei")):
        sentence, _image = refusal(reading, ask, qtbot)
        assert "No classifier could answer" in sentence
    assert events_of(reading) == []
    broken.undo()
    # A screening has read it meanwhile: what it kept can be decided on.
    with qtbot.waitSignal(reading.screening.ended):
        reading.screening.start()
    assert act(reading, lambda: review.decide("pre_b"), qtbot).decision == "pre_b"


def test_an_image_that_cannot_be_denoised_is_decided_all_the_same(
    reading: StudyController, qtbot: QtBot
) -> None:
    reading.image.choose(SECOND)
    reading.review.decide("pre_b")
    reading.image.unanswered.emit(SECOND, True)
    qtbot.waitUntil(lambda: reading.review.state.decision == "pre_b")


def test_what_is_typed_ahead_changes_nothing_about_the_image_that_is_being_left(
    reading: StudyController, qtbot: QtBot
) -> None:
    with qtbot.waitSignals([reading.review.confirmed, reading.review.refused]):
        reading.review.decide("benign")
        reading.review.confirm()
        reading.review.decide("pro_b")
    assert [event.entry.decision for event in events_of(reading)] == ["benign"]


def test_undo_waits_for_no_image(reading: StudyController, qtbot: QtBot) -> None:
    act(reading, lambda: reading.review.decide("benign"), qtbot)
    with qtbot.waitSignal(reading.review.image_wanted) as wanted:
        reading.image.choose(SECOND)
        reading.review.undo()
    assert wanted.args == [FIRST]


def test_many_images_are_decided_in_one_act_and_one_undo_takes_them_back(
    reading: StudyController, qtbot: QtBot
) -> None:
    look_at(reading, SECOND, qtbot)
    reading.review.set_blind(True)
    act(reading, lambda: reading.review.decide("other"), qtbot)
    act(reading, lambda: reading.many.decide([FIRST, SECOND], "benign"), qtbot)
    assert reading.review.reviewed.marks() == {FIRST: "Benign", SECOND: "Benign"}
    # The answers for the second one were shown once it was decided.
    together = events_of(reading)[1:]
    assert [(event.act, event.entry.image, event.entry.answers_hidden) for event in together] == [
        (2, FIRST, True),
        (2, SECOND, False),
    ]
    act(reading, reading.review.undo, qtbot)
    assert reading.review.reviewed.marks() == {SECOND: "Other"}


def test_many_are_not_decided_while_one_has_not_been_read(reading: StudyController, qtbot: QtBot) -> None:
    sentence, image = refusal(reading, lambda: reading.many.decide([FIRST, SECOND], "benign"), qtbot)
    assert f"1 of 2 images has not been read yet ({SECOND})" in sentence
    assert image == SECOND
    assert events_of(reading) == []


def test_many_are_not_decided_with_a_label_while_one_is_unreadable(
    reading: StudyController, qtbot: QtBot
) -> None:
    look_at(reading, TORN, qtbot)
    sentence, image = refusal(reading, lambda: reading.many.decide([FIRST, TORN], "benign"), qtbot)
    assert "cannot be read" in sentence
    assert image == TORN
    act(reading, lambda: reading.many.decide([FIRST, TORN], "not_evaluable"), qtbot)
    assert reading.review.reviewed.marks() == {FIRST: "Not evaluable", TORN: "Not evaluable"}


def test_a_study_that_somebody_else_writes_is_open_to_read_only_and_says_who(
    make_controller: Callable[..., StudyController],
    fake_classifiers: ClassifierSet,
    smear_folder: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = make_controller(lambda: fake_classifiers)
    first.review.name_reader("Ada")
    first.load_classifiers()
    with qtbot.waitSignal(first.file.opened):
        first.open_folders([smear_folder])
    look_at(first, FIRST, qtbot)
    act(first, lambda: first.review.decide("benign"), qtbot)
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
    with qtbot.waitSignal(second.said) as said:
        second.open_folders([smear_folder])
    assert "is open for Ben on ward 7" in said.args[0].text
    qtbot.waitUntil(lambda: second.review.reviewed.is_open)
    look_at(second, SECOND, qtbot)
    sentence, _image = refusal(second, lambda: second.review.decide("benign"), qtbot)
    assert "Then open the folder here again." in sentence
    assert second.review.reviewed.marks() == {FIRST: "Benign"}
    assert (second.can_screen, second.can_export) == (False, True)


def test_enter_confirms_only_what_the_reader_decided(reading: StudyController, qtbot: QtBot) -> None:
    sentence, _image = refusal(reading, reading.review.confirm, qtbot)
    assert "your own choice" in sentence
    with qtbot.waitSignal(reading.review.confirmed):
        reading.review.decide("benign")
        # Before it is kept: it goes on as soon as it is.
        reading.review.confirm()


def test_undo_takes_back_the_last_decision_and_goes_to_its_image(
    reading: StudyController, qtbot: QtBot
) -> None:
    act(reading, lambda: reading.review.decide("benign"), qtbot)
    act(reading, lambda: reading.review.decide("pro_b"), qtbot)
    look_at(reading, SECOND, qtbot)
    with qtbot.waitSignal(reading.review.image_wanted) as wanted:
        reading.review.undo()
    assert wanted.args == [FIRST]
    look_at(reading, FIRST, qtbot)
    assert reading.review.state.decision == "benign"


def test_the_same_decision_twice_is_one_event(reading: StudyController, qtbot: QtBot) -> None:
    act(reading, lambda: reading.review.decide("benign"), qtbot)
    reading.review.decide("benign")
    act(reading, lambda: reading.review.note("round nuclei"), qtbot)
    path = reading.study.path
    assert path is not None
    with StudyStore.open_existing(path) as store:
        assert [event.entry.kind for event in store.events.read()] == ["decided", "noted"]


def test_an_unreadable_image_takes_no_label_and_can_be_acknowledged(
    reading: StudyController, qtbot: QtBot
) -> None:
    look_at(reading, TORN, qtbot)
    sentence, _image = refusal(reading, lambda: reading.review.decide("benign"), qtbot)
    assert "cannot be read" in sentence
    state = act(reading, reading.review.acknowledge, qtbot)
    assert (state.unreadable, state.acknowledged, state.is_done) == (True, True, True)


def test_sign_off_is_refused_with_the_first_image_that_is_in_the_way(
    reading: StudyController, qtbot: QtBot
) -> None:
    act(reading, lambda: reading.review.decide("benign"), qtbot)
    sentence, image = refusal(reading, lambda: reading.sign_offs.sign_off(whole_study=False), qtbot)
    assert "2 images are undecided" in sentence
    assert image == SECOND


def test_a_signed_off_case_is_locked_until_it_is_reopened_with_a_reason(
    reading: StudyController, qtbot: QtBot
) -> None:
    for image in (FIRST, SECOND, "case 1/smear 4.png"):
        look_at(reading, image, qtbot)
        act(reading, lambda: reading.review.decide("benign"), qtbot)
    with qtbot.waitSignal(reading.review.marks_changed) as marks:
        reading.sign_offs.sign_off(whole_study=False)
    assert marks.args[0][FIRST] == "Benign, signed off"
    assert "signed off this case" in reading.review.state.locked
    sentence, _image = refusal(reading, lambda: reading.review.decide("pro_b"), qtbot)
    assert "Reopen" in sentence
    sentence, _image = refusal(reading, lambda: reading.sign_offs.reopen(False, " "), qtbot)
    assert "why" in sentence
    with qtbot.waitSignal(reading.review.marks_changed) as marks:
        reading.sign_offs.reopen(False, "a second look")
    assert marks.args[0][FIRST] == "Benign"
    assert reading.review.state.can_decide


def test_what_another_program_decided_meanwhile_is_known_with_the_next_event(
    reading: StudyController, qtbot: QtBot
) -> None:
    path = reading.study.path
    assert path is not None
    with StudyStore.open_existing(path) as there:
        head = there.head
    with StudyStore.open_or_create(path, head) as store:
        Reviewing(store, "Ada").decide([SECOND], "unsure")
    act(reading, lambda: reading.review.decide("benign"), qtbot)
    assert reading.review.reviewed.marks() == {FIRST: "Benign", SECOND: "Unsure"}


@pytest.mark.parametrize("reader", ["Ada", "Ben"])
def test_what_was_undone_elsewhere_does_not_move_this_window(
    reader: str, reading: StudyController, qtbot: QtBot
) -> None:
    path = reading.study.path
    assert path is not None
    with StudyStore.open_existing(path) as there:
        head = there.head
    with StudyStore.open_or_create(path, head) as store:
        elsewhere = Reviewing(store, reader)
        elsewhere.decide([SECOND], "unsure")
        elsewhere.undo()
    with qtbot.assertNotEmitted(reading.review.image_wanted):
        act(reading, lambda: reading.review.decide("benign"), qtbot)
    assert [event.entry.kind for event in events_of(reading)] == ["decided", "undone", "decided"]


def test_a_decision_on_other_bytes_counts_no_more(
    reading: StudyController, smear_folder: Path, qtbot: QtBot
) -> None:
    act(reading, lambda: reading.review.decide("benign"), qtbot)
    (smear_folder / FIRST).write_bytes((smear_folder / SECOND).read_bytes())
    look_at(reading, SECOND, qtbot)
    reading.clear_cache()
    with qtbot.waitSignal(
        reading.review.mark_changed, check_params_cb=lambda image, _mark: image == FIRST
    ) as mark:
        reading.image.choose(FIRST)
    assert mark.args == [FIRST, ""]


def test_a_decision_says_whether_the_answers_were_hidden(reading: StudyController, qtbot: QtBot) -> None:
    reading.review.set_blind(True)
    assert reading.review.state.answers_hidden
    state = act(reading, lambda: reading.review.decide("benign"), qtbot)
    assert not state.answers_hidden
    # The answers were shown by now: this one is no blind decision any more, not even after an undo.
    act(reading, lambda: reading.review.decide("pro_b"), qtbot)
    act(reading, reading.review.undo, qtbot)
    state = act(reading, reading.review.undo, qtbot)
    assert state.answers_hidden
    act(reading, lambda: reading.review.decide("other"), qtbot)
    path = reading.study.path
    assert path is not None
    with StudyStore.open_existing(path) as store:
        decided = [event.entry for event in store.events.read() if event.entry.kind == "decided"]
    assert [(each.decision, each.answers_hidden) for each in decided] == [
        ("benign", True),
        ("pro_b", False),
        ("other", False),
    ]
