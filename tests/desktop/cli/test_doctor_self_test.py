"""bloodsmear doctor --self-test: what it says at its end, and its exit code."""

from collections.abc import Callable

import pytest

SELF_TEST = "desktop.cli.doctor_command.run_self_test"


@pytest.mark.parametrize(("well", "code"), [(True, 0), (False, 1)])
def test_the_exit_code_says_whether_all_went_well(
    well: bool,
    code: int,
    run: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(SELF_TEST, lambda say: say("  Step: well") or well)
    assert run("doctor", "--self-test") == code
    said = capsys.readouterr()
    assert "  Step: well" in said.out
    assert ("All is well." in said.out) is well
    assert ("Install Bloodsmear again." in said.err) is not well
