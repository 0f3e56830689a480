"""What a Linux system lacks for Qt is installed, or the command that does it is named."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import system_libraries

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux installs system libraries"
)

APT = system_libraries.MANAGERS[0]


@pytest.fixture
def nobody_is_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)


@pytest.fixture
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)


def lack(monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...]) -> None:
    monkeypatch.setattr(system_libraries, "_loads", lambda name: name not in names)
    monkeypatch.setattr(system_libraries, "find_manager", lambda: APT)


@pytest.mark.usefixtures("nobody_is_root")
def test_without_root_the_exact_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    lack(monkeypatch, ("libEGL.so.1",))
    with pytest.raises(system_libraries.MissingLibrariesError, match=r"Qt needs libEGL\.so\.1") as refusal:
        system_libraries.ensure_libraries()
    assert "sudo apt-get update && sudo apt-get install -y --no-install-recommends libegl1 " in str(
        refusal.value
    )


@pytest.mark.usefixtures("nobody_is_root", "no_display")
def test_without_a_display_its_libraries_are_not_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    lack(monkeypatch, ("libxcb-cursor.so.0",))
    system_libraries.ensure_libraries()


@pytest.mark.usefixtures("nobody_is_root", "no_display")
def test_on_a_display_its_libraries_are_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    lack(monkeypatch, ("libxcb-cursor.so.0",))
    with pytest.raises(system_libraries.MissingLibrariesError, match="libxcb-cursor"):
        system_libraries.ensure_libraries()


def test_as_root_the_package_manager_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    run: list[list[str]] = []

    def write_down(command: list[str], **_rest: object) -> subprocess.CompletedProcess[bytes]:
        run.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", write_down)
    lack(monkeypatch, ("libEGL.so.1",))
    system_libraries.ensure_libraries()
    assert [command[:2] for command in run] == [["apt-get", "update"], ["apt-get", "install"]]
    assert {"libegl1", "libxcb-cursor0", "fonts-dejavu-core"} <= set(run[1])


@pytest.mark.usefixtures("nobody_is_root", "no_display")
def test_a_missing_font_is_named_with_the_command_that_brings_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lack(monkeypatch, ())
    monkeypatch.setattr(system_libraries, "_has_font", lambda: False)
    system_libraries.ensure_libraries()
    said = capsys.readouterr().out
    assert "a font" in said
    assert "fonts-dejavu-core" in said


def test_a_font_of_this_machine_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_libraries, "FONT_FOLDERS", (str(tmp_path), str(tmp_path / "none")))
    assert not system_libraries._has_font()
    (tmp_path / "truetype").mkdir()
    (tmp_path / "truetype" / "Plain.TTF").touch()
    assert system_libraries._has_font()
