"""Set up, run and test Bloodsmear on a machine that has only Python.

python3 build_scripts/dev.py run          open the window on the demo images (no display: do its job without one)
python3 build_scripts/dev.py setup        add what training and the tests need to .venv, and nothing else
python3 build_scripts/dev.py check        what needs no test: ruff, mypy, the import contracts, unused code
python3 build_scripts/dev.py test [...]   those and every test; further words go to pytest
python3 build_scripts/dev.py test --quick [...]   two minutes: without the whole window, Keras, programs and screen
python3 build_scripts/dev.py test --quick --coverage   with the window again, and how much of the code is run,
                                          which may not fall
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import system_libraries

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "requirements"
STAMP = VENV / "set-up-finished"
VENV_STAMP = VENV / "made-by"
LIBRARIES_STAMP = VENV / "libraries-checked"
DEMO_IMAGES = ROOT / "assets" / "demo"
DEMO_OUTPUT = ROOT / "demo-output"

# What .venv can hold, and the locks of it. `run` wants the base alone, everything else wants everything.
BASE, EVERYTHING = "base", "everything"
LOCKS = {
    BASE: (REQUIREMENTS / "base.txt", REQUIREMENTS / "checkout.txt"),
    EVERYTHING: (REQUIREMENTS / "dev.txt",),
}
DOWNLOADS = {BASE: "about 300 MB", EVERYTHING: "about 750 MB"}

# The versions for which the lock holds wheels.
OLDEST_PYTHON = (3, 11)
NEWEST_PYTHON = (3, 13)

QUICK = "--quick"
COVERAGE = "--coverage"
CHECKS = (
    ("ruff check", ("ruff", "check", ".")),
    ("ruff format", ("ruff", "format", "--check", ".")),
    ("mypy", ("mypy",)),
    ("import contracts", ("lint-imports",)),
    ("unused code", ("vulture",)),
)
# Three at a time on two processors: some wait for a screen, a drive or another program. Keras in a process of its own
# takes 1 GB, so not more.
ALL_TESTS = ("-n", "3", "--dist", "worksteal")
# A test that is marked so is left out of the quick ones, which need little memory. The coverage wants those marked
# `long`, too.
QUICK_TESTS = ("-m", "not long and not slow and not keras and not screen")
QUICK_TESTS_MEASURED = ("-m", "not slow and not keras and not screen")
ALL_QUICK_TESTS = ("-n", "auto", "--dist", "worksteal")
# What is measured and the floor are in pyproject.toml. Some tests alone cannot reach it.
MEASURED = ("--cov",)
MEASURED_WITHOUT_FLOOR = ("--cov", "--cov-fail-under=0")
# pytest's own exit status when it collected no test.
NO_TESTS_COLLECTED = 5


class SetUpError(Exception):
    """The set-up cannot go on; the text is a sentence that says what to do."""


def main(arguments: list[str]) -> int:
    """Carry out one command; return its exit status."""
    if not arguments or arguments[0] not in {"setup", "run", "check", "test"}:
        print(__doc__)
        return 0 if arguments and arguments[0] in {"-h", "--help"} else 2
    command, further = arguments[0], arguments[1:]
    if further and command != "test":
        print(f"dev.py {command} does not take further words, got: {' '.join(further)}", file=sys.stderr)
        return 2
    # .venv is dev.py's own: without compiled files in it each program compiles TensorFlow's sources once more.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    try:
        _check_python(sys.version_info[:2])
        _ensure_environment(BASE if command == "run" else EVERYTHING)
        if command == "run":
            return _run()
        if command == "test":
            return _test(further)
        return _check() if command == "check" else _say_ready()
    except (SetUpError, system_libraries.MissingLibrariesError) as error:
        print(f"dev.py: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("dev.py: stopped. The same command goes on from here.", file=sys.stderr)
        return 130


def _check_python(have: tuple[int, int]) -> None:
    if OLDEST_PYTHON <= have <= NEWEST_PYTHON:
        return
    wanted = " to ".join(".".join(map(str, version)) for version in (OLDEST_PYTHON, NEWEST_PYTHON))
    raise SetUpError(
        f"this is Python {have[0]}.{have[1]}, Bloodsmear's locked packages need Python {wanted}. "
        f"Install one of those and start dev.py with it, for example: python3.12 build_scripts/dev.py run"
    )


# ---- set-up


def _ensure_environment(part: str) -> None:
    display = "display" if system_libraries.has_display() else "no display"
    libraries_checked = _says(LIBRARIES_STAMP, "display") or _says(LIBRARIES_STAMP, display)
    if not libraries_checked:
        system_libraries.ensure_libraries()
    if _holds_everything():
        # Whoever trains goes on training after a `run`.
        part = EVERYTHING
    if not (_says(STAMP, _wanted_packages(part)) and _venv_is_ours()):
        _set_up(part)
    if not libraries_checked:
        LIBRARIES_STAMP.write_text(display, encoding="utf-8")


def _holds_everything() -> bool:
    """Say whether .venv was set up with everything, be it for an older lock."""
    return STAMP.exists() and not STAMP.read_text(encoding="utf-8").startswith(f"{BASE} ")


def _set_up(part: str) -> None:
    interrupted = not STAMP.exists()
    STAMP.unlink(missing_ok=True)
    if interrupted or not _venv_is_ours():
        _make_venv()
    _install_packages(part)
    # Last, so that a set-up that was interrupted is done again.
    STAMP.write_text(_wanted_packages(part), encoding="utf-8")


def _wanted_packages(part: str) -> str:
    """Return the part and the digest of what decides its packages: its locks, the project file without settings."""
    # Here, because older Pythons have no tomllib, and they are to get a sentence.
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    built_from = [project["build-system"], project["project"], project["tool"]["hatch"]]
    locks = b"".join(lock.read_bytes() for lock in LOCKS[part])
    return f"{part} {hashlib.sha256(locks + json.dumps(built_from).encode()).hexdigest()}"


def _venv_is_ours() -> bool:
    """Say whether .venv was made by this Python's version in this place (its programs hold the full path)."""
    return _program("python").exists() and _says(VENV_STAMP, _python_mark())


def _python_mark() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]} {ROOT}"


def _says(stamp: Path, text: str) -> bool:
    return stamp.exists() and stamp.read_text(encoding="utf-8") == text


def _make_venv() -> None:
    # From inside a virtual environment (even from .venv itself) the Python beneath it makes the new one.
    base_python = getattr(sys, "_base_executable", "") or sys.executable
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        _install_venv_module()
    print(f"making {VENV} with Python {sys.version.split()[0]}", flush=True)
    if VENV.exists():
        shutil.rmtree(VENV)
    if subprocess.run([base_python, "-m", "venv", str(VENV)], check=False).returncode:
        raise SetUpError(
            f"Python could not make {VENV}; its message is above. Put that right and run this again."
        )
    VENV_STAMP.write_text(_python_mark(), encoding="utf-8")


def _install_venv_module() -> None:
    manager = system_libraries.find_manager()
    if manager is None or manager.program != "apt-get":
        raise SetUpError(
            "this Python lacks its venv or ensurepip module. Install Python from python.org, or the package of "
            "your system that holds them, and run this again."
        )
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    problem = system_libraries.install(manager, (package,))
    if problem:
        raise SetUpError(f"this Python lacks its venv module ({package}). {problem}")


def _install_packages(part: str) -> None:
    print(f"installing the locked packages ({DOWNLOADS[part]} to download the first time)", flush=True)
    locks = [word for lock in LOCKS[part] for word in ("-r", str(lock))]
    # The locks are complete. tf-keras alone asks for more: `tensorflow`, where Linux has `tensorflow-cpu`.
    if not _install("--require-hashes", "--no-deps", *locks):
        raise SetUpError(
            "pip could not install the packages; its message is above. They come from the network once: check the "
            "connection (behind a proxy set HTTPS_PROXY, on a PC without internet point PIP_FIND_LINKS at a folder "
            "of wheels and set PIP_NO_INDEX=1), then run the same command again."
        )
    # A path file to the checkout. hatchling comes from the locks, so nothing is fetched without its hash.
    if not _install("--quiet", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)):
        raise SetUpError(
            f"pip could not install the checkout itself; its message is above. Files of {ROOT} are missing or "
            "altered: `git status` names them."
        )


def _install(*arguments: str) -> bool:
    """Install into .venv with uv, which is several times as fast, else with pip; say whether one of them could."""
    uv = shutil.which("uv")
    if uv is not None:
        command = [uv, "pip", "install", "--python", str(_program("python")), *arguments]
        if subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode == 0:
            return True
        print(
            "uv could not do it (its message is above). Now pip, which has settings of its own.", flush=True
        )
    # As uv does: Python compiles what is imported when it first is, and most of it never is.
    pip = [str(_program("python")), "-m", "pip", "--disable-pip-version-check", "install", "--no-compile"]
    environment = {**os.environ, "PIP_USER": "0", "PYTHONNOUSERSITE": "1"}
    command = [*pip, *arguments]
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False).returncode == 0


def _program(name: str) -> Path:
    """Return a program of .venv."""
    if sys.platform == "win32":
        return VENV / "Scripts" / f"{name}.exe"
    return VENV / "bin" / name


def _say_ready() -> int:
    print(f"ready: {VENV}")
    return 0


# ---- run


def _run() -> int:
    if not DEMO_IMAGES.is_dir():
        raise SetUpError(f"the demo images are missing: {DEMO_IMAGES}. Take the checkout anew.")
    if system_libraries.has_display():
        return _replace_process([str(_program("bloodsmear")), "open", str(DEMO_IMAGES)])
    return _run_without_display()


def _replace_process(command: list[str]) -> int:
    if os.name == "posix":
        os.execv(command[0], command)
    # On Windows exec gives the console back before the program has ended.
    return subprocess.run(command, check=False).returncode


def _run_without_display() -> int:
    report, picture = DEMO_OUTPUT / "report.csv", DEMO_OUTPUT / "window.png"
    DEMO_OUTPUT.mkdir(exist_ok=True)
    print("no display: doing the window's job without one", flush=True)
    screen = [str(_program("bloodsmear")), "screen", str(DEMO_IMAGES), "-o", str(report)]
    status = subprocess.run(screen, check=False).returncode
    if status:
        return status
    screenshot = [
        str(_program("python")),
        str(ROOT / "build_scripts" / "screenshots.py"),
        "--demo",
        str(picture),
    ]
    status = subprocess.run(screenshot, env=_quiet_environment(), check=False).returncode
    if status == 0:
        print(f"report: {report}\nwindow: {picture}")
    return status


def _quiet_environment() -> dict[str, str]:
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", "TF_CPP_MIN_LOG_LEVEL": "2"}


# ---- check and test


def _check() -> int:
    failed = _failed_checks()
    print(_verdict(failed))
    return 1 if failed else 0


def _test(words: list[str]) -> int:
    further = [word for word in words if word not in (QUICK, COVERAGE)]
    if QUICK in words:
        chosen = QUICK_TESTS_MEASURED if COVERAGE in words else QUICK_TESTS
        pytest_arguments = [*chosen, *(further or ALL_QUICK_TESTS)]
    else:
        system_libraries.ensure_test_programs()
        pytest_arguments = further or list(ALL_TESTS)
    if COVERAGE in words:
        pytest_arguments += MEASURED_WITHOUT_FLOOR if further else MEASURED
    failed = _failed_checks()
    print("== pytest", flush=True)
    status, closing_line = _run_pytest(pytest_arguments)
    if status == NO_TESTS_COLLECTED:
        closing_line = f"{closing_line} (pytest found no test to run: check the words after `test`)"
    if status:
        failed.append("pytest")
    print(_verdict(failed))
    print(closing_line, flush=True)
    return status or (1 if failed else 0)


def _failed_checks() -> list[str]:
    return [name for name, command in CHECKS if _check_fails(name, command)]


def _verdict(failed: list[str]) -> str:
    return f"failed: {', '.join(failed)}" if failed else "every check passed"


def _check_fails(name: str, command: tuple[str, ...]) -> bool:
    print(f"== {name}", flush=True)
    program = str(_program(command[0]))
    return subprocess.run([program, *command[1:]], cwd=ROOT, check=False).returncode != 0


def _run_pytest(arguments: list[str]) -> tuple[int, str]:
    """Run pytest, passing its output on as it comes; return its status and its last line."""
    command = [str(_program("python")), "-m", "pytest", *arguments]
    environment = {**_quiet_environment(), "PYTHONUNBUFFERED": "1"}
    closing_line = ""
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
            text = line.decode("utf-8", "replace").strip()
            closing_line = text or closing_line
    return process.returncode, closing_line


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
