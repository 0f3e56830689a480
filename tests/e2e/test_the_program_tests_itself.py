"""The self-test's first steps on the programs of the checkout, with the classifiers that ship."""

from pathlib import Path

import pytest

from bloodsmear import paths
from desktop.self_test.stage import Stage
from desktop.self_test.steps import (
    compare_with_golden_answers,
    screen_in_the_window,
    screen_on_the_command_line,
    see_that_nothing_was_sent,
    write_a_page,
)


def test_window_and_command_line_do_a_readers_work_in_an_empty_home_without_a_network(tmp_path: Path) -> None:
    if not paths.window_program().is_file():
        pytest.skip("needs the program bloodsmear beside this Python")
    stage = Stage.make(tmp_path)
    assert "12 images screened" in screen_in_the_window(stage)
    assert "largest difference" in compare_with_golden_answers(stage)
    screen_on_the_command_line(stage)
    write_a_page(stage)
    see_that_nothing_was_sent(stage)
    assert (stage.home / "Bloodsmear").is_dir()
