"""The home that programs under test see, and how their ends are said."""

import sys
from pathlib import Path

import pytest

from bloodsmear.no_network import VARIABLE
from desktop.self_test.stage import SelfTestError, Stage, without_display


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage.make(tmp_path)


def test_the_home_is_empty_and_no_code_page_can_write_its_name(stage: Stage) -> None:
    assert list(stage.home.iterdir()) == []
    for code_page in ("ascii", "cp1252", "cp1251", "cp932"):
        with pytest.raises(UnicodeEncodeError):
            stage.home.name.encode(code_page)


def test_programs_see_that_home_no_display_and_no_network(stage: Stage) -> None:
    seen = stage.environment()
    assert {seen["HOME"], seen["USERPROFILE"], seen["XDG_DATA_HOME"]} == {str(stage.home)}
    assert seen["BLOODSMEAR_HOME"].startswith(str(stage.home))
    assert seen["QT_QPA_PLATFORM"] == "offscreen"
    assert seen["HTTPS_PROXY"] == seen["https_proxy"] == "http://"
    assert seen[VARIABLE] == str(stage.connections)


def test_a_program_that_fails_is_named_with_its_last_words(stage: Stage) -> None:
    with pytest.raises(SelfTestError, match=r"ended with code 4\. it broke"):
        stage.run([sys.executable, "-c", "import sys; print('it broke', file=sys.stderr); sys.exit(4)"])


def test_a_program_that_is_missing_is_named(stage: Stage, tmp_path: Path) -> None:
    with pytest.raises(SelfTestError, match="nothing here does not start"):
        stage.run([tmp_path / "nothing here"])


def test_a_program_that_never_ends_is_named(stage: Stage) -> None:
    with pytest.raises(SelfTestError, match="had not ended after"):
        stage.run([sys.executable, "-c", "import time; time.sleep(600)"], patience_s=0.5)


def test_without_a_display_qt_finds_windows_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYSTEMROOT", r"D:\WINNT")
    assert without_display("win32") == {"QT_QPA_PLATFORM": "offscreen", "QT_QPA_FONTDIR": r"D:\WINNT\Fonts"}
    assert without_display("linux") == {"QT_QPA_PLATFORM": "offscreen"}


def test_who_names_another_folder_of_fonts_is_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_FONTDIR", "elsewhere")
    assert Stage.make(tmp_path).environment()["QT_QPA_FONTDIR"] == "elsewhere"
