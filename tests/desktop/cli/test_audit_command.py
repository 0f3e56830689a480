"""bloodsmear audit and teach, from the draw to a classifier whose figures are on images that it was never taught."""

from pathlib import Path

import pytest

from bloodsmear.storage.study_store import StudyStore
from desktop.cli.program import main
from tests.bloodsmear.conftest import card  # noqa: F401 - fixtures
from tests.bloodsmear.teaching.conftest import base_folder  # noqa: F401 - fixture
from tests.bloodsmear.workflows.conftest import make_classifier  # noqa: F401 - fixture
from tests.bloodsmear.workflows.test_auditing import decide_all, study  # noqa: F401 - fixture


def said_by(words: list[str], capsys: pytest.CaptureFixture[str], code: int = 0) -> str:
    assert main(words) == code
    captured = capsys.readouterr()
    return captured.out + captured.err


def test_an_audit_set_is_drawn_read_and_measured_on(
    study: Path,  # noqa: F811
    base_folder: Path,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    named = str(study)
    assert "No audit set is drawn." in said_by(["audit", named], capsys)
    assert "Say who draws" in said_by(["audit", named, "--draw"], capsys, 2)
    words = ["audit", named, "--draw", "--images", "20", "--reader", "Ada"]
    assert "20 are still to be read" in said_by(words, capsys)
    teach = ["teach", named, "--unsigned", "--trust-folders", "--base", "tiny", "--id", "our-lab"]
    decide_all(study, but=said_by(["audit", named], capsys).splitlines()[1].strip())
    out = str(study.parent / "made")
    assert "the audit set is not wholly read" in said_by([*teach, "-o", out], capsys)
    decide_all(study)
    said = said_by([*teach, "-o", out], capsys)
    assert "On the 20 images of the audit set that got a label, of 20 that were drawn:" in said
    assert "50 more decisions would likely bring" in said
    assert "1 head was measured on it before" in said_by([*teach, "-o", out], capsys)
    with StudyStore.open_existing(study) as store:
        assert [event.entry.kind for event in store.events.read()].count("taught") == 2
        assert store.events.check().whole


def test_an_interval_can_be_asked_for_in_place_of_a_number(
    study: Path,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["audit", str(study), "--draw", "--reader", "Ada", "--points"]
    assert "of the 31 images" in said_by([*words, "11"], capsys)
    assert "--points must be from 1 to 25" in said_by([*words, "0.5"], capsys, 2)


def test_an_audit_set_that_is_given_up_may_be_taught(
    study: Path,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["audit", str(study), "--reader", "Ada"]
    said_by([*words, "--draw", "--images", "20"], capsys)
    assert "The audit set was given up." in said_by([*words, "--give-up"], capsys)
    assert "No audit set is drawn." in said_by(["audit", str(study)], capsys)
