"""The colours of labels: ours are always the same, and no other label of a set has one of them."""

from bloodsmear.classifiers.label_colours import label_colour
from bloodsmear.classifiers.labels import LABELS


def test_a_label_beside_some_of_ours_has_none_of_their_colours() -> None:
    keys = ("benign", "pre_b", "blast", "reactive", "smudge", "other_cell")
    colours = [label_colour(key, keys) for key in keys]
    assert colours[:2] == [label_colour("benign"), label_colour("pre_b")]
    assert len(set(colours)) == len(keys)


def test_a_set_without_ours_has_the_whole_palette() -> None:
    keys = tuple("abcdefghijkl")
    colours = [label_colour(key, keys) for key in keys]
    assert len(set(colours)) == len(keys)
    assert {label_colour(label.key) for label in LABELS} < set(colours)
