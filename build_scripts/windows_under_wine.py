"""The Windows program on Linux, by Wine: python.org's Python, the locked packages for Windows, and this checkout.

Start it with .venv/bin/python, after `dev.py setup`. docs/release.md says what it proves and what it doesn't.

.venv/bin/python build_scripts/windows_under_wine.py setup        5 GB below build/wine, once for each lock
.venv/bin/python build_scripts/windows_under_wine.py run [...]    bloodsmear.exe with these words; without: the window
.venv/bin/python build_scripts/windows_under_wine.py screen       the demo images, compared with Linux row by row
.venv/bin/python build_scripts/windows_under_wine.py exchange     a study and a classifier of each, on the other
.venv/bin/python build_scripts/windows_under_wine.py test [...]   all of it and the tests; words go to pytest alone
.venv/bin/python build_scripts/windows_under_wine.py python [...]     python.exe with these words, in the checkout
.venv/bin/python build_scripts/windows_under_wine.py freeze [review|full]     the programs that need no Python
.venv/bin/python build_scripts/windows_under_wine.py install [review|full]    their Setup.exe: in, tried, over, out;
                                                    with --quickly it is packed in a tenth of the time, and larger;
                                                    with --wine10 as it is handed on, in Debian trixie's Wine (2 GB)
.venv/bin/python build_scripts/windows_under_wine.py release      all of it, each edition with --wine10
.venv/bin/python build_scripts/windows_under_wine.py figures      write what was measured into docs/release.md
"""

from __future__ import annotations

import csv
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import system_libraries
from freeze.editions import EDITIONS
from freeze.measure import bytes_below, megabytes
from wine.exchange import exchange_classifier, exchange_study, fresh, on_linux, on_windows
from wine.frozen import Frozen, freeze, install
from wine.packages import SetUpError, read_lock
from wine.prefix import Wine
from wine.run_log import RunLog, write_table
from wine.windows_python import REQUIREMENTS, WindowsPython, add_what_wine_lacks, make_python
from wine.wine10 import MAKER, make_wine10

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / "build" / "wine"
DEMO_IMAGES = ROOT / "assets" / "demo"
PROGRAMS = ("wine", "makensis", "x86_64-w64-mingw32-gcc", "osslsigncode")
PACKAGES = ("wine", "wine64", "nsis", "gcc-mingw-w64-x86-64-posix", "osslsigncode", "fonts-dejavu-core")
# What a system could do in its own way, in about ten minutes: files, their names and locks, numbers, images, a window.
# The classifiers' answers are held against their golden ones, bit for bit (golden_answers.py); that TensorFlow answers
# the same is shown on Linux, where it takes seconds and not minutes.
ROOMS = (
    "tests/bloodsmear/images",
    "tests/bloodsmear/storage",
    "tests/bloodsmear/review",
    "tests/bloodsmear/workflows",
    "tests/bloodsmear/reports",
    "tests/bloodsmear/test_file_names.py",
    "tests/desktop/gui",
)
GOLDEN_ANSWERS = 40
QUICKLY, WINE10 = "--quickly", "--wine10"
# What is handed on has the 32-bit stub, so that is what is installed.
RELEASE = (
    *("setup", "test"),
    *(step for edition in EDITIONS for step in (f"freeze {edition}", f"install {edition} --wine10")),
    "figures",
)
AT_ONCE = ("-n", "2", "--dist", "worksteal")
# In a Windows of its own, and so beside other commands: packing takes long, and needs no Wine.
_IN_A_WINDOWS_OF_ITS_OWN = ("install",)
# What differs between two runs on one system.
_OF_THE_CLOCK = {"screened_at"}


class Place:
    """The folder in which everything of it lies, and the figures of the command that is carried out."""

    def __init__(self, command: str = "") -> None:
        folder = PLACE
        self.has_own_windows = command.split(" ")[0] in _IN_A_WINDOWS_OF_ITS_OWN
        self.lock = folder / ("in-use-for-installing" if self.has_own_windows else "in-use")
        self.downloads = folder / "downloads"
        self.stamp = folder / "set-up-finished"
        self.log = RunLog(folder / "runs.json", command)
        self.wine = Wine(folder / "prefix")
        self.python = WindowsPython(folder / "python")

    @property
    def is_ready(self) -> bool:
        """Whether it was set up for these locks and by this set-up."""
        return self.stamp.exists() and self.stamp.read_text(encoding="utf-8") == _wanted()


def _wanted() -> str:
    """The digest of what decides the set-up: the locks, the names of the project's programs, and how it is made."""
    programs = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    files = [REQUIREMENTS / "dev.txt", REQUIREMENTS / "wine.txt"]
    files += [
        ROOT / "build_scripts" / "wine" / name for name in ("packages.py", "prefix.py", "windows_python.py")
    ]
    content = b"".join(file.read_bytes() for file in files) + repr(programs).encode()
    return hashlib.sha256(content).hexdigest()


def main(arguments: list[str]) -> int:
    """Carry out one command; its exit status."""
    commands = {
        "setup": set_up,
        "run": run,
        "screen": screen,
        "exchange": exchange,
        "test": test_it,
        "python": python,
        "freeze": freeze_it,
        "install": install_it,
        "figures": figures,
    }
    if arguments == ["release"]:
        return release()
    if not arguments or arguments[0] not in commands:
        print(__doc__)
        return 0 if arguments and arguments[0] in {"-h", "--help"} else 2
    place = Place(" ".join(arguments))
    place.lock.parent.mkdir(parents=True, exist_ok=True)
    # One at a time in a Windows, since each ends its Wine.
    with place.lock.open("w") as in_use:
        fcntl.flock(in_use, fcntl.LOCK_EX)
        return _carry_out(place, commands[arguments[0]], arguments)


def release() -> int:
    """Carry out every step in turn, as its own command; the status of the first that is not well, else 0."""
    for step in RELEASE:
        print(f"\nwindows_under_wine.py {step}", flush=True)
        status = main(step.split(" "))
        if status:
            return status
    return 0


def _carry_out(place: Place, command: Callable[[Place, list[str]], int], arguments: list[str]) -> int:
    ended = "given up"
    try:
        if arguments[0] not in ("setup", "figures") and not place.is_ready:
            raise SetUpError("Nothing is set up for these locks: windows_under_wine.py setup comes first.")
        status = command(place, arguments[1:])
        ended = f"ended with {status}" if status else "all is well"
        return status
    except SetUpError as error:
        ended = str(error)
        print(f"windows_under_wine.py: {error}", file=sys.stderr)
        return 1
    finally:
        place.log.close(ended)
        if not place.has_own_windows and shutil.which("wineserver") and place.wine.prefix.is_dir():
            place.wine.end()


def set_up(place: Place, _words: list[str]) -> int:
    """Fetch and unpack everything, where it is not there for these locks. SetUpError."""
    if place.is_ready:
        print(f"ready: {place.stamp.parent}")
        return 0
    began = time.monotonic()
    place.stamp.unlink(missing_ok=True)
    _install_programs()
    shutil.rmtree(place.wine.prefix, ignore_errors=True)
    place.wine.prefix.parent.mkdir(parents=True, exist_ok=True)

    def say(what: str) -> None:
        print(f"{time.monotonic() - began:4.0f} s  {what}", flush=True)

    say("Python for Windows and the packages of requirements/dev.txt")
    make_python(place.python.folder, read_lock(REQUIREMENTS / "dev.txt"), place.downloads)
    say("a Windows by Wine")
    place.wine.make()
    add_what_wine_lacks(place.wine, place.python, place.downloads)
    say("this checkout, by pip")
    editable = [
        "install",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "--no-warn-script-location",
    ]
    if place.wine.show([place.python.program, "-m", "pip", *editable, "-e", "."], ROOT):
        raise SetUpError("pip could not install the checkout under Wine; its message is above.")
    say("every module compiled, which each start would do otherwise")
    place.wine.show([place.python.program, "-m", "compileall", "-q", "-j", "2", place.python.folder / "Lib"])
    say("the classifiers that ship, converted and verified")
    if place.wine.show([place.python.script("bloodsmear"), "classifiers", "verify"]):
        raise SetUpError("The classifiers don't answer under Wine as they must; what was said is above.")
    place.stamp.write_text(_wanted(), encoding="utf-8")
    place.log.note_time("from nothing", began)
    for name, folder in (("Python", place.python.folder), ("Windows", place.wine.prefix)):
        place.log.note(name, megabytes(bytes_below(folder)))
    return 0


def _install_programs(programs: tuple[str, ...] = PROGRAMS, packages: tuple[str, ...] = PACKAGES) -> None:
    missing = [name for name in programs if shutil.which(name) is None]
    if not missing:
        return
    manager = system_libraries.find_manager()
    if manager is None or manager.program != "apt-get":
        raise SetUpError(
            f"{', '.join(missing)} must be installed; what is known here is Debian's: {packages}."
        )
    problem = system_libraries.install(manager, packages)
    if problem:
        raise SetUpError(problem)


def run(place: Place, words: list[str]) -> int:
    """Start bloodsmear.exe; without words its window, on the demo images."""
    display = os.environ.get("DISPLAY", "")
    if not words and not display:
        raise SetUpError(
            "No display is here for the window: set DISPLAY, or say what bloodsmear.exe is to do."
        )
    wine = Wine(place.wine.prefix, display)
    images = place.wine.windows_path(DEMO_IMAGES)
    return wine.show([place.python.script("bloodsmear"), *(words or ["open", images])])


def screen(place: Place, _words: list[str]) -> int:
    """Screen the demo images under Wine and on Linux, each anew; 0 when every row is the same."""
    reports = {}
    for system in ("Windows", "Linux"):
        report = place.stamp.parent / f"{system}.csv"
        report.unlink(missing_ok=True)
        study = report.with_suffix(".bloodsmear")
        study.unlink(missing_ok=True)
        places = [str(one.relative_to(ROOT)) for one in (DEMO_IMAGES, report, study)]
        words = ["screen", places[0], "-o", places[1], "--study", places[2], "--quiet"]
        began = time.monotonic()
        if system == "Windows":
            status = place.wine.show([place.python.script("bloodsmear"), *words], ROOT)
        else:
            program = Path(sys.executable).with_name("bloodsmear")
            status = subprocess.run([str(program), *words], cwd=ROOT, check=False).returncode
        if status:
            raise SetUpError(f"Screening on {system} ended with code {status}.")
        place.log.note_time(f"screened on {system}", began)
        reports[system] = _rows(report)
    different = [ours for ours, theirs in zip(*reports.values(), strict=True) if ours != theirs]
    place.log.note("rows that differ but for the time", f"{len(different)} of {len(reports['Linux'])}")
    for row in different:
        print(row)
    return 1 if different else 0


def _rows(report: Path) -> list[dict[str, str]]:
    with report.open(encoding="utf-8-sig", newline="") as text:
        return [{k: v for k, v in row.items() if k not in _OF_THE_CLOCK} for row in csv.DictReader(text)]


def exchange(place: Place, _words: list[str]) -> int:
    """Go on with each system's study and classifier on the other one; 0 when both read the same. SetUpError."""
    folder = fresh(place.stamp.parent / "exchange")
    names = {"Linux": folder / "home of Linux", "Windows": folder / "home of Windows"}
    run = {
        "Linux": on_linux(names["Linux"]),
        "Windows": on_windows(place.wine.prefix, place.python, names["Windows"]),
    }
    for first, second in (("Windows", "Linux"), ("Linux", "Windows")):
        screened = place.stamp.parent / f"{first}.bloodsmear"
        if not screened.exists():
            raise SetUpError("There is no study to exchange: windows_under_wine.py screen comes first.")
        study = shutil.copyfile(screened, folder / f"begun on {first}.bloodsmear")
        events = exchange_study(study, run[first], run[second])
        place.log.note(
            f"study begun on {first}, gone on with on {second}", f"{events} events, every one fits"
        )
        for home in names.values():
            fresh(home)
        archive = folder / f"packed on {first}.zip"
        difference = exchange_classifier(ROOT / "models" / "unet", archive, run[first], run[second])
        place.log.note(f"classifier packed on {first}: answers differ by at most", f"{difference:.1g}")
    return 0


def test_it(place: Place, words: list[str]) -> int:
    """Run everything that shows it, or with words pytest alone; the exit status. SetUpError."""
    if words:
        return place.wine.show([place.python.program, "-m", "pytest", "-p", "no:cacheprovider", *words], ROOT)
    began = time.monotonic()
    outcomes = {"screen": screen(place, []), "exchange": exchange(place, [])}
    outcomes["golden answers"] = _golden_answers(place)
    place.log.note_time("all but the tests", began)
    report = place.stamp.parent / "tests.xml"
    report.unlink(missing_ok=True)
    its_words = [*ROOMS, *AT_ONCE, f"--junit-xml={report.relative_to(ROOT)}"]
    outcomes["tests"] = test_it(place, its_words)
    place.log.note("tests", _counted(report))
    place.log.note_time("all of it", began)
    wrong = [name for name, status in outcomes.items() if status]
    if wrong:
        raise SetUpError(f"Not as it must be: {', '.join(wrong)}; what was said is above.")
    return 0


def _golden_answers(place: Place) -> int:
    words = [place.python.program, "benchmarks/golden_answers.py", "--answers", str(GOLDEN_ANSWERS)]
    status = place.wine.show(words, ROOT)
    place.log.note(
        f"{GOLDEN_ANSWERS} golden answers of each classifier", "others" if status else "the same bits"
    )
    return status


def _counted(report: Path) -> str:
    """What a run of pytest came to, by its report. OSError where it wrote none."""
    (suite,) = ElementTree.parse(report).iter("testsuite")
    count = {name: int(suite.get(name, "0")) for name in ("tests", "skipped", "failures", "errors")}
    wrong = count["failures"] + count["errors"]
    return f"{count['tests'] - count['skipped'] - wrong} passed, {count['skipped']} skipped, {wrong} failed"


def python(place: Place, words: list[str]) -> int:
    """Run the Windows Python; its exit status."""
    return place.wine.show([place.python.program, *words], ROOT)


def freeze_it(place: Place, words: list[str]) -> int:
    """Freeze an edition under Wine; the exit status."""
    return freeze(_edition(place, words), place.downloads)


def install_it(place: Place, words: list[str]) -> int:
    """Install, try and remove an edition that is frozen; the exit status."""
    edition = _edition(place, [word for word in words if word not in (QUICKLY, WINE10)])
    if not edition.folder.is_dir():
        raise SetUpError(f"Nothing is frozen: windows_under_wine.py freeze {edition.key} comes first.")
    if WINE10 in words:
        _install_programs((MAKER,), (MAKER,))
        edition = replace(edition, wine10=make_wine10(place.stamp.parent, place.log))
    return install(edition, quickly=QUICKLY in words)


def _edition(place: Place, words: list[str]) -> Frozen:
    key = words[0] if words else "review"
    if key not in EDITIONS:
        raise SetUpError(f"There are the editions {' and '.join(EDITIONS)}, not {key}.")
    return Frozen(key, place.stamp.parent, place.wine.prefix, place.log)


def figures(place: Place, _words: list[str]) -> int:
    """Write the last run of each command into docs/release.md; 0."""
    write_table(place.log.file)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
