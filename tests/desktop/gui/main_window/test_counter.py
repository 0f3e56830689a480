"""The counter in the window: keys count, what is counted is kept with its case and reader."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from bloodsmear.storage.study_store import StudyStore
from desktop.gui.cells import Counted, CounterPage
from desktop.gui.main_window import MainWindow


def counter(window: MainWindow, qtbot: QtBot) -> CounterPage:
    window.actions_by_name["counter"].trigger()
    page = counter_of(window)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    return page


def count(window: MainWindow, keys: str, qtbot: QtBot) -> None:
    for key in keys:
        with qtbot.waitSignal(window.controller.review.changed):
            QTest.keyClick(counter_of(window), Qt.Key(ord(key.upper())))


def counter_of(window: MainWindow) -> CounterPage:
    return window.findChildren(CounterPage)[-1]


def total(page: CounterPage) -> str:
    label = page.findChild(QLabel, "counter_total")
    assert label is not None
    return label.text()


def row(page: CounterPage, id_: str) -> list[str]:
    return [label.text() for label in page.table.figures(id_)]


def test_keys_count_for_the_case_of_the_chosen_image_and_the_last_is_taken_back(
    open_window: Callable[[], MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    page = counter(window, qtbot)
    count(window, "nnlye", qtbot)
    assert total(page) == "4 of 100"
    assert row(page, "neutrophil") == ["2", "50.0 %", "6–94"]
    assert row(page, "erythroblast") == ["1", "25.0 per 100", "0–253"]
    with qtbot.waitSignal(window.controller.review.changed):
        QTest.keyClick(page, Qt.Key.Key_Backspace)
    assert total(page) == "3 of 100"
    assert row(page, "eosinophil")[0] == "0"


def test_what_was_counted_is_there_after_the_next_start_and_of_its_case_and_reader_alone(
    open_window: Callable[[], MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    counter(window, qtbot)
    count(window, "nnl", qtbot)
    window.close()
    again = open_window()
    page = counter(again, qtbot)
    assert total(page) == "3 of 100"
    page.case_chosen.emit("case 2")
    assert total(page) == "0 of 100"
    page.case_chosen.emit("case 1")
    assert total(page) == "3 of 100"
    again.controller.review.name_reader("Ben")
    assert total(page) == "0 of 100"


def test_keys_count_on_for_the_same_case_when_the_study_is_opened_again(
    open_window: Callable[[], MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    counter(window, qtbot)
    count(window, "n", qtbot)
    window.gallery.select("case 2/smear 1.png")
    # As with a camera's bits that another window chose.
    with qtbot.waitSignal(window.controller.file.opened):
        window.controller.load_classifiers()
    qtbot.waitUntil(lambda: window.controller.review.reviewed.is_open)
    count(window, "n", qtbot)
    reviewed = window.controller.review.reviewed
    assert (len(reviewed.counted("case 1")), len(reviewed.counted("case 2"))) == (2, 0)


def test_all_is_taken_back_only_when_asked_twice_and_the_chain_keeps_it(
    open_window: Callable[[], MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    page = counter(window, qtbot)
    count(window, "nnl", qtbot)
    anew = page.findChild(QPushButton, "counter_anew")
    assert anew is not None
    anew.click()
    assert (anew.text(), total(page)) == ("Take all 3 back", "3 of 100")
    with qtbot.waitSignal(window.controller.review.changed):
        anew.click()
    assert (anew.text(), total(page)) == ("Begin anew…", "0 of 100")
    path = window.controller.study.path
    assert path is not None
    with StudyStore.open_existing(path) as store:
        assert [event.entry.kind for event in store.events.read()] == ["cell_counted"] * 3 + ["undone"] * 3


def test_the_windows_undo_takes_back_no_count(open_window: Callable[[], MainWindow], qtbot: QtBot) -> None:
    window = open_window()
    page = counter(window, qtbot)
    count(window, "n", qtbot)
    with qtbot.waitSignal(window.controller.review.refused) as refused:
        window.controller.review.undo()
    assert refused.args[0] == "There is nothing to undo."
    assert total(page) == "1 of 100"


def test_in_a_case_that_is_signed_off_nothing_is_counted_and_the_page_says_why(
    open_window: Callable[[], MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    review = window.controller.review
    images = [each for each, found in window.controller.study.found.items() if found.case == "case 1"]
    with qtbot.waitSignal(window.controller.screening.ended):
        window.controller.screening.start()
    with qtbot.waitSignal(review.many_decided):
        review.decide_many(images, "benign")
    with qtbot.waitSignal(review.changed):
        review.sign_off(whole_study=False)
    page = counter(window, qtbot)
    texts = [label.text() for label in page.findChildren(QLabel)]
    assert any("It is locked" in text for text in texts)
    QTest.keyClick(page, Qt.Key.Key_N)
    qtbot.wait(50)
    assert total(page) == "0 of 100"


def test_without_a_reader_the_page_says_what_to_do(
    open_window: Callable[[], MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    window.controller.review.reviewed.reader = ""
    page = counter(window, qtbot)
    assert any("reader's name" in label.text() for label in page.findChildren(QLabel))


def test_at_the_target_it_flashes_once_and_counts_on(
    open_window: Callable[[], MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    page = counter(window, qtbot)
    frame = page.findChild(QFrame, "counter_frame")
    assert frame is not None
    page.show_counted(Counted("case 1", {"neutrophil": 99, "erythroblast": 9}))
    assert (total(page), frame.property("look")) == ("99 of 100", "quiet")
    page.show_counted(Counted("case 1", {"neutrophil": 100, "erythroblast": 9}))
    assert (total(page), frame.property("look")) == ("100 of 100", "reached")
    qtbot.waitUntil(lambda: frame.property("look") == "quiet")
    page.show_counted(Counted("case 1", {"neutrophil": 101, "erythroblast": 9}))
    assert (total(page), frame.property("look")) == ("101 of 100", "quiet")
    # Another case that is above it already was not counted up to it now.
    page.show_counted(Counted("case 2", {"neutrophil": 5}))
    page.show_counted(Counted("case 1", {"neutrophil": 101}))
    assert frame.property("look") == "quiet"


def test_keys_in_the_window_while_one_counts_change_nothing_until_the_reader_says_that_the_image_is_meant(
    open_window: Callable[[], MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    page = counter(window, qtbot)
    count(window, "n", qtbot)
    unsure, review = window.actions_by_name["unsure"], window.controller.review
    # Who counts looks into the microscope: the next cell may have the same key.
    for _ in range(2):
        unsure.trigger()
        assert "the counter is open" in window.message_bar.text
    assert review.state.decision == ""
    keys_for_the_image = window.message_bar.findChild(QPushButton, "message_way_out")
    assert keys_for_the_image is not None
    keys_for_the_image.click()
    unsure.trigger()
    qtbot.waitUntil(lambda: review.state.decision == "unsure")
    count(window, "n", qtbot)
    window.actions_by_name["label_1"].trigger()
    assert review.state.decision == "unsure"
    page.close()
    window.actions_by_name["label_1"].trigger()
    qtbot.waitUntil(lambda: review.state.decision not in ("", "unsure"))


def test_n_and_del_and_undo_in_the_window_while_one_counts_begin_no_note_erase_no_mark_and_take_nothing_back(
    open_window: Callable[[], MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    window.viewer.comparing.ask_for("original")
    QTest.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ShiftModifier)
    window.viewer.marks.begin(QPointF(10, 10), 8.0)
    window.viewer.marks.move(QPointF(40, 30))
    with qtbot.waitSignal(window.controller.marks.counted):
        window.viewer.marks.end()
    counter(window, qtbot)
    count(window, "n", qtbot)
    # A click on the picture gives the keys to the window.
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    assert window.actions_by_name["erase_mark"].isEnabled()
    for key in (Qt.Key.Key_N, Qt.Key.Key_N, Qt.Key.Key_L, Qt.Key.Key_Delete, Qt.Key.Key_Delete):
        QTest.keyClick(window, key)
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    note = window.review.panel.findChild(QLineEdit, "note")
    assert note is not None
    assert (note.hasFocus(), note.text()) == (False, "")
    assert window.viewer.marks.chosen_mark is not None
    # What is kept by now, not only what is shown: a job of the study's file would come after those of the keys.
    count_of_marks = window.controller.review.reviewed.drawn_count
    with qtbot.waitSignal(window.controller.review.changed):
        window.controller.review.act(lambda reviewing: reviewing.count_cell("case 1", "neutrophil"))
    assert count_of_marks("case 1/smear 0.png") == 1
