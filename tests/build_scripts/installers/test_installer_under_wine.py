"""The Windows installer does its work under Wine: install, upgrade in place, uninstall. Programs are stand-ins."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from freeze.editions import ROOT
from installers.icon import write_icons
from installers.windows import WindowsInstaller, command, definitions
from wine.prefix import Wine
from wine.wine10 import wine10

pytestmark = pytest.mark.skipif(
    sys.platform == "win32" or shutil.which("wine") is None or shutil.which("makensis") is None,
    reason="needs Wine and NSIS (apt-get install wine nsis)",
)
HERE = Path(__file__).parent
UNINSTALL_KEY = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\Bloodsmear"
OPEN_FOLDER_KEY = r"HKCU\Software\Classes\Directory\shell\Bloodsmear\command"
OPEN_STUDY_KEY = r"HKCU\Software\Classes\Bloodsmear.Study\shell\open\command"

# With NSIS' usual 32-bit stub, as it is handed on, where `windows_under_wine.py install --wine10` has made a Wine that
# runs it: this system's own runs 64-bit programs alone.
_WINE10 = wine10(ROOT / "build" / "wine")
_TARGET = () if _WINE10 else ("-XTarget amd64-unicode",)


class Windows(Wine):
    """A Windows with the places that an installer writes to."""

    @property
    def programs(self) -> Path:
        """Where programs for all users lie."""
        return self.drive_c / "Program Files" / "Bloodsmear"

    @property
    def local_data(self) -> Path:
        """%LOCALAPPDATA% of its user, in which the installer puts the programs."""
        return next(self.drive_c.glob("users/*/AppData/Local"))


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Windows]:
    """A Windows for all of these tests: it is made in twenty seconds and weighs 700 MB."""
    prefix = tmp_path_factory.mktemp("wine") / "windows"
    made = Windows(prefix, **_WINE10)
    made.make()
    yield made
    made.end()
    shutil.rmtree(prefix)


@pytest.fixture
def wine(windows: Windows) -> Windows:
    """That Windows, in which Bloodsmear was never installed."""
    for hive in ("HKCU", "HKLM"):
        windows("reg", "delete", UNINSTALL_KEY.replace("HKCU", hive), "/f", "/reg:64")
    for place in (windows.local_data / "Programs", windows.programs, windows.local_data / "Bloodsmear"):
        shutil.rmtree(place, ignore_errors=True)
    for sign in windows.local_data.glob("bloodsmear-*"):
        sign.unlink()
    return windows


def compile_script(script: Path, target: Path) -> Path:
    """A program from a small NSIS script."""
    words = ["-V2", "-WX", "-INPUTCHARSET", "UTF8", *_TARGET, f"-DTARGET={target}", str(script)]
    subprocess.run(["makensis", *words], check=True)
    return target


def make_setup(place: Path, version: str, file_name: str, **others: str) -> Path:
    """An installer of a version whose folder has one file of that name; `others` are told to NSIS in other words."""
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
    *words, script = command("makensis", definitions(installer) | others)
    subprocess.run([*words, *_TARGET, script], check=True)
    return target


@contextmanager
def running(wine: Windows, folder: Path) -> Iterator[None]:
    """Meanwhile the folder's Bloodsmear.exe runs; it stays there as a program that could run."""
    compile_script(HERE / "running.nsi", folder / "Bloodsmear.exe")
    program = wine.begin(folder / "Bloodsmear.exe")
    try:
        until = time.monotonic() + 60
        while not (wine.local_data / "bloodsmear-runs").exists():
            assert time.monotonic() < until
            time.sleep(0.1)
        yield
    finally:
        (wine.local_data / "bloodsmear-end").touch()
        program.wait(timeout=60)


def test_it_installs_upgrades_in_place_and_leaves_what_is_the_users(wine: Windows, tmp_path: Path) -> None:
    assert wine(make_setup(tmp_path, "1.0", "old file"), "/S").returncode == 0
    folder = wine.local_data / "Programs" / "Bloodsmear"
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
    assert wine(folder / "Uninstall.exe", "/S", f"_?={wine.windows_path(folder)}").returncode == 0
    left = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))
    assert [name for name in left if name != "Uninstall.exe"] == ["my notes.txt"]
    assert study.read_text() == "study"
    for key in (UNINSTALL_KEY, OPEN_FOLDER_KEY, OPEN_STUDY_KEY):
        assert wine("reg", "query", key, "/reg:64").returncode != 0


def test_another_folder_is_taken_and_kept_by_the_next_version(wine: Windows, tmp_path: Path) -> None:
    folder = wine.drive_c / "Lab" / "Blood"
    assert wine(make_setup(tmp_path, "1.0", "old file"), "/S", r"/D=C:\Lab\Blood").returncode == 0
    assert (folder / "_internal" / "old file").is_file()
    assert not (wine.local_data / "Programs" / "Bloodsmear").exists()

    assert wine(make_setup(tmp_path, "2.0", "new file"), "/S").returncode == 0
    assert sorted(path.name for path in (folder / "_internal").iterdir()) == ["new file"]
    assert wine(folder / "Uninstall.exe", "/S", rf"_?={wine.windows_path(folder)}").returncode == 0
    assert wine("reg", "query", UNINSTALL_KEY, "/reg:64").returncode != 0


def test_a_folder_in_quotes_is_refused_and_not_passed_over(wine: Windows, tmp_path: Path) -> None:
    # A word with a space is put into quotes, around /D= as well.
    assert wine(make_setup(tmp_path, "1.0", "a file"), "/S", r"/D=C:\Lab\Our Blood").returncode == 1
    assert not (wine.local_data / "Programs" / "Bloodsmear").exists()
    assert wine("reg", "query", UNINSTALL_KEY, "/reg:64").returncode != 0


def test_a_new_folder_takes_the_programs_out_of_the_old_one(wine: Windows, tmp_path: Path) -> None:
    old, new = wine.drive_c / "Lab" / "First", wine.drive_c / "Lab" / "Second"
    assert wine(make_setup(tmp_path, "1.0", "old file"), "/S", r"/D=C:\Lab\First").returncode == 0
    (old / "my notes.txt").write_text("mine")
    second = make_setup(tmp_path, "2.0", "new file")
    with running(wine, old):
        assert wine(second, "/S", r"/D=C:\Lab\Second").returncode == 6
    assert (old / "_internal" / "old file").is_file()
    assert not new.exists()

    assert wine(second, "/S", r"/D=C:\Lab\Second").returncode == 0
    assert sorted(path.name for path in old.iterdir()) == ["my notes.txt"]
    assert (new / "_internal" / "new file").is_file()
    # The same folder, written in another way.
    assert wine(second, "/S", r"/D=C:\Lab\.\Second").returncode == 0
    assert (new / "_internal" / "new file").is_file()
    assert (new / "Uninstall.exe").is_file()
    assert wine(new / "Uninstall.exe", "/S", f"_?={wine.windows_path(new)}").returncode == 0


def test_what_was_not_written_whole_ends_with_3_and_registers_nothing(wine: Windows, tmp_path: Path) -> None:
    # As if a virus scanner took a file away: fewer bytes than the installer expects.
    assert wine(make_setup(tmp_path, "1.0", "file", INTERNAL_BYTES="3001"), "/S").returncode == 3
    assert wine("reg", "query", UNINSTALL_KEY, "/reg:64").returncode != 0

    # A file in the way, which the installer does not remove because it is not a folder of its own.
    (wine.drive_c / "taken").mkdir()
    (wine.drive_c / "taken" / "_internal").write_text("somebody's file")
    assert wine(make_setup(tmp_path, "2.0", "file"), "/S", r"/D=C:\taken").returncode == 3
    assert (wine.drive_c / "taken" / "_internal").read_text() == "somebody's file"


def test_for_all_users_without_rights_ends_with_5_and_writes_nothing(wine: Windows, tmp_path: Path) -> None:
    setup = make_setup(tmp_path, "1.0", "file")
    plain_user = compile_script(HERE / "plain_user.nsi", tmp_path / "plain_user.exe")
    assert wine(plain_user, setup, "/S", "/AllUsers").returncode == 5
    assert not (wine.programs).exists()
    # The same user installs for himself.
    assert wine(plain_user, setup, "/S").returncode == 0
    assert (wine.local_data / "Programs" / "Bloodsmear" / "_internal" / "file").is_file()


def test_for_all_users_with_rights_it_lies_in_the_folder_of_programs(wine: Windows, tmp_path: Path) -> None:
    assert wine(make_setup(tmp_path, "1.0", "file"), "/S", "/AllUsers").returncode == 0
    folder = wine.programs
    assert (folder / "_internal" / "file").is_file()
    assert wine("reg", "query", UNINSTALL_KEY.replace("HKCU", "HKLM"), "/reg:64").returncode == 0
    assert wine("reg", "query", UNINSTALL_KEY, "/reg:64").returncode != 0
    assert wine(folder / "Uninstall.exe", "/S", f"_?={wine.windows_path(folder)}").returncode == 0
    assert wine("reg", "query", UNINSTALL_KEY.replace("HKCU", "HKLM"), "/reg:64").returncode != 0


def test_a_windows_that_is_too_old_ends_with_7_and_gets_nothing(wine: Windows, tmp_path: Path) -> None:
    key, value = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion", ("/v", "CurrentBuildNumber")
    setup = make_setup(tmp_path, "1.0", "file")
    # LTSC 2019, then the oldest one with all that Qt loads.
    for build, code in (("17763", 7), ("18362", 0)):
        wine("reg", "add", key, *value, "/d", build, "/f", "/reg:64")
        assert wine(setup, "/S").returncode == code
        assert (wine.local_data / "Programs" / "Bloodsmear").exists() is (code == 0)


def test_while_the_program_runs_nothing_is_changed_and_6_says_so(wine: Windows, tmp_path: Path) -> None:
    assert wine(make_setup(tmp_path, "1.0", "old file"), "/S").returncode == 0
    folder = wine.local_data / "Programs" / "Bloodsmear"
    with running(wine, folder):
        assert wine(make_setup(tmp_path, "2.0", "new file"), "/S").returncode == 6
        assert wine(folder / "Uninstall.exe", "/S", f"_?={wine.windows_path(folder)}").returncode == 6
        assert sorted(path.name for path in (folder / "_internal").iterdir()) == ["old file"]
    assert wine(folder / "Uninstall.exe", "/S", f"_?={wine.windows_path(folder)}").returncode == 0
