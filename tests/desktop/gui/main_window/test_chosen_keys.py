"""The reader's own keys: kept, read back, and never two actions on one key."""

import pytest

from desktop.gui.main_window.actions import ACTIONS
from desktop.gui.main_window.chosen_keys import own_keys, read_keys


def test_without_settings_every_action_has_the_keys_of_the_table(qapp: object) -> None:
    chosen, sentence = read_keys(())
    assert sentence == ""
    assert list(chosen.keys) == [row.name for row in ACTIONS]
    assert chosen.keys["unsure"] == ("U",)
    assert chosen.kept() == ()


def test_what_was_chosen_is_kept_and_read_back(qapp: object) -> None:
    chosen = read_keys(())[0].with_key("unsure", "F9").with_key("note", "Ctrl+N").with_key("blind", "")
    assert chosen.kept() == ("unsure F9", "note Ctrl+N", "blind ")
    again, sentence = read_keys(chosen.kept())
    assert (again, sentence) == (chosen, "")
    assert again.with_own("unsure").keys["unsure"] == ("U",)


def test_it_is_known_who_has_a_key(qapp: object) -> None:
    chosen, _ = read_keys(())
    taken = chosen.taken_by("U", "note")
    assert taken is not None
    assert taken.name == "unsure"
    assert chosen.taken_by("U", "unsure") is None
    assert chosen.taken_by("F9", "note") is None


@pytest.mark.parametrize("line", ["no_such_action Q", "unsure NoSuchKey", "note U", "unsure 1"])
def test_what_cannot_be_used_leaves_the_tables_keys_and_is_said(line: str, qapp: object) -> None:
    chosen, sentence = read_keys((line,))
    assert chosen == read_keys(())[0]
    assert sentence == f"Of the keys in the settings these cannot be used: {line}."


def test_two_actions_may_change_places(qapp: object) -> None:
    chosen, sentence = read_keys(("unsure O", "other U"))
    assert sentence == ""
    assert (chosen.keys["unsure"], chosen.keys["other"]) == (("O",), ("U",))


def test_of_two_that_changed_places_neither_is_trusted_where_one_is_lost(qapp: object) -> None:
    chosen, sentence = read_keys(("unsure O", "other 1"))
    assert "other 1" in sentence
    assert chosen.keys["unsure"] == own_keys("unsure")
    assert chosen.keys["other"] == own_keys("other")
    assert all(chosen.clash(row.name) is None for row in ACTIONS)
