"""The Windows installer does its work under Wine: install, upgrade in place, uninstall. Programs are stand-ins."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from installers.icon import write_icons
from installers.windows import WindowsInstaller, command, definitions

pytestmark = pytest.mark.skipif(
    sys.platform == "win32" or shutil.which("wine") is None or shutil.which("makensis") is None,
    reason="needs Wine and NSIS (apt-get install wine nsis)",
)
UNINSTALL_KEY = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\Bloodsmear"
OPEN_FOLDER_KEY = r"HKCU\Software\Classes\Directory\shell\Bloodsmear\command"
OPEN_STUDY_KEY = r"HKCU\Software\Classes\Bloodsmear.Study\shell\open\command"

Wine = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def wine(tmp_path: Path) -> Wine:
    """`wine(words…)`: a program in a Windows of its own."""
    environment = {**os.environ, "WINEPREFIX": str(tmp_path / "windows"), "WINEDEBUG": "-all", "DISPLAY": ""}

    def run(*words: object) -> "subprocess.CompletedProcess[str]":
        call = ["wine", *(str(word) for word in words)]
        outcome = subprocess.run(call, env=environment, capture_output=True, check=False, timeout=240)
        said = (outcome.stdout + outcome.stderr).decode("utf-8", "replace").replace("\r", "")
        return subprocess.CompletedProcess(call, outcome.returncode, said, "")

    run("wineboot", "-i")
    return run


def make_setup(place: Path, version: str, file_name: str) -> Path:
    """An installer of a version whose folder has one file of that name."""
    folder = place / f"programs {version}"
    (folder / "_internal").mkdir(parents=True)
    (folder / "licences").mkdir()
    (folder / "licences" / "LICENCES.txt").write_text("none")
    for name in ("Bloodsmear", "bloodsmear-cli", "bloodsmear-convert"):
        (folder / f"{name}.exe").write_bytes(b"no program")
    (folder / "_internal" / file_name).write_bytes(b"x" * 3000)
    write_icons(place)
    target = place / f"Bloodsmear-{version}-setup.exe"
    installer = WindowsInstaller(folder, place / "bloodsmear.ico", target, version, "Review", stand_in=True)
    *words, script = command("makensis", definitions(installer))
    # Wine of Debian runs 64-bit programs alone; what is handed on has NSIS' usual 32-bit stub.
    subprocess.run([*words, "-XTarget amd64-unicode", script], check=True)
    return target


def installed_folder(windows: Path) -> Path:
    """Where the installer puts the programs of a user."""
    return next(windows.glob("drive_c/users/*/AppData/Local")) / "Programs" / "Bloodsmear"


def test_it_installs_upgrades_in_place_and_leaves_what_is_the_users(wine: Wine, tmp_path: Path) -> None:
    assert wine(make_setup(tmp_path, "1.0", "old file"), "/S").returncode == 0
    folder = installed_folder(tmp_path / "windows")
    assert (folder / "_internal" / "old file").is_file()
    assert "1.0" in wine("reg", "query", UNINSTALL_KEY, "/v", "DisplayVersion", "/reg:64").stdout
    assert 'Bloodsmear.exe" open "%1"' in wine("reg", "query", OPEN_FOLDER_KEY, "/reg:64").stdout
    assert 'Bloodsmear.exe" open "%1"' in wine("reg", "query", OPEN_STUDY_KEY, "/reg:64").stdout
    study = folder.parents[1] / "Bloodsmear" / "studies" / "one.bloodsmear"
    study.parent.mkdir(parents=True)
    study.write_text("study")
    (folder / "my notes.txt").write_text("mine")

    assert wine(make_setup(tmp_path, "2.0", "new file"), "/S").returncode == 0
    assert sorted(path.name for path in (folder / "_internal").iterdir()) == ["new file"]
    assert "2.0" in wine("reg", "query", UNINSTALL_KEY, "/v", "DisplayVersion", "/reg:64").stdout

    # `_?=` lets it work where it is, so that its end is the end of the work.
    place = r"C:" + "\\" + str(folder.relative_to(tmp_path / "windows" / "drive_c")).replace("/", "\\")
    assert wine(folder / "Uninstall.exe", "/S", f"_?={place}").returncode == 0
    left = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))
    assert [name for name in left if name != "Uninstall.exe"] == ["my notes.txt"]
    assert study.read_text() == "study"
    for key in (UNINSTALL_KEY, OPEN_FOLDER_KEY, OPEN_STUDY_KEY):
        assert wine("reg", "query", key, "/reg:64").returncode != 0
