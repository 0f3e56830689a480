"""A study that is opened by its file: a double-click, `bloodsmear open`, or dropped on the window."""

import dataclasses
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bloodsmear import paths
from bloodsmear.errors import StudyInUseError
from bloodsmear.jobs import Cancel
from bloodsmear.known_folders import remember_folders
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.reviewing import Reviewing
from bloodsmear.workflows.screening import ScreeningEvents, ScreeningPlan, screen
from desktop.gui.messages import Message
from desktop.gui.study import StudyController


@pytest.fixture
def study(smear_folder: Path, tmp_path: Path, fake_classifiers: ClassifierSet) -> Path:
    """One that was screened on the command line and saved beside the images' folder."""
    path = tmp_path / "night.bloodsmear"
    screen(ScreeningPlan((smear_folder,), path), fake_classifiers, ScreeningEvents(), Cancel())
    return path


def open_by_name(controller: StudyController, study: Path, qtbot: QtBot) -> list[Message]:
    said: list[Message] = []
    controller.said.connect(said.append)
    with qtbot.waitSignal(controller.file.opened):
        controller.load_classifiers()
        controller.open_folders([study])
    return said


def test_the_study_opens_with_its_folders_and_what_was_said_about_them(
    controller: StudyController, study: Path, smear_folder: Path, qtbot: QtBot
) -> None:
    said = open_by_name(controller, study, qtbot)
    assert controller.study.path == study
    assert controller.study.folders == (smear_folder,)
    assert len(controller.study.records) == 7
    assert said == []
    # It went on in that very file.
    assert list(paths.studies().glob("*")) == []


def test_a_study_that_was_changed_outside_of_the_program_is_said(
    controller: StudyController, study: Path, qtbot: QtBot
) -> None:
    with closing(sqlite3.connect(study)) as connection:
        connection.execute("UPDATE predictions SET feature_distance = 99")
        connection.commit()

    said = open_by_name(controller, study, qtbot)

    assert any("What classifiers answered was changed outside of Bloodsmear" in one.text for one in said)


def test_a_reader_takes_note_of_a_change_by_the_button_behind_the_sentence(
    controller: StudyController, study: Path, qtbot: QtBot
) -> None:
    with closing(sqlite3.connect(study)) as connection:
        connection.execute("UPDATE predictions SET feature_distance = 99")
        connection.commit()
    said = open_by_name(controller, study, qtbot)
    qtbot.waitUntil(lambda: bool(said))
    way_out = said[-1].way_out
    assert way_out is not None

    # Nobody has said yet who reads.
    with qtbot.waitSignal(controller.review.refused) as refused:
        way_out.take()
    assert "name" in refused.args[0]

    controller.review.name_reader("Ada")
    with qtbot.waitSignal(controller.review.noted_changes) as noted:
        way_out.take()

    assert noted.args[0].startswith("Ada took note of what was changed.")
    assert said[-1] == Message("info", noted.args[0])
    with StudyStore.open_existing(study) as store:
        check = store.events.check()
    assert check.whole
    assert "Ada" in check.acknowledged[0]


def test_a_change_that_nobody_can_take_note_of_is_refused(
    controller: StudyController, study: Path, qtbot: QtBot
) -> None:
    with StudyStore.open_existing(study) as there:
        head = there.head
    with StudyStore.open_or_create(study, head) as store:
        Reviewing(store, "Bea").decide([store.listed_images()[0].image], "pre_b")
    with closing(sqlite3.connect(study)) as connection:
        connection.execute("DELETE FROM event_head")
        connection.commit()
    said = open_by_name(controller, study, qtbot)
    qtbot.waitUntil(lambda: bool(said))
    way_out = said[-1].way_out
    assert way_out is not None
    controller.review.name_reader("Ada")
    with qtbot.waitSignal(controller.review.refused) as refused:
        way_out.take()
    assert "nothing can be added" in refused.args[0]
    assert said[-1].way_out is way_out


def test_the_folders_of_a_study_from_elsewhere_are_asked_for_before_they_are_touched(
    controller: StudyController, study: Path, smear_folder: Path, qtbot: QtBot
) -> None:
    paths.known_folders().unlink()
    with (
        qtbot.waitSignal(controller.folder.asked) as asked,
        qtbot.waitSignal(controller.folder.failed) as failed,
    ):
        controller.load_classifiers()
        controller.open_folders([study])

    assert asked.args[0].folders == (smear_folder,)
    assert str(smear_folder) in failed.args[0]
    assert controller.study.found == {}

    remember_folders(asked.args[0].folders)
    with qtbot.waitSignal(controller.file.opened):
        controller.open_folders([study])
    assert len(controller.study.records) == 7


def test_it_stays_open_when_other_classifiers_are_chosen(
    controller: StudyController, study: Path, fake_classifiers: ClassifierSet, qtbot: QtBot
) -> None:
    open_by_name(controller, study, qtbot)
    with qtbot.waitSignal(controller.file.opened):
        controller.load_classifiers()
    assert controller.study.path == study
    assert list(paths.studies().glob("*")) == []


def test_decisions_about_its_images_in_the_folders_own_study_are_named(
    controller: StudyController,
    study: Path,
    smear_folder: Path,
    fake_classifiers: ClassifierSet,
    qtbot: QtBot,
) -> None:
    own = screen(ScreeningPlan((smear_folder,)), fake_classifiers, ScreeningEvents(), Cancel()).study
    with StudyStore.open_existing(own) as there:
        head = there.head
    with StudyStore.open_or_create(own, head) as store:
        Reviewing(store, "Ada").decide([store.listed_images()[0].image], "pre_b")
    said = open_by_name(controller, study, qtbot)
    assert ["There are decisions about some of these images" in message.text for message in said] == [True]


def test_opening_its_folder_afterwards_opens_the_folders_own_study(
    controller: StudyController, study: Path, smear_folder: Path, qtbot: QtBot
) -> None:
    open_by_name(controller, study, qtbot)
    with qtbot.waitSignal(controller.file.opened):
        controller.open_folders([smear_folder])
    assert controller.study.path is not None
    assert controller.study.path.parent == paths.studies()


def make_fast(study: Path) -> None:
    """Turn the study into one of fast answers."""
    with StudyStore.open_existing(study) as there:
        head = there.head
    fast = tuple(
        dataclasses.replace(mark, version_mark=f"{mark.version_mark}-int8", model_sha256="8" * 64)
        for mark in head.classifiers
    )
    StudyStore.open_or_create(study, dataclasses.replace(head, classifiers=fast)).close()


def test_a_study_of_fast_answers_says_that_the_window_asks_the_exact_networks(
    controller: StudyController, study: Path, qtbot: QtBot
) -> None:
    make_fast(study)
    (said,) = open_by_name(controller, study, qtbot)
    assert said.text.startswith(
        "This study held what VGG16 (1.0, fast answers) and U-Net (1.0, fast answers) said."
    )
    assert "`bloodsmear screen --fast --study` with this file brings the others back" in said.text


def test_answers_that_nobody_can_ask_anew_are_said_not_to_be_shown(
    controller: StudyController, study: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_fast(study)

    def in_use(*_asked: object) -> StudyStore:
        raise StudyInUseError("Ada has the study open.")

    monkeypatch.setattr(StudyStore, "open_or_create", in_use)
    (said,) = open_by_name(controller, study, qtbot)
    assert said.text == (
        "Ada has the study open. Then open the folder here again. The study holds what VGG16 (1.0, fast answers) and "
        "U-Net (1.0, fast answers) said, which the window never shows; `bloodsmear report` writes it out."
    )


def failure_of(controller: StudyController, wanted: list[Path], qtbot: QtBot) -> str:
    with qtbot.waitSignal(controller.folder.failed) as failed:
        controller.open_folders(wanted)
    return str(failed.args[0])


def test_what_is_not_a_study_is_said_in_a_sentence(
    controller: StudyController, tmp_path: Path, qtbot: QtBot
) -> None:
    letter = tmp_path / "letter.bloodsmear"
    assert "There is no study" in failure_of(controller, [letter], qtbot)
    letter.write_text("Dear colleague, " * 100)
    assert "letter.bloodsmear" in failure_of(controller, [letter], qtbot)
    assert letter.read_text().startswith("Dear colleague")


def test_a_study_whose_folder_is_gone_names_it_and_is_left_as_it_is(
    controller: StudyController, study: Path, smear_folder: Path, qtbot: QtBot
) -> None:
    shutil.move(smear_folder, smear_folder.with_name("elsewhere"))
    sentence = failure_of(controller, [study], qtbot)
    assert str(smear_folder) in sentence
    assert "cannot be reached" in sentence
    with StudyStore.open_existing(study) as store:
        assert len(store.listed_images()) == 7


def test_a_study_is_opened_alone(
    controller: StudyController, study: Path, smear_folder: Path, qtbot: QtBot
) -> None:
    assert "Open it alone" in failure_of(controller, [smear_folder, study], qtbot)


def test_a_folder_that_is_called_as_a_study_is_a_folder(
    controller: StudyController, smear_folder: Path, qtbot: QtBot
) -> None:
    odd = smear_folder.rename(smear_folder.with_name("smears.bloodsmear"))
    with qtbot.waitSignal(controller.folder.finished):
        controller.open_folders([odd])
    assert controller.study.named is None
    assert len(controller.study.found) == 7


def test_while_the_classifiers_are_loaded_it_is_said_that_they_are_what_a_decision_waits_for(
    controller: StudyController, smear_folder: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(controller.folder.finished):
        controller.open_folders([smear_folder])
    controller.image.choose("case 1/smear 0.png")
    assert "classifiers are being loaded" in controller.review.reviewed.state("case 1/smear 0.png").waiting
    with qtbot.waitSignal(controller.file.opened):
        controller.load_classifiers()
    qtbot.waitUntil(lambda: controller.review.reviewed.state("case 1/smear 0.png").waiting == "")


def test_a_study_that_cannot_be_opened_is_not_said_to_be_opening(
    controller: StudyController, smear_folder: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(controller.folder.finished):
        controller.open_folders([smear_folder])
    controller.image.choose("case 1/smear 0.png")
    smear_folder.rename(smear_folder.with_name("elsewhere"))
    with qtbot.waitSignal(controller.file.failed):
        controller.load_classifiers()
    qtbot.waitUntil(lambda: "could not be opened" in controller.review.state.waiting)
    assert f"There is no folder {smear_folder}" in controller.review.state.waiting
    # Back again it is opened as ever.
    smear_folder.with_name("elsewhere").rename(smear_folder)
    with qtbot.waitSignal(controller.file.opened):
        controller.open_folders([smear_folder])
    controller.image.choose("case 1/smear 0.png")
    qtbot.waitUntil(lambda: not controller.review.state.waiting)
