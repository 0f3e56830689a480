"""A place to write is found, or asked for until it can be written."""

from pathlib import Path

import pytest

from bloodsmear import paths
from desktop.gui.dialogs.writable_place import find_writable_place


def never_asked(_refused: Path) -> Path | None:
    raise AssertionError("nobody needs to be asked")


@pytest.fixture
def no_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder that cannot be made, also by an administrator: a file stands in its way."""
    (tmp_path / "taken").touch()
    monkeypatch.setenv("BLOODSMEAR_HOME", str(tmp_path / "taken"))
    return tmp_path / "taken"


def test_the_users_folder_is_taken_where_it_can_be_written() -> None:
    before = paths.user_data()
    assert find_writable_place(never_asked)
    assert paths.user_data() == before


def test_another_is_asked_for_until_one_can_be_written(no_place: Path, tmp_path: Path) -> None:
    asked: list[Path] = []
    answers = [no_place / "below", tmp_path / "stick"]

    def answer(refused: Path) -> Path:
        asked.append(refused)
        return answers.pop(0)

    assert find_writable_place(answer)
    assert asked == [no_place / "data", no_place / "below" / "data"]
    assert paths.user_data() == tmp_path / "stick" / "data"
    assert paths.logs() == tmp_path / "stick" / "logs"


@pytest.mark.usefixtures("no_place")
def test_without_an_answer_there_is_no_place() -> None:
    assert not find_writable_place(lambda _refused: None)
