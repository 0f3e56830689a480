"""What another program screens in the open study stands in the list soon, without opening anything again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bloodsmear.images.scale import SetScale
from bloodsmear.jobs import Cancel
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.screening import ScreeningEvents, ScreeningPlan, screen
from desktop.gui.messages import Message
from desktop.gui.study import StudyController

OpenStudy = Callable[[StudyController, Path], list[Message]]
FIRST = "case 1/smear 0.png"
# After a look that took long, on a busy PC, the next one comes twenty times as late.
PATIENCE_MS = 60_000

pytestmark = pytest.mark.usefixtures("often")


def test_what_another_program_screens_stands_in_the_list_soon(
    controller: StudyController,
    open_study: OpenStudy,
    fake_classifiers: ClassifierSet,
    smear_folder: Path,
    qtbot: QtBot,
) -> None:
    controller.review.name_reader("Ada")
    open_study(controller, smear_folder)
    qtbot.waitUntil(lambda: controller.review.reviewed.is_open)
    with qtbot.waitSignal(controller.image.record_ready):
        controller.image.choose(FIRST)
    own = controller.study.records[FIRST]
    changed: list[str] = []
    controller.records_changed.connect(lambda records: changed.extend(one.image for one in records))

    screen(
        ScreeningPlan((smear_folder,), controller.study.path), fake_classifiers, ScreeningEvents(), Cancel()
    )

    qtbot.waitUntil(lambda: len(controller.study.records) == 7, timeout=PATIENCE_MS)
    assert controller.study.records["case 2/torn.png"].status == "unreadable"
    assert all(
        record.status == "ok" for name, record in controller.study.records.items() if "torn" not in name
    )
    # Each once, and what this window has read itself stays.
    assert sorted(changed) == sorted(set(controller.study.found) - {FIRST})
    assert controller.study.records[FIRST] is own


def test_an_image_changed_and_screened_elsewhere_gets_its_new_answers(
    controller: StudyController,
    open_study: OpenStudy,
    fake_classifiers: ClassifierSet,
    smear_folder: Path,
    qtbot: QtBot,
) -> None:
    plan = ScreeningPlan((smear_folder,))
    screen(plan, fake_classifiers, ScreeningEvents(), Cancel())
    open_study(controller, smear_folder)
    before = controller.study.records[FIRST]
    # Times have whole seconds.
    qtbot.wait(1100)
    (smear_folder / FIRST).write_bytes((smear_folder / "case 1/smear 4.png").read_bytes())
    with qtbot.waitSignal(
        controller.others.record_read,
        timeout=PATIENCE_MS,
        check_params_cb=lambda record: record.image == FIRST and record.sha256 != before.sha256,
    ):
        screen(plan, fake_classifiers, ScreeningEvents(), Cancel())
    assert controller.study.records[FIRST].sha256 != before.sha256


def test_a_scale_that_another_window_sets_or_takes_back_counts_here_soon(
    controller: StudyController, open_study: OpenStudy, smear_folder: Path, qtbot: QtBot
) -> None:
    open_study(controller, smear_folder)
    with qtbot.waitSignal(controller.image.original_ready):
        controller.image.choose(FIRST)
    path = controller.study.path
    assert path is not None
    with StudyStore.open_existing(path) as store:
        head = store.head

    with StudyStore.open_or_create(path, head) as other:
        with qtbot.waitSignal(controller.scales.changed, timeout=PATIENCE_MS):
            other.set_scale(SetScale("", 64, 48, 0.1625, "typed"))
        assert controller.scales.um_per_px == 0.1625
        with qtbot.waitSignal(controller.scales.changed, timeout=PATIENCE_MS):
            other.clear_scale("", (64, 48))
        assert controller.scales.um_per_px is None
