"""Freezing under Wine, and the installer of what was frozen: installed, tried, upgraded and removed there."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from freeze.editions import EDITIONS, ROOT, file_stem, version
from freeze.measure import bytes_below, megabytes
from installers.icon import write_icons
from installers.windows import WindowsInstaller, command, definitions
from wine import packages
from wine.packages import SetUpError, read_lock
from wine.prefix import Wine
from wine.windows_python import ICU, REQUIREMENTS, RUNTIME, WindowsPython, make_python, show_fonts

# Debian's Wine runs 64-bit programs alone. What is handed on has NSIS' usual 32-bit stub.
_STUB = "-XTarget amd64-unicode"


@dataclass(frozen=True, slots=True)
class Frozen:
    """An edition that is frozen under the Wine of `prefix`, and its place."""

    key: str
    place: Path
    prefix: Path

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
    wine = Wine(edition.prefix, PYTHONPATH=paths, PYTHONDONTWRITEBYTECODE="1", PYTHONUNBUFFERED="1")
    places = [_windows_path(edition.work), _windows_path(edition.place / "dist")]
    began = time.monotonic()
    status = wine.show([python.program, "-m", "freeze.pipeline", edition.key, *places, "--unpacked"], ROOT)
    print(f"frozen in {time.monotonic() - began:.0f} s: {megabytes(bytes_below(edition.folder))}", flush=True)
    return status


def _build_python(folder: Path, downloads: Path) -> WindowsPython:
    stamp, lock = folder / "made-of", REQUIREMENTS / "build.txt"
    # Of the lock, and of how wheels are unpacked.
    wanted = lock.read_text(encoding="utf-8") + Path(packages.__file__).read_text(encoding="utf-8")
    if not (stamp.exists() and stamp.read_text(encoding="utf-8") == wanted):
        make_python(folder, read_lock(lock), downloads)
        stamp.write_text(wanted, encoding="utf-8")
    return WindowsPython(folder)


def install(edition: Frozen) -> int:
    """Make Setup.exe, and in a fresh Windows install it, try it, install over it and remove it; 0. SetUpError."""
    if not edition.folder.is_dir():
        raise SetUpError(f"Nothing is frozen: windows_under_wine.py freeze {edition.key} comes first.")
    setup = _make_setup(edition)
    print(f"{setup.name}: {megabytes(setup.stat().st_size)}", flush=True)
    with _fresh_windows(edition) as wine:
        (local_data,) = wine.drive_c.glob("users/*/AppData/Local")
        folder = local_data / "Programs" / "Bloodsmear"
        study = local_data / "Bloodsmear" / "studies" / "one.bloodsmear"
        _step("installed silently", lambda: wine.show([setup, "/S"]))
        _step("self-test", lambda: wine.show([folder / "bloodsmear-cli.exe", "doctor", "--self-test"]))
        words = ["screen", _windows_path(ROOT / "assets" / "demo"), "-o", "C:\\report.csv", "--quiet"]
        words += ["--study", wine.windows_path(study)]
        study.parent.mkdir(parents=True, exist_ok=True)
        _step("screened", lambda: wine.show([folder / "bloodsmear-cli.exe", *words]))
        (folder / "_internal" / "of the version before").write_bytes(b"")
        _step("installed over it", lambda: wine.show([setup, "/S"]))
        if (folder / "_internal" / "of the version before").exists():
            raise SetUpError("Installing over another version left one of its files.")
        place = f"_?={wine.windows_path(folder)}"
        _step("removed silently", lambda: wine.show([folder / "Uninstall.exe", "/S", place]))
        left = sorted(path.name for path in folder.glob("*"))
        if left != ["Uninstall.exe"] or not study.is_file():
            raise SetUpError(
                f"Removing left {left}, and the study is {'there' if study.is_file() else 'gone'}."
            )
    print("All is well: installed, tried, installed over, removed; the study is there.")
    return 0


def _step(words: str, run: Callable[[], int]) -> None:
    began = time.monotonic()
    status = run()
    if status:
        raise SetUpError(f"It was to be {words}, and ended with code {status}.")
    print(f"{words}: {time.monotonic() - began:.0f} s", flush=True)


def _make_setup(edition: Frozen) -> Path:
    kind = EDITIONS[edition.key]
    target = edition.place / "dist" / f"{file_stem(kind, version(), 'windows-x86_64')}-for-trying-setup.exe"
    target.parent.mkdir(parents=True, exist_ok=True)
    write_icons(edition.work / "icons")
    icon = edition.work / "icons" / "bloodsmear.ico"
    told = definitions(WindowsInstaller(edition.folder, icon, target, version(), kind.title))
    *words, script = command("makensis", told)
    if subprocess.run([*words, _STUB, script], check=False).returncode:
        raise SetUpError("makensis refused the script; its message is above.")
    return target


@contextmanager
def _fresh_windows(edition: Frozen) -> Iterator[Wine]:
    wine = Wine(edition.place / "prefix-installed")
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
