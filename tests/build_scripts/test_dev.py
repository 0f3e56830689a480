"""`dev.py` in a checkout of its own, where every program is a fake that writes down how it was called."""

import os
import shutil
import stat
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import dev
import pytest

ROOT = Path(__file__).resolve().parents[2]
# `fail_under` may be raised, and this with it. Neither is lowered: write the tests that are missing.
FLOOR_PERCENT = 86

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the fake programs are shell scripts")

FAKE_PROGRAM = """#!/bin/sh
echo "${{0##*/}} $*" >> "$FAKE_LOG"
case "${{0##*/}} $*" in {failing}) exit 1;; esac
case "$*" in
    "-m pytest"*) echo "collected 3 items"; echo "=== 3 passed in 0.01s ==="; exit {pytest_status};;
esac
exit 0
"""


@dataclass(frozen=True, slots=True)
class Checkout:
    root: Path
    log: Path

    def dev(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        plain = {name: value for name, value in os.environ.items() if not name.endswith("DISPLAY")}
        return subprocess.run(
            [sys.executable, str(self.root / "build_scripts" / "dev.py"), *words],
            env={**plain, "FAKE_LOG": str(self.log), "PATH": str(self.root / "system"), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def calls(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []

    def use_programs(self, *, failing: str = "nothing", pytest_status: int = 0) -> None:
        for name in ("python", "bloodsmear", "ruff", "mypy", "lint-imports", "vulture"):
            self.write_program(
                self.root / ".venv" / "bin" / name,
                FAKE_PROGRAM.format(failing=failing, pytest_status=pytest_status),
            )

    def use_system(self, *names: str, failing: str = "nothing") -> None:
        """The only programs that the system has, beside those of .venv."""
        for name in names:
            self.write_program(
                self.root / "system" / name, FAKE_PROGRAM.format(failing=failing, pytest_status=0)
            )

    def mark_as_set_up(self, part: str) -> None:
        """dev.py itself says by which marks."""
        mark = "dev.VENV_STAMP.write_text(dev._python_mark()); dev.STAMP.write_text(dev._wanted_packages(sys.argv[1]))"
        subprocess.run(
            [sys.executable, "-c", f"import sys, dev; {mark}", part],
            env={**os.environ, "PYTHONPATH": str(self.root / "build_scripts")},
            check=True,
        )

    def installed_locks(self) -> list[str]:
        """The names of the locks that were installed, in order, all calls together."""
        words = " ".join(self.calls()).split()
        return [Path(word).name for word in words if word.endswith(".txt")]

    def write_program(self, program: Path, text: str) -> None:
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(text)
        program.chmod(program.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout that is set up already, with everything."""
    root = tmp_path / "check out"
    for name in (
        "pyproject.toml",
        "requirements/base.txt",
        "requirements/checkout.txt",
        "requirements/dev.txt",
        "build_scripts/dev.py",
        "build_scripts/system_libraries.py",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    (root / "assets" / "demo").mkdir(parents=True)
    made = Checkout(root, tmp_path / "calls.txt")
    made.use_programs()
    made.use_system("Xvfb", "openbox", "xdotool")
    made.mark_as_set_up("everything")
    (root / ".venv" / "libraries-checked").write_text("display")
    return made


def test_a_second_set_up_does_nothing(checkout: Checkout) -> None:
    outcome = checkout.dev("setup")
    assert outcome.returncode == 0
    assert checkout.calls() == []


def test_python_keeps_what_it_compiled_also_where_the_user_forbids_it(checkout: Checkout) -> None:
    """Else each program that a test starts compiles TensorFlow's sources once more, for seconds."""
    checkout.write_program(
        checkout.root / ".venv" / "bin" / "python",
        '#!/bin/sh\necho "kept: ${PYTHONDONTWRITEBYTECODE-yes}"\n',
    )
    outcome = checkout.dev("test", "tests/some", PYTHONDONTWRITEBYTECODE="1")
    assert "kept: yes" in outcome.stdout


def test_a_changed_lock_installs_again_into_the_same_environment(checkout: Checkout) -> None:
    with (checkout.root / "requirements" / "dev.txt").open("a") as lock:
        lock.write("# changed\n")
    assert checkout.dev("setup").returncode == 0
    assert ["--require-hashes" in call for call in checkout.calls()] == [True, False]
    assert "--no-deps --no-build-isolation --editable" in checkout.calls()[1]
    assert checkout.dev("setup").returncode == 0
    assert len(checkout.calls()) == 2


def test_run_installs_the_base_and_no_more(checkout: Checkout) -> None:
    checkout.mark_as_set_up("base")
    (checkout.root / "requirements" / "base.txt").write_text("# changed\n")
    assert checkout.dev("run", DISPLAY=":0").returncode == 0
    assert checkout.installed_locks() == ["base.txt", "checkout.txt"]
    assert checkout.calls()[-1].startswith("bloodsmear open")
    assert checkout.dev("run", DISPLAY=":0").returncode == 0
    assert checkout.installed_locks() == ["base.txt", "checkout.txt"]


@pytest.mark.parametrize("command", ["setup", "test"])
def test_setup_and_test_add_the_rest_to_the_same_environment(checkout: Checkout, command: str) -> None:
    checkout.mark_as_set_up("base")
    kept = checkout.root / ".venv" / "kept"
    kept.touch()
    assert checkout.dev(command).returncode == 0
    assert checkout.installed_locks() == ["dev.txt"]
    assert kept.exists()


def test_run_keeps_everything_where_everything_is(checkout: Checkout) -> None:
    """Else a trainer would be left over with packages of another lock."""
    assert checkout.dev("run", DISPLAY=":0").returncode == 0
    assert checkout.installed_locks() == []
    (checkout.root / "requirements" / "dev.txt").write_text("# changed\n")
    assert checkout.dev("run", DISPLAY=":0").returncode == 0
    assert checkout.installed_locks() == ["dev.txt"]


def test_an_interrupted_addition_is_done_again_even_by_run(checkout: Checkout) -> None:
    checkout.mark_as_set_up("base")
    checkout.use_programs(failing="*dev.txt*")
    assert checkout.dev("setup").returncode == 1
    assert not (checkout.root / ".venv" / "set-up-finished").exists()
    for name in ("base.txt", "checkout.txt"):
        (checkout.root / "requirements" / name).write_text("# nothing\n")
    outcome = checkout.dev("run", DISPLAY=":0")
    # A real environment now, in which the checkout cannot be installed without hatchling.
    assert (checkout.root / ".venv" / "pyvenv.cfg").exists()
    assert "pip could not install the checkout itself" in outcome.stderr


def test_uv_installs_where_it_is_there(checkout: Checkout) -> None:
    checkout.mark_as_set_up("base")
    checkout.use_system("uv")
    assert checkout.dev("setup").returncode == 0
    python = checkout.root / ".venv" / "bin" / "python"
    lock = checkout.root / "requirements" / "dev.txt"
    assert checkout.calls() == [
        f"uv pip install --python {python} --require-hashes --no-deps -r {lock}",
        f"uv pip install --python {python} --quiet --no-deps --no-build-isolation --editable {checkout.root}",
    ]


def test_where_uv_cannot_pip_does(checkout: Checkout) -> None:
    """uv does not read pip's settings: a folder of wheels, a registry of one's own."""
    checkout.mark_as_set_up("base")
    checkout.use_system("uv", failing="uv*")
    outcome = checkout.dev("setup")
    assert outcome.returncode == 0
    assert [call.split()[0] for call in checkout.calls()] == ["uv", "python", "uv", "python"]
    assert "Now pip" in outcome.stdout


def test_a_set_up_that_failed_says_what_to_do_and_is_done_again(checkout: Checkout) -> None:
    (checkout.root / "requirements" / "dev.txt").write_text("# changed\n")
    checkout.use_programs(failing="*require-hashes*")
    outcome = checkout.dev("setup")
    assert outcome.returncode == 1
    assert "check the connection" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert not (checkout.root / ".venv" / "set-up-finished").exists()


def test_an_interrupted_set_up_makes_the_environment_anew(checkout: Checkout) -> None:
    """With a real environment and an empty lock, so that installing the checkout itself must fail: no hatchling."""
    (checkout.root / ".venv" / "set-up-finished").unlink()
    (checkout.root / "requirements" / "dev.txt").write_text("# nothing\n")
    outcome = checkout.dev("setup")
    assert not (checkout.root / ".venv" / "bin" / "bloodsmear").exists()
    assert (checkout.root / ".venv" / "pyvenv.cfg").exists()
    assert outcome.returncode == 1
    assert "pip could not install the checkout itself" in outcome.stderr
    assert not (checkout.root / ".venv" / "set-up-finished").exists()


@pytest.mark.parametrize("version", [(3, 9), (3, 10), (3, 14)])
def test_a_python_without_locked_packages_is_refused_with_a_sentence(version: tuple[int, int]) -> None:
    with pytest.raises(dev.SetUpError, match=r"this is Python 3\.\d+, .* need Python 3\.11 to 3\.13"):
        dev._check_python(version)


def test_with_a_display_run_opens_the_window_on_the_demo_images(checkout: Checkout) -> None:
    assert checkout.dev("run", DISPLAY=":0").returncode == 0
    assert checkout.calls() == [f"bloodsmear open {checkout.root / 'assets' / 'demo'}"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux goes without a display")
def test_without_a_display_run_screens_and_draws_the_window(checkout: Checkout) -> None:
    outcome = checkout.dev("run")
    report, picture = (checkout.root / "demo-output" / name for name in ("report.csv", "window.png"))
    assert outcome.returncode == 0
    assert checkout.calls() == [
        f"bloodsmear screen {checkout.root / 'assets' / 'demo'} -o {report}",
        f"python {checkout.root / 'build_scripts' / 'screenshots.py'} --demo {picture}",
    ]
    assert outcome.stdout.splitlines()[-2:] == [f"report: {report}", f"window: {picture}"]


def test_every_check_runs_and_pytests_closing_line_is_the_last(checkout: Checkout) -> None:
    checkout.use_programs(failing="mypy*")
    outcome = checkout.dev("test", "-k", "some words")
    assert checkout.calls() == [
        "ruff check .",
        "ruff format --check .",
        "mypy ",
        "lint-imports ",
        "vulture ",
        "python -m pytest -k some words",
    ]
    assert outcome.stdout.splitlines()[-2:] == ["failed: mypy", "=== 3 passed in 0.01s ==="]
    assert outcome.returncode == 1


def test_quick_leaves_out_what_takes_long_and_wants_no_screen(checkout: Checkout) -> None:
    (checkout.root / "system" / "Xvfb").unlink()
    checkout.use_system("apt-get")
    left_out = "-m not long and not slow and not keras and not screen"
    assert checkout.dev("test", "--quick").returncode == 0
    assert checkout.calls()[-1] == f"python -m pytest {left_out} -n auto --dist worksteal"
    assert checkout.dev("test", "--quick", "tests/bloodsmear").returncode == 0
    assert checkout.calls()[-1] == f"python -m pytest {left_out} tests/bloodsmear"
    assert not [call for call in checkout.calls() if call.startswith("apt-get")]


def test_coverage_is_measured_where_it_is_asked_for_and_its_floor_holds_for_a_whole_run_alone(
    checkout: Checkout,
) -> None:
    quick = "python -m pytest -m not slow and not keras and not screen"
    assert checkout.dev("test", "--quick", "--coverage").returncode == 0
    assert checkout.calls()[-1] == f"{quick} -n auto --dist worksteal --cov"
    # A part of the tests cannot reach the floor.
    assert checkout.dev("test", "--quick", "tests/bloodsmear", "--coverage").returncode == 0
    assert checkout.calls()[-1] == f"{quick} tests/bloodsmear --cov --cov-fail-under=0"
    assert checkout.dev("test", "--coverage").returncode == 0
    assert checkout.calls()[-1] == "python -m pytest -n 3 --dist worksteal --cov"


def test_the_floor_of_the_coverage_is_held_by_ci() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["coverage"]
    assert settings["run"]["source"] == ["bloodsmear", "desktop", "training"]
    assert settings["report"]["fail_under"] >= FLOOR_PERCENT
    workflow = (ROOT / ".github" / "workflows" / "build.yml").read_text(encoding="utf-8")
    assert "run: python build_scripts/dev.py test --quick --coverage\n" in workflow


def test_check_runs_no_test(checkout: Checkout) -> None:
    checkout.use_programs(failing="lint-imports*")
    outcome = checkout.dev("check")
    assert checkout.calls() == ["ruff check .", "ruff format --check .", "mypy ", "lint-imports ", "vulture "]
    assert (outcome.returncode, outcome.stdout.splitlines()[-1]) == (1, "failed: import contracts")


@pytest.mark.parametrize("status", [0, 1, 2, 5])
def test_the_test_command_ends_as_pytest_ended(checkout: Checkout, status: int) -> None:
    checkout.use_programs(pytest_status=status)
    outcome = checkout.dev("test")
    assert outcome.returncode == status
    # All of them, three at a time.
    assert checkout.calls()[-1] == "python -m pytest -n 3 --dist worksteal"
    assert outcome.stdout.splitlines()[-1].startswith("=== 3 passed in 0.01s ===")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a virtual screen is Linux' own")
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="root alone installs")
def test_the_test_command_installs_what_a_virtual_screen_needs(checkout: Checkout) -> None:
    (checkout.root / "system" / "Xvfb").unlink()
    checkout.use_system("apt-get")
    assert checkout.dev("test").returncode == 0
    assert checkout.calls()[:2] == [
        "apt-get update",
        "apt-get install -y --no-install-recommends xvfb openbox xdotool strace",
    ]


def test_only_the_test_command_needs_a_virtual_screen(checkout: Checkout) -> None:
    (checkout.root / "system" / "Xvfb").unlink()
    checkout.use_system("apt-get")
    assert checkout.dev("setup").returncode == 0
    assert checkout.calls() == []


def test_an_unknown_command_prints_the_usage(checkout: Checkout) -> None:
    outcome = checkout.dev("tidy")
    assert outcome.returncode == 2
    assert "dev.py setup" in outcome.stdout


def test_ci_calls_the_test_command_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line and not line.startswith(("#", "set ", "cd "))]
    assert commands == ['exec python3 build_scripts/dev.py test "$@"']
    assert "python3 build_scripts/dev.py test" in (ROOT / "README.md").read_text(encoding="utf-8")
