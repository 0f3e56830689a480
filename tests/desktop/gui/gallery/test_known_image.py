"""What the list knows of an image, and what its row says."""

from collections.abc import Callable

import pytest

from bloodsmear.classifiers.label_colours import label_colour
from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.review.records import FLAGS, Answer, ClassifierMark, Consensus, Flag, ImageRecord
from bloodsmear.review.sentences import flag_name
from desktop.gui.gallery.known_image import brief_decision, case_beside, decision_words, row_words, shortened
from desktop.gui.review_state import ImageMark


def test_an_image_nobody_read_says_so() -> None:
    assert row_words(None).sentence == "not read yet"
    assert row_words(ImageRecord("a.png", "a", "not_screened")).sentence == "not read yet"


def test_an_unreadable_image_says_so() -> None:
    words = row_words(ImageRecord("a.png", "a", "unreadable", error="cut off"))
    assert words.warnings == ("cannot be read",)
    assert words.sentence == "cannot be read: cut off"


def test_a_file_that_cannot_be_reached_is_not_only_not_read_yet(
    make_record: Callable[..., ImageRecord],
) -> None:
    read = make_record("a.png", "agree", "pre_b")
    assert row_words(None, reachable=False).sentence == "cannot be reached"
    # What was read of it stays; in blind reading nobody is told whether there is an answer.
    assert row_words(read, reachable=False).sentence == "Pre-B"
    assert [row_words(each, True, False).sentence for each in (None, read)] == ["cannot be reached"] * 2


def test_classifiers_that_agree_show_their_label(make_record: Callable[..., ImageRecord]) -> None:
    words = row_words(make_record("a.png", "agree", "early_pre_b"))
    assert (words.label_key, words.text, words.warnings) == ("early_pre_b", "Early Pre-B", ())


def test_labels_of_a_laboratorys_own_have_their_names_and_a_colour_by_their_place() -> None:
    mark = ClassifierMark("own", "Own", "1.0+4d", "4d" * 32, ("hem", "all"), (), ("Häm", "ALL-Blast"))
    answer = Answer(mark, Prediction((0.1, 0.9)))
    record = ImageRecord("a.png", "", "ok", answers=(answer,), consensus=Consensus("single", "all", 0.9, ()))
    words = row_words(record)
    assert (words.text, words.colour) == ("ALL-Blast", label_colour("all", ("hem", "all")))
    assert words.colour != label_colour("hem", ("hem", "all"))
    assert decision_words(ImageMark("hem"), record) == "Häm"


def test_classifiers_that_disagree_show_no_label(make_record: Callable[..., ImageRecord]) -> None:
    words = row_words(make_record("a.png", "disagree", "benign", "disagreement", "low_confidence"))
    assert (words.label_key, words.sentence) == (None, "disagree · low confidence")


def test_flags_stand_behind_the_label(make_record: Callable[..., ImageRecord]) -> None:
    words = row_words(make_record("a.png", "agree", "pre_b", "out_of_focus", "unlike_training"))
    assert words.sentence == "Pre-B · out of focus · unlike training"


def test_classifiers_with_different_labels_show_none(make_record: Callable[..., ImageRecord]) -> None:
    assert row_words(make_record("a.png", "not_comparable", None)).sentence == "different labels"


@pytest.mark.parametrize(
    ("room", "words"),
    [
        (60, "disagree · low confidence · unlike training"),
        (30, "disagree · low confidence +1"),
        (20, "disagree +2"),
        (3, "3 flags"),
    ],
)
def test_flags_without_room_are_counted_and_no_word_is_cut(room: int, words: str) -> None:
    warnings = ("disagree", "low confidence", "unlike training")
    assert shortened(warnings, lambda text: len(text) <= room) == words


def test_one_flag_is_never_a_number() -> None:
    assert shortened(("disagree",), lambda _text: False) == "flagged"
    # It is not a flag.
    assert shortened(("cannot be read",), lambda _text: False) == "cannot be read"


@pytest.mark.parametrize("flag", FLAGS)
def test_a_flag_alone_has_a_word_that_fits_beside_the_longest_label(flag: Flag) -> None:
    name = flag_name(flag)
    assert len(shortened((name,), lambda text: len(text) <= 10)) <= 10
    assert shortened((name, "exposure"), lambda text: text == f"{name} +1") == f"{name} +1"


def test_a_decision_says_what_and_whether_it_is_signed_off() -> None:
    torn = ImageRecord("a.png", "a", "unreadable", error="cut off")
    assert decision_words(None, None) == "to decide"
    assert decision_words(None, torn) == "to acknowledge"
    assert decision_words(ImageMark("pre_b"), None) == "Pre-B"
    assert decision_words(ImageMark(signed_off=True), torn) == "Acknowledged, signed off"


def test_a_row_has_a_mark_for_signed_off() -> None:
    assert brief_decision(None, None) == "to decide"
    assert brief_decision(ImageMark("pre_b"), None) == "Pre-B"
    assert brief_decision(ImageMark("pre_b", signed_off=True), None) == "✓ Pre-B"
    assert brief_decision(ImageMark(signed_off=True), None) == "✓ Acknowledged"


@pytest.mark.parametrize(
    ("room", "words"),
    [
        (40, " · Case Ward 7 bed 12"),
        (18, " · Case … 7 bed 12"),
        (11, " · Case …12"),
        (8, " · …d 12"),
        (4, " …"),
    ],
)
def test_a_case_without_room_loses_its_beginning_and_never_its_ellipsis(room: int, words: str) -> None:
    assert case_beside("Ward 7 bed 12", lambda text: len(text) <= room) == words


def test_a_case_of_one_letter_is_shown_whole_or_not_at_all() -> None:
    assert case_beside("A", lambda text: len(text) <= 9) == " · Case A"
    assert case_beside("A", lambda text: len(text) <= 8) == " …"
