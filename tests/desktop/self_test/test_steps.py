"""The steps run one after the other in one home, and the first that fails ends it."""

from pathlib import Path

import pytest

from bloodsmear import paths
from desktop.self_test.stage import SelfTestError, Stage
from desktop.self_test.steps import (
    Step,
    begin_a_download,
    fit_one_epoch,
    run_self_test,
    see_that_nothing_was_sent,
)


def write_a_file(stage: Stage) -> str:
    (stage.home / "made").write_text("x")
    return "a file"


def find_the_file(stage: Stage) -> str:
    return (stage.home / "made").read_text()


def fail(_stage: Stage) -> str:
    raise SelfTestError("It is broken.")


def test_later_steps_see_what_earlier_ones_made() -> None:
    said: list[str] = []
    assert run_self_test(said.append, [Step("First", write_a_file), Step("Second", find_the_file)])
    assert said[0].startswith("  First: well (")
    assert said[0].endswith("a file)")


def test_the_first_failure_ends_it_and_says_what_failed() -> None:
    said: list[str] = []
    assert not run_self_test(said.append, [Step("First", fail), Step("Second", write_a_file)])
    assert said == ["  First: FAILED. It is broken."]


def test_the_home_is_removed_at_the_end() -> None:
    homes: list[Path] = []

    def note_home(stage: Stage) -> str:
        homes.append(stage.home)
        return ""

    run_self_test(lambda _line: None, [Step("First", note_home)])
    assert [home.exists() for home in homes] == [False]


def test_an_attempt_to_reach_the_network_fails_it(tmp_path: Path) -> None:
    stage = Stage.make(tmp_path)
    assert see_that_nothing_was_sent(stage) == ""
    stage.connections.write_text("socket.connect by bloodsmear\n")
    with pytest.raises(SelfTestError, match=r"socket\.connect by bloodsmear"):
        see_that_nothing_was_sent(stage)


def test_a_download_begins_in_its_own_process_and_asks_nobody(tmp_path: Path) -> None:
    if not paths.command_line_program().is_file():
        pytest.skip("the programs are not installed here")
    stage = Stage.make(tmp_path)
    assert begin_a_download(stage) == ""
    assert see_that_nothing_was_sent(stage) == ""


def test_an_edition_without_the_training_program_fits_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bloodsmear.paths.program", lambda name: tmp_path / name)
    assert fit_one_epoch(Stage.make(tmp_path)) == "not part of this edition"
