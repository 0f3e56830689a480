"""Freezing under Wine, and the installer of what was frozen: installed, tried, upgraded and removed there."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from freeze.editions import EDITIONS, ROOT, file_stem, version
from freeze.measure import bytes_below, megabytes
from installers.icon import write_icons
from installers.windows import WindowsInstaller, command, definitions
from wine import packages
from wine.packages import SetUpError, read_lock
from wine.prefix import Wine
from wine.run_log import RunLog
from wine.windows_python import ICU, REQUIREMENTS, RUNTIME, WindowsPython, make_python, show_fonts

# This system's Wine runs 64-bit programs alone. What is handed on has NSIS' usual 32-bit stub.
_STUB = "-XTarget amd64-unicode"
# It comes before the script's own word for it, and makensis warns of that: here the warning is not an error.
_QUICKLY = "-XSetCompressor /FINAL zlib"
# What compilers read of TensorFlow stays out of every edition: three in four of its files. PyInstaller goes through the
# whole package some ten times before it leaves them out, and Wine asks its server about each file.
HEADERS = "tensorflow/include"
_OLDER, _ONLY_IN_THE_OLDER = "0.0.1", "of the version before"
UNINSTALL_KEY = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\Bloodsmear"
DEMO_IMAGES = ROOT / "assets" / "demo"
# What Setup.exe and Uninstall.exe end with while the program runs.
_RUNS = 6
_PATIENCE_S = 180


@dataclass(frozen=True, slots=True)
class Frozen:
    """An edition that is frozen under the Wine of `prefix`, and its place.

    `wine10`: the variables of a Wine that runs 32-bit programs, too (wine10.py); none for this system's own.
    """

    key: str
    place: Path
    prefix: Path
    log: RunLog
    wine10: Mapping[str, str] = field(default_factory=dict)

    @property
    def work(self) -> Path:
        """What comes in between."""
        return self.place / f"frozen-{self.key}"

    @property
    def folder(self) -> Path:
        """The frozen programs."""
        return self.work / "frozen" / "Bloodsmear"


def freeze(edition: Frozen, downloads: Path) -> int:
    """Freeze and complete the edition, and run its self-test; the exit status. SetUpError."""
    python = _build_python(edition.place / "python-build", downloads)
    paths = f"{_windows_path(ROOT / 'build_scripts')};{_windows_path(ROOT)}"
    wine = Wine(edition.prefix, PYTHONPATH=paths, PYTHONUNBUFFERED="1")
    places = [_windows_path(edition.work), _windows_path(edition.place / "dist")]
    began = time.monotonic()
    status = wine.show([python.program, "-m", "freeze.pipeline", edition.key, *places, "--unpacked"], ROOT)
    edition.log.note_time("frozen, with the self-test", began)
    edition.log.note("folder", megabytes(bytes_below(edition.folder)))
    return status


def _build_python(folder: Path, downloads: Path) -> WindowsPython:
    stamp, lock = folder / "made-of", REQUIREMENTS / "build.txt"
    # Of the lock, and of how wheels are unpacked.
    wanted = lock.read_text(encoding="utf-8") + Path(packages.__file__).read_text(encoding="utf-8")
    if not (stamp.exists() and stamp.read_text(encoding="utf-8") == wanted):
        make_python(folder, read_lock(lock), downloads)
        shutil.rmtree(folder / "Lib" / "site-packages" / HEADERS, ignore_errors=True)
        stamp.write_text(wanted, encoding="utf-8")
    return WindowsPython(folder)


def install(edition: Frozen, quickly: bool = False) -> int:
    """Make Setup.exe, and in a fresh Windows do with it what a lab does in its life; 0. SetUpError.

    `quickly`: it is packed in a tenth of the time and is larger than one that is handed on.
    """
    began = time.monotonic()
    setup = _make_setup(edition, edition.folder, version(), quickly)
    edition.log.note_time("Setup.exe packed quickly" if quickly else "Setup.exe packed", began)
    edition.log.note(setup.name, megabytes(setup.stat().st_size))
    with _fresh_windows(edition) as wine:
        life = _Life(edition, wine)
        life.step("installed silently", setup, "/S")
        life.step("self-test of what was installed", life.program, "doctor", "--self-test")
        words = ["screen", _windows_path(DEMO_IMAGES), "-o", "C:\\report.csv", "--quiet"]
        life.study.parent.mkdir(parents=True, exist_ok=True)
        life.step("screened", life.program, *words, "--study", wine.windows_path(life.study))
        life.refuse_while_running(setup)
        life.remove()
        older = _make_setup(edition, _as_an_older_one(edition), _OLDER, quickly=True)
        life.step(f"installed as {_OLDER}", older, "/S")
        life.require_version(_OLDER)
        life.step("upgraded over it", setup, "/S")
        life.require_version(version())
        if (life.folder / "_internal" / _ONLY_IN_THE_OLDER).exists():
            raise SetUpError("Installing over an older version left one of its files.")
        life.remove()
    print("All is well: installed, tried, not removed while it ran, upgraded, removed; the study is there.")
    return 0


class _Life:
    """What happens to an edition in a Windows of its own."""

    def __init__(self, edition: Frozen, wine: Wine) -> None:
        (local_data,) = wine.drive_c.glob("users/*/AppData/Local")
        self.folder = local_data / "Programs" / "Bloodsmear"
        self.program = self.folder / "bloodsmear-cli.exe"
        self.study = local_data / "Bloodsmear" / "studies" / "one.bloodsmear"
        self._wine = wine
        self._log = edition.log

    def step(self, words: str, *call: object) -> None:
        """Run it to its end. SetUpError where it does not end with 0."""
        began = time.monotonic()
        status = self._wine.show(call)
        if status:
            raise SetUpError(f"It was to be {words}, and ended with code {status}.")
        self._log.note_time(words, began)

    def refuse_while_running(self, setup: Path) -> None:
        """While Bloodsmear.exe runs, neither removing nor installing touches it, and both end with 6. SetUpError."""
        report = self._wine.drive_c / "night.csv"
        watched = [_windows_path(DEMO_IMAGES), "-o", self._wine.windows_path(report), "--watch"]
        running = self._wine.begin(self.folder / "Bloodsmear.exe", "screen", *watched)
        try:
            until = time.monotonic() + _PATIENCE_S
            while not report.exists():
                if running.poll() is not None or time.monotonic() > until:
                    raise SetUpError("Bloodsmear.exe was to watch a folder, and does not.")
                time.sleep(0.5)
            codes = [self._wine(*call).returncode for call in (self._uninstaller, (setup, "/S"))]
        finally:
            running.kill()
            running.wait()
        if codes != [_RUNS, _RUNS] or not self.program.is_file():
            raise SetUpError(f"While it ran, removing and installing ended with {codes}, not with {_RUNS}.")
        self._log.note("removing and installing while it runs", f"refused ({_RUNS})")

    def require_version(self, number: str) -> None:
        """See what Windows' list of programs says. SetUpError."""
        said = self._wine("reg", "query", UNINSTALL_KEY, "/v", "DisplayVersion", "/reg:64").stdout.split()
        if number not in said:
            raise SetUpError(f"Windows' list of programs was to say {number}, and says {said}.")

    def remove(self) -> None:
        """Remove it, and see that the programs are gone and the study is not. SetUpError."""
        self.step("removed silently", *self._uninstaller)
        left = sorted(path.name for path in self.folder.glob("*"))
        if left != ["Uninstall.exe"] or not self.study.is_file():
            there = "there" if self.study.is_file() else "gone"
            raise SetUpError(f"Removing left {left}, and the study is {there}.")
        if self._wine("reg", "query", UNINSTALL_KEY, "/reg:64").returncode == 0:
            raise SetUpError("Windows' list of programs has it still.")

    @property
    def _uninstaller(self) -> tuple[object, ...]:
        # `_?=` lets it work where it is, so that its end is the end of the work.
        return (self.folder / "Uninstall.exe", "/S", f"_?={self._wine.windows_path(self.folder)}")


def _as_an_older_one(edition: Frozen) -> Path:
    """The frozen folder again with a file that the next version has no more; its files are links to those."""
    older = edition.work / "older"
    shutil.rmtree(older, ignore_errors=True)
    shutil.copytree(edition.folder, older, copy_function=os.link)
    (older / "_internal" / _ONLY_IN_THE_OLDER).write_bytes(b"")
    return older


def _make_setup(edition: Frozen, folder: Path, number: str, quickly: bool = False) -> Path:
    kind = EDITIONS[edition.key]
    how = "for-trying" + "-32-bit" * bool(edition.wine10) + "-packed-quickly" * quickly
    target = edition.place / "dist" / f"{file_stem(kind, number, 'windows-x86_64')}-{how}-setup.exe"
    target.parent.mkdir(parents=True, exist_ok=True)
    write_icons(edition.work / "icons")
    icon = edition.work / "icons" / "bloodsmear.ico"
    told = definitions(WindowsInstaller(folder, icon, target, number, kind.title))
    *words, script = command("makensis", told)
    if quickly:
        words = [_QUICKLY if word == "-WX" else word for word in words]
    stub = () if edition.wine10 else (_STUB,)
    if subprocess.run([*words, *stub, script], check=False).returncode:
        raise SetUpError("makensis refused the script; its message is above.")
    return target


@contextmanager
def _fresh_windows(edition: Frozen) -> Iterator[Wine]:
    wine = Wine(edition.place / "prefix-installed", **edition.wine10)
    shutil.rmtree(wine.prefix, ignore_errors=True)
    wine.make()
    for name in (ICU, RUNTIME):
        ours = Path("drive_c", "windows", "system32", name)
        shutil.copyfile(edition.prefix / ours, wine.prefix / ours)
    show_fonts(wine)
    try:
        yield wine
    finally:
        wine.end()
        shutil.rmtree(wine.prefix)


def _windows_path(path: Path) -> str:
    return "Z:" + str(path.absolute()).replace("/", "\\")
