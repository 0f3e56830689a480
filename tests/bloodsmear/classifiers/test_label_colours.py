"""The colours of labels: ours are always the same, and an own label has one for its key, wherever it stands."""

from bloodsmear.classifiers.label_colours import label_colour
from bloodsmear.classifiers.labels import LABELS


def test_a_label_beside_some_of_ours_has_none_of_their_colours() -> None:
    keys = ("benign", "pre_b", "blast", "reactive", "smudge", "other_cell")
    colours = [label_colour(key, keys) for key in keys]
    assert colours[:2] == [label_colour("benign"), label_colour("pre_b")]
    assert len(set(colours)) == len(keys)


def test_no_order_of_the_labels_changes_their_colours() -> None:
    keys = ("smudge", "benign", "blast", "reactive")
    assert [label_colour(key, keys) for key in keys] == [label_colour(key, keys[::-1]) for key in keys]


def test_a_set_without_ours_has_the_whole_palette_but_the_green_of_benign() -> None:
    keys = tuple("abcdefghijk")
    colours = {label_colour(key, keys) for key in keys}
    assert len(colours) == len(keys)
    assert {label_colour(label.key) for label in LABELS[1:]} < colours
    assert label_colour("benign") not in {label_colour(key, "abcdefghijklm") for key in "abcdefghijklmn"}


def test_a_label_that_is_none_of_those_shown_has_the_colour_of_none_of_them() -> None:
    assert label_colour("aaa", ("blast", "smudge")) not in {
        label_colour(key, ("blast", "smudge")) for key in ("blast", "smudge")
    }
