"""What a program leaves behind is noticed and ended."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.self_test import process_group
from desktop.self_test.process_group import ProcessGroup

LEAVES_A_CHILD = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], stderr=subprocess.DEVNULL)
open(sys.argv[1], "w").write(str(child.pid))
"""


def python(*words: str) -> ProcessGroup:
    return ProcessGroup([sys.executable, "-c", *words], dict(os.environ))


def test_a_program_that_ends_with_its_children_leaves_nothing() -> None:
    with python("import sys; sys.exit(3)") as group:
        group.communicate(60)
        assert group.code == 3
        group.wait_until_alone()


def test_a_child_that_stays_is_noticed_and_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_group, "_GRACE_S", 0.3)
    number = tmp_path / "number"
    with python(LEAVES_A_CHILD, str(number)) as group:
        group.communicate(60)
        with pytest.raises(RuntimeError, match="still runs"):
            group.wait_until_alone()
    monkeypatch.setattr(process_group, "_GRACE_S", 30.0)
    group.wait_until_alone()


def test_what_the_program_said_on_stderr_is_handed_back() -> None:
    with python("import sys; print('not well', file=sys.stderr)") as group:
        assert group.communicate(60).strip() == b"not well"


def test_a_program_that_never_ends_is_ended() -> None:
    with pytest.raises(subprocess.TimeoutExpired), python("import time; time.sleep(600)") as group:
        group.communicate(0.5)
    assert group.code is not None
