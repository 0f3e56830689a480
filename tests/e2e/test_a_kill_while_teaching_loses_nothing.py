"""A program that is killed (-9) in any step of teaching loses no decision, and leaves no half of a head."""

import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from bloodsmear import paths
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.folder import verify_classifier
from bloodsmear.review.replay import Replay
from bloodsmear.storage.study_store import StudyStore
from desktop.gui.teaching import jobs
from tests.bloodsmear.conftest import card  # noqa: F401 - fixture
from tests.bloodsmear.teaching.conftest import make_base
from tests.bloodsmear.workflows.conftest import make_classifier  # noqa: F401 - fixture
from tests.bloodsmear.workflows.test_auditing import decide_all, drawn, study  # noqa: F401 - fixture

PROGRAM = Path(__file__).with_name("teaching_program.py")
ID = "our-laboratory"


def kill_in(study: Path, step: str, after_s: float) -> None:  # noqa: F811
    """Run the program and kill it so long after it began this step."""
    with subprocess.Popen(
        [sys.executable, str(PROGRAM), str(study)], stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        while (line := process.stdout.readline()).strip() != step:
            assert line, "the program ended before"
        time.sleep(after_s)
        process.kill()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "after_s"),
    [("teaching", 0.2), ("keeping", 0.0), ("writing", 0.05), ("installing", 0.05), ("installed", 0.0)],
)
def test_nothing_is_lost_and_the_next_start_ends_what_was_begun(
    study: Path,  # noqa: F811
    card: Card,  # noqa: F811
    step: str,
    after_s: float,
) -> None:
    make_base(paths.user_classifiers() / "vgg16", msgspec.structs.replace(card, id="vgg16"))
    names = drawn(study)
    decide_all(study)
    with StudyStore.open_existing(study) as store:
        before = store.events.read()
    kill_in(study, step, after_s)
    with StudyStore.open_existing(study) as store:
        after = store.events.read()
        assert store.events.check().whole
    assert after[: len(before)] == before
    audit = Replay(after).audit
    assert audit is not None
    assert audit.names == names
    looked = jobs.look(study)
    installed = paths.user_classifiers() / ID
    if installed.exists():
        verify_classifier(installed)
    if step == "installing":
        assert looked.head is not None or installed.exists()
    if step == "installed":
        assert installed.exists()
    elif looked.head is not None:
        # It is checked as a stranger's would be.
        assert jobs.install(study) == ID
        verify_classifier(installed)
