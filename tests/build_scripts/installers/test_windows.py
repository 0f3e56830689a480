"""What NSIS is told, and that its script keeps its promises and compiles where NSIS is."""

import re
import shutil
from pathlib import Path

import pytest
from freeze.measure import LONGEST_PATH
from freeze.version_resource import version_resource
from installers.icon import write_icons
from installers.windows import (
    SCRIPT,
    InstallerError,
    WindowsInstaller,
    command,
    definitions,
    four_numbers,
    make_installer,
)


@pytest.fixture
def stand_in(tmp_path: Path) -> WindowsInstaller:
    """A folder with the names of an installed one."""
    folder = tmp_path / "programs"
    (folder / "_internal" / "deep").mkdir(parents=True)
    (folder / "licences").mkdir()
    for name in ("Bloodsmear", "bloodsmear-cli", "bloodsmear-convert"):
        (folder / f"{name}.exe").write_bytes(b"no program")
    (folder / "_internal" / "deep" / "data").write_bytes(b"x" * 3000)
    (folder / "licences" / "LICENCES.txt").write_text("none")
    target = tmp_path / "Bloodsmear-1.2.0-review-windows-x86_64-setup.exe"
    return WindowsInstaller(folder, tmp_path / "bloodsmear.ico", target, "1.2.0", "Review", stand_in=True)


@pytest.mark.parametrize(
    ("version", "numbers"),
    [("0.1.0", "0.1.0.0"), ("1.2.0rc1", "1.2.0.0"), ("2", "2.0.0.0"), ("1.2.3.4", "1.2.3.4")],
)
def test_windows_gets_four_numbers(version: str, numbers: str) -> None:
    assert four_numbers(version) == numbers


def test_the_installer_knows_what_it_must_find_again(stand_in: WindowsInstaller) -> None:
    values = definitions(stand_in)
    assert values["INTERNAL_BYTES"] == "3000"
    assert values["VERSION_NUMBERS"] == "1.2.0.0"
    assert "SIGN_COMMAND" not in values


def test_every_name_that_the_script_uses_is_given(stand_in: WindowsInstaller) -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    defined = (
        set(definitions(stand_in)) | {"SIGN_COMMAND"} | set(re.findall(r"^!define (\w+)", text, re.MULTILINE))
    )
    used = set(re.findall(r"\$\{([A-Z_]+)\}", text))
    assert used - defined - {"CODE", "FOLDER", "SENTENCE"} == set()


def test_nothing_is_removed_but_what_was_installed() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    # $R5 is where Windows' list of programs says that a version before lies.
    assert set(re.findall(r'insertmacro RemovePrograms "([^"]+)"', text)) == {"$INSTDIR", "$R5"}
    removed = re.findall(r"^\s*(?:RMDir|Delete) (?:/r )?\"([^\"]+)\"", text, re.MULTILINE)
    assert {re.split(r"\\", place)[0] for place in removed} == {"${FOLDER}", "$INSTDIR", "$R5", "$SMPROGRAMS"}
    # A whole folder only where it is one of ours.
    assert set(re.findall(r'RMDir /r "([^"]+)"', text)) == {r"${FOLDER}\_internal", r"${FOLDER}\licences"}


def test_a_path_that_windows_cannot_take_makes_no_installer(stand_in: WindowsInstaller) -> None:
    (stand_in.folder / "_internal" / ("x" * LONGEST_PATH)).write_text("")
    with pytest.raises(InstallerError, match="too long for Windows"):
        make_installer(stand_in)


def test_every_warning_of_makensis_is_an_error() -> None:
    assert "-WX" in command("makensis", {"VERSION": "1"})
    assert "-DVERSION=1" in command("makensis", {"VERSION": "1"})


@pytest.mark.skipif(shutil.which("makensis") is None, reason="needs NSIS (apt-get install nsis)")
def test_the_script_compiles(stand_in: WindowsInstaller) -> None:
    write_icons(stand_in.icon.parent)
    make_installer(stand_in)
    assert stand_in.target.read_bytes()[:2] == b"MZ"


def test_the_programs_say_their_version_and_what_they_are_for() -> None:
    resource = version_resource("1.2.0", "Review")
    compile(resource, "version.txt", "eval")
    assert "filevers=(1, 2, 0, 0)" in resource
    assert "For Research Use Only." in resource
