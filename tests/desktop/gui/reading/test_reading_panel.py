"""The panel of the reading as the main window uses it."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from bloodsmear.review.records import Answer, ClassifierMark, ImageRecord, RefusedClassifier
from desktop.gui.reading import ReadingPanel
from desktop.gui.reading.classifier_card import ClassifierCard, RefusedCard
from desktop.gui.reading.consensus_box import ConsensusBox
from desktop.gui.reading.probability_bars import ProbabilityBars
from desktop.gui.theme import LIGHT
from desktop.gui.theme.toggle_switch import ToggleSwitch

# The published models' order, which is not the order of reading.
OUTPUT_ORDER = ("benign", "pre_b", "pro_b", "early_pre_b")
Records = Callable[..., ImageRecord]
Marks = tuple[ClassifierMark, ClassifierMark]
BENIGN = "Benign here: hematogones, no blasts. It does not mean healthy."


@pytest.fixture
def panel(qtbot: QtBot) -> ReadingPanel:
    """The panel, shown, while the classifiers are being loaded."""
    panel = ReadingPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(300, 700)
    panel.show()
    return panel


@pytest.fixture
def ready(panel: ReadingPanel, marks: Marks) -> ReadingPanel:
    """The panel with two classifiers."""
    panel.set_classifiers(marks, ())
    return panel


def _cards(panel: ReadingPanel) -> list[ClassifierCard]:
    cards = [card for card in panel.findChildren(ClassifierCard) if card.isVisible()]
    return sorted(cards, key=lambda card: card.mapTo(panel, QPoint(0, 0)).y())


def _box(panel: ReadingPanel) -> ConsensusBox:
    return panel.findChildren(ConsensusBox)[0]


def _press(panel: ReadingPanel, text: str) -> None:
    button = next(button for button in panel.findChildren(QPushButton) if button.text() == text)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _figures(card: ClassifierCard) -> list[float | None]:
    return [bar.probability for bar in card.bars()]


def test_before_the_classifiers_are_loaded_their_places_are_kept(panel: ReadingPanel, marks: Marks) -> None:
    before = [card.geometry() for card in _cards(panel)]
    assert [card.outcome() for card in _cards(panel)] == ["loading…", "loading…"]
    panel.set_classifiers(marks, ())
    QTest.qWait(20)
    assert [card.geometry() for card in _cards(panel)] == before


def test_both_cards_show_the_labels_in_the_same_order_whatever_the_outputs(
    ready: ReadingPanel, make_record: Records
) -> None:
    ready.show_record(make_record())
    for card in _cards(ready):
        assert [bar.key for bar in card.bars()] == ["benign", "early_pre_b", "pre_b", "pro_b"]
    assert _figures(_cards(ready)[0]) == [0.012, 0.741, 0.214, 0.033]
    assert [card.outcome() for card in _cards(ready)] == ["Early Pre-B", "Pre-B"]


def test_the_name_and_the_place_in_the_list_stand_above(ready: ReadingPanel, make_record: Records) -> None:
    ready.show_record(make_record("case/Snap 1.jpg"))
    place = ready.findChild(QLabel, "place_in_list")
    assert place is not None
    ready.show_place(5, 1512)
    assert place.text() == "5 of 1,512"
    ready.show_place(0, 3)
    assert (place.text(), place.toolTip()) == ("not among 3", "The list's filter hides this image.")
    ready.show_place(0, 0)
    assert place.text() == " "


def test_a_flag_stands_in_a_sentence_on_amber(ready: ReadingPanel, make_record: Records) -> None:
    ready.show_record(make_record("case/1.jpg", "disagree", "disagreement"))
    assert _box(ready).text() == (
        "The classifiers disagree. Mean: Early\u00a0Pre\u2011B 52.1\u00a0%. Read this one with care."
    )
    assert _box(ready).asks_for_a_look()


def test_the_tooltip_says_why_with_numbers_and_goes_with_the_flag(
    ready: ReadingPanel, make_record: Records
) -> None:
    ready.show_record(make_record("case/1.jpg", "disagree", "disagreement", "low_confidence"))
    lines = _box(ready).toolTip().splitlines()
    assert " says " in lines[0]
    assert max(map(len, lines)) <= 76
    told = " ".join(lines)
    assert (
        "The probability of Early\u00a0Pre\u2011B, the most probable label, is 52.1\u00a0% in the mean"
        in told
    )
    assert _box(ready).accessibleDescription() == told
    ready.show_record(make_record("case/2.jpg", "agree"))
    assert _box(ready).toolTip() == ""


def test_without_a_flag_nothing_is_amber(ready: ReadingPanel, make_record: Records) -> None:
    ready.show_record(make_record("case/1.jpg", "disagree", "disagreement"))
    ready.show_record(make_record("case/2.jpg", "agree"))
    assert not _box(ready).asks_for_a_look()


def test_before_there_is_a_sentence_no_empty_box_is_seen(ready: ReadingPanel, make_record: Records) -> None:
    ready.show_empty()
    ground = ready.grab().toImage()
    corner = _box(ready).mapTo(ready, QPoint(0, 0))
    colours = {
        ground.pixelColor(corner.x() + x, corner.y() + y).name() for x in (0, 8, 40) for y in (0, 8, 20)
    }
    assert len(colours) == 1
    ready.show_record(make_record("case/1.jpg", "agree"))
    assert _box(ready).property("look") == "quiet"


def test_nothing_moves_between_loading_and_the_answer(ready: ReadingPanel, make_record: Records) -> None:
    ready.show_loading("case/1.jpg")
    QTest.qWait(20)
    before = [card.geometry() for card in _cards(ready)] + [_box(ready).geometry()]
    assert [card.outcome() for card in _cards(ready)] == ["reading…", "reading…"]
    ready.show_record(make_record("case/1.jpg", "agree"))
    QTest.qWait(20)
    assert [card.geometry() for card in _cards(ready)] + [_box(ready).geometry()] == before


def test_while_the_next_image_is_read_no_answer_of_the_one_before_is_shown(
    ready: ReadingPanel, make_record: Records
) -> None:
    ready.show_record(make_record())
    ready.show_loading("case/2.jpg")
    assert all(figure is None for card in _cards(ready) for figure in _figures(card))
    assert _box(ready).text() == ""


def test_an_unreadable_image_shows_its_sentence(ready: ReadingPanel) -> None:
    ready.show_unreadable("case/1.jpg", "Cannot read case/1.jpg: the file is cut off.")
    assert _box(ready).text() == "Cannot read case/1.jpg: the file is cut off."
    assert _box(ready).asks_for_a_look()
    assert [card.outcome() for card in _cards(ready)] == ["–", "–"]


def test_the_record_of_an_unreadable_image_says_why(ready: ReadingPanel) -> None:
    ready.show_record(ImageRecord("case/1.jpg", "case", "unreadable", error="The file is cut off."))
    assert _box(ready).text() == "This image cannot be read: The file is cut off."


def test_a_refused_classifier_shows_its_sentence_in_its_place(panel: ReadingPanel, marks: Marks) -> None:
    reason = "models/unet/model.keras was altered. Install the classifier again."
    panel.set_classifiers(marks[:1], (RefusedClassifier("unet", reason),))
    QTest.qWait(20)
    assert [card.classifier_id for card in _cards(panel)] == ["vgg16"]
    assert panel.findChildren(RefusedCard)[0].accessibleName() == f"Classifier unet was left out. {reason}"


def test_without_any_classifier_it_says_what_to_do(panel: ReadingPanel) -> None:
    panel.set_classifiers((), ())
    assert any("No classifier is installed" in label.text() for label in panel.findChildren(QLabel))


def test_the_answers_to_the_denoised_picture_are_asked_for_and_shown(
    ready: ReadingPanel, make_record: Records, answers: tuple[Answer, Answer], qtbot: QtBot
) -> None:
    ready.show_record(make_record())
    with qtbot.waitSignal(ready.denoised_wanted) as wanted:
        _press(ready, "Denoised")
    assert wanted.args == [True]
    assert [card.outcome() for card in _cards(ready)] == ["denoising…", "denoising…"]
    ready.show_denoised_answers("case/1.jpg", answers[1:])
    assert [card.outcome() for card in _cards(ready)] == ["denoising…", "Pre-B"]
    # Flags and the mean are those of the original all the same.
    assert _box(ready).text().startswith("For the original: The classifiers disagree.")
    with qtbot.waitSignal(ready.denoised_wanted) as wanted:
        _press(ready, "Original")
    assert wanted.args == [False]
    assert [card.outcome() for card in _cards(ready)] == ["Early Pre-B", "Pre-B"]
    assert _box(ready).text().startswith("The classifiers disagree.")


def test_the_denoised_answers_of_another_image_are_dropped(
    ready: ReadingPanel, make_record: Records, answers: tuple[Answer, Answer]
) -> None:
    ready.show_record(make_record("case/1.jpg"))
    _press(ready, "Denoised")
    ready.show_denoised_answers("case/1.jpg", answers)
    ready.show_record(make_record("case/2.jpg"))
    ready.show_denoised_answers("case/1.jpg", answers)
    assert [card.outcome() for card in _cards(ready)] == ["denoising…", "denoising…"]


def test_a_record_read_again_keeps_the_denoised_answers(
    ready: ReadingPanel, make_record: Records, answers: tuple[Answer, Answer]
) -> None:
    ready.show_record(make_record("case/1.jpg"))
    _press(ready, "Denoised")
    ready.show_denoised_answers("case/1.jpg", answers)
    ready.show_record(make_record("case/1.jpg", "disagree", "exposure"))
    assert [card.outcome() for card in _cards(ready)] == ["Early Pre-B", "Pre-B"]


def test_an_image_without_an_answer_is_not_waited_for_any_longer(ready: ReadingPanel) -> None:
    ready.show_loading("a/1.jpg")
    ready.show_unanswered("a/1.jpg", False)
    assert [card.outcome() for card in _cards(ready)] == ["no answer", "no answer"]
    ready.show_loading("a/2.jpg")
    ready.show_unanswered("a/1.jpg", False)
    assert [card.outcome() for card in _cards(ready)] == ["reading…", "reading…"]


def test_a_denoised_picture_without_an_answer_leaves_that_of_the_original(
    ready: ReadingPanel, make_record: Records
) -> None:
    record = make_record()
    ready.show_record(record)
    before = [card.outcome() for card in _cards(ready)]
    ready.show_unanswered(record.image, True)
    assert [card.outcome() for card in _cards(ready)] == before
    _press(ready, "Denoised")
    assert [card.outcome() for card in _cards(ready)] == ["no answer", "no answer"]
    ready.show_denoising()
    assert [card.outcome() for card in _cards(ready)] == ["denoising…", "denoising…"]


def test_beside_the_original_alone_it_is_said_why_nothing_denoised_was_asked_about(
    ready: ReadingPanel, make_record: Records
) -> None:
    record = make_record()
    ready.show_record(record)
    ready.show_undenoised(record.image)
    assert _box(ready).text().startswith("The classifiers disagree.")
    _press(ready, "Denoised")
    assert [card.outcome() for card in _cards(ready)] == ["not denoised", "not denoised"]
    assert "Choose Compare" in _box(ready).text()
    ready.show_denoising()
    assert [card.outcome() for card in _cards(ready)] == ["denoising…", "denoising…"]
    assert "Choose Compare" not in _box(ready).text()


def test_the_answers_on_a_picture_that_is_denoised_otherwise_now_are_not_left_standing(
    ready: ReadingPanel, make_record: Records, answers: tuple[Answer, Answer]
) -> None:
    record = make_record()
    ready.show_record(record)
    _press(ready, "Denoised")
    ready.show_denoised_answers(record.image, answers)
    ready.show_denoising()
    assert [card.outcome() for card in _cards(ready)] == ["denoising…", "denoising…"]
    ready.show_unanswered(record.image, True)
    assert [card.outcome() for card in _cards(ready)] == ["no answer", "no answer"]


def test_the_switch_asks_for_the_check(ready: ReadingPanel, qtbot: QtBot) -> None:
    switch = ready.findChildren(ToggleSwitch)[0]
    with qtbot.waitSignal(ready.check_denoised_changed) as changed:
        QTest.keyClick(switch, Qt.Key.Key_Space)
    assert changed.args == [True]


def test_the_switch_is_set_without_being_emitted(ready: ReadingPanel) -> None:
    emitted: list[bool] = []
    ready.check_denoised_changed.connect(emitted.append)
    ready.set_check_denoised(True)
    assert ready.findChildren(ToggleSwitch)[0].isChecked()
    assert emitted == []


def test_the_tooltip_of_benign_says_what_it_means(ready: ReadingPanel, make_record: Records) -> None:
    ready.show_record(make_record())
    bars = _cards(ready)[0].findChildren(ProbabilityBars)[0]
    assert bars.tooltip_at(2) == f"Benign 1.2 %\n{BENIGN}"
    assert bars.tooltip_at(bars.height() - 2) == "Pro-B 3.3 %"
    assert bars.tooltip_at(bars.height() + 40) == ""


def test_a_screen_reader_hears_the_figures(ready: ReadingPanel, make_record: Records) -> None:
    ready.show_record(make_record())
    card = _cards(ready)[0]
    assert card.accessibleName() == "Classifier VGG16"
    assert card.accessibleDescription() == (
        "Early Pre-B. Benign 1.2 %, Early Pre-B 74.1 %, Pre-B 21.4 %, Pro-B 3.3 %"
    )


def test_a_long_name_widens_nothing(ready: ReadingPanel, make_record: Records) -> None:
    before = ready.minimumSizeHint().width()
    ready.show_record(make_record("case/" + "very long " * 30 + ".jpg"))
    assert ready.minimumSizeHint().width() == before


@pytest.mark.parametrize("count", [1, 3])
def test_one_or_three_classifiers_find_their_places_kept(
    count: int, panel: ReadingPanel, marks: Marks, make_record: Records, qtbot: QtBot
) -> None:
    three = (*marks, ClassifierMark("ours", "Ours", "1.0+33333333", "3" * 64, marks[0].label_keys))
    panel.expect_classifiers(count)
    qtbot.waitUntil(lambda: len(_cards(panel)) == count)
    before = [card.height() for card in _cards(panel)]
    panel.set_classifiers(three[:count], ())
    ids = ["vgg16", "unet", "ours"][:count]
    qtbot.waitUntil(lambda: [card.classifier_id for card in _cards(panel)] == ids)
    assert [card.height() for card in _cards(panel)] == before
    panel.show_record(make_record())
    assert [card.outcome() for card in _cards(panel)] == ["Early Pre-B", "Pre-B", "reading…"][:count]


def test_labels_of_ones_own_have_one_place_and_one_colour_whatever_their_order_on_the_cards(
    panel: ReadingPanel, marks: Marks, qtbot: QtBot
) -> None:
    first, second = (
        ClassifierMark(key, key, "1.0+33333333", "3" * 64, labels)
        for key, labels in (
            ("a", ("blast", "smudge", "benign_cell")),
            ("b", ("smudge", "benign_cell", "blast")),
        )
    )
    panel.set_classifiers((marks[0], first, second), ())
    qtbot.waitUntil(lambda: [card.classifier_id for card in _cards(panel)][1:] == ["a", "b"])
    shipped, one, other = ([(bar.key, bar.colour) for bar in card.bars()] for card in _cards(panel))
    assert one == other
    assert len({colour for _, colour in (*shipped, *one)}) == 7


def test_a_long_name_and_a_long_path_widen_nothing(panel: ReadingPanel, marks: Marks, qtbot: QtBot) -> None:
    name = "The VGG16 that our laboratory trained in 2026"
    long = ClassifierMark("ours", name, "1.0+33333333", "3" * 64, marks[0].label_keys)
    path = "C:\\" + "\\".join(["a_folder_of_some_name"] * 6) + "\\model.keras"
    panel.set_classifiers((long,), (RefusedClassifier("theirs", f"{path} was altered."),))
    qtbot.waitUntil(lambda: [one.classifier_id for one in _cards(panel)] == ["ours"])
    card, refused = _cards(panel)[0], panel.findChildren(RefusedCard)[-1]
    for part in (card, refused):
        assert part.mapTo(panel, QPoint(part.width(), 0)).x() <= panel.width()
    assert name in [label.toolTip().removesuffix(" 1.0+33333333") for label in card.findChildren(QLabel)]


def test_with_three_classifiers_the_sentence_stands_above_them_and_is_seen_whole(
    panel: ReadingPanel, marks: Marks, make_record: Records
) -> None:
    third = ClassifierMark("lab", "Laboratory West, " * 4, "1.0+33333333", "3" * 64, OUTPUT_ORDER)
    panel.set_room("compact")
    panel.set_classifiers((*marks, third), ())
    panel.resize(300, 420)
    panel.show_record(make_record("c/1.jpg", "disagree", "disagreement", "low_confidence", "unlike_training"))
    box = _box(panel)
    QApplication.processEvents()
    lowest_px = box.mapTo(panel, QPoint(0, box.height())).y()
    assert lowest_px < _cards(panel)[0].mapTo(panel, QPoint(0, 0)).y()
    words = box.findChildren(QLabel)[0]
    assert words.height() >= words.heightForWidth(words.width())
    panel.set_room("short")
    QApplication.processEvents()
    assert box.mapTo(panel, QPoint(0, 0)).y() > _cards(panel)[-1].mapTo(panel, QPoint(0, 0)).y()


def test_no_label_is_broken_at_its_hyphen(ready: ReadingPanel, make_record: Records) -> None:
    ready.show_record(make_record("case/1.jpg", "agree"))
    assert _box(ready).text() == "The classifiers agree. Mean: Early\u00a0Pre\u2011B 52.1\u00a0%."


def test_a_signed_off_case_says_beside_the_answers_with_which_version(
    ready: ReadingPanel, make_record: Records
) -> None:
    sentence = "Signed off with VGG16 0.9. The answers shown are of VGG16 1.0."
    ready.show_record(make_record("case/1.jpg", "agree"))
    quiet = _box(ready).text()
    ready.show_signed_with(sentence)
    assert _box(ready).text() == f"{sentence} {quiet}"
    assert _box(ready).asks_for_a_look()
    ready.show_signed_with("")
    assert (_box(ready).text(), _box(ready).asks_for_a_look()) == (quiet, False)
