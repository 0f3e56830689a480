"""Under strace: no socket at all, and no file but in the program's folders, the temporary one and beside the report."""

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
import system_calls

from bloodsmear import paths
from desktop.self_test import WORD
from desktop.self_test.stage import OUTCOME_NAME

pytestmark = pytest.mark.skipif(bool(system_calls.missing_here()), reason=system_calls.missing_here())

# Nobody's files: what is written there goes nowhere, or is memory that processes share (names of semaphores).
SYSTEM = (Path("/dev/null"), Path("/dev/shm"))


@dataclass(frozen=True, slots=True)
class Traced:
    """The places that a traced program is told of, each for itself; `home` is the user's, where nothing belongs."""

    place: Path
    user: Path

    def run(self, *words: object) -> system_calls.SystemCalls:
        """Run the program to its end."""
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("XDG_")},
            "HOME": str(self.folder("home")),
            "TMPDIR": str(self.folder("temporary")),
            "BLOODSMEAR_HOME": str(self.user),
            "PYTHONPATH": str(Path(__file__).parents[2]),
            # Python keeps what it compiled beside the sources; an installed program has that already.
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        program = [sys.executable, "-m", "desktop.start", *(str(word) for word in words)]
        return system_calls.trace(program, environment, self.folder("reports") / "trace.txt")

    def folder(self, name: str) -> Path:
        """A folder of that name, made if need be."""
        folder = self.place / name
        folder.mkdir(exist_ok=True)
        return folder

    def outside(self, calls: system_calls.SystemCalls) -> list[Path]:
        """What was written where nothing of the program's belongs."""
        return calls.outside([self.user, self.folder("temporary"), self.folder("reports"), *SYSTEM])


@pytest.fixture
def traced(tmp_path: Path, home_of_its_own: Path) -> Traced:
    """Folders for a program to be traced in."""
    return Traced(tmp_path, home_of_its_own)


def test_a_screening_opens_no_socket_and_writes_in_its_folders_only(traced: Traced) -> None:
    """With an empty cache: the classifiers that ship are converted in processes of their own."""
    case = next(folder for folder in sorted(paths.demo_images().iterdir()) if folder.is_dir())
    report = traced.folder("reports") / "report.csv"
    calls = traced.run("screen", case, "-o", report, "--quiet")
    assert report in calls.written
    assert any(paths.graph_cache() in one.parents for one in calls.written)
    assert (calls.families, calls.sockets, traced.outside(calls)) == (frozenset(), frozenset(), [])
    assert not list(traced.folder("home").iterdir())


@pytest.mark.usefixtures("tiny_classifiers")
def test_a_session_in_the_window_opens_no_socket_and_writes_in_its_folders_only(traced: Traced) -> None:
    """The self-test's: a folder is opened and screened, an image read and denoised, a report written, pages opened."""
    calls = traced.run(WORD, traced.folder("reports"), time.time())
    assert traced.folder("reports") / OUTCOME_NAME in calls.written
    assert '"problem":""' in (traced.folder("reports") / OUTCOME_NAME).read_text("utf-8")
    # Without a display of X's there is no socket in a file either.
    assert (calls.families, calls.sockets, traced.outside(calls)) == (frozenset(), frozenset(), [])
    assert not list(traced.folder("home").iterdir())
