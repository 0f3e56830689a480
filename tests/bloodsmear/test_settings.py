"""The settings table and its file."""

import errno
import os
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from bloodsmear.errors import SettingsError
from bloodsmear.settings import (
    RECENT_FOLDERS_KEPT,
    Settings,
    read_settings,
    write_settings,
)


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    read = read_settings(tmp_path / "settings.json")

    assert read.settings == Settings()
    assert read.complaint == ""
    assert read.settings.denoiser == "gaussian"
    assert read.settings.default_classifiers == ("vgg16", "unet")


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "settings.json"
    changed = (
        Settings()
        .with_value("theme", "dark")
        .with_value("blind", True)
        .with_recent_folder(Path("/Снимки/图 [1]"))
    )

    write_settings(file, changed)

    assert read_settings(file).settings == changed
    assert read_settings(file).settings.blind


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe\x00", b"null", b"[" * 100_000])
def test_a_damaged_file_gives_the_defaults_and_a_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(content)

    read = read_settings(file)

    assert read.settings == Settings()
    assert str(file) in read.complaint
    assert "the defaults are used" in read.complaint


def test_a_file_in_a_folder_that_may_not_be_entered_gives_the_defaults_and_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object, **options: object) -> NoReturn:
        raise PermissionError(errno.EACCES, "Permission denied")

    for question in ("open", "stat"):
        monkeypatch.setattr(Path, question, refuse)

    read = read_settings(tmp_path / "settings.json")

    assert read.settings == Settings()
    assert "cannot be read (Permission denied)" in read.complaint


def test_one_wrong_value_loses_that_setting_alone(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"theme": "purple", "blind": 1, "denoiser": "median", "later": true}')

    read = read_settings(file)

    assert read.settings == Settings(denoiser="median")
    assert "theme, blind" in read.complaint


def test_a_value_that_is_not_allowed_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match="'theme' that can be 'purple'"):
        Settings().with_value("theme", "purple")
    with pytest.raises(SettingsError, match="'colour'"):
        Settings().with_value("colour", "red")


def test_recent_folders_are_few_newest_first_and_each_once() -> None:
    settings = Settings()
    for number in range(RECENT_FOLDERS_KEPT + 3):
        settings = settings.with_recent_folder(Path(str(number)))
    settings = settings.with_recent_folder(Path("5"))

    recent = settings.recent_folders
    assert recent[0] == "5"
    assert len(recent) == len(set(recent)) == RECENT_FOLDERS_KEPT


def test_a_folder_whose_name_is_not_unicode_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    settings = Settings().with_recent_folder(Path("/smears/\udcff"))

    write_settings(file, settings)

    assert read_settings(file).settings == settings


def test_a_file_that_never_ends_is_not_read_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(b'{"theme": "dark", "later": "' + b"x" * 2_000_000 + b'"}')

    read = read_settings(file)

    assert read.settings == Settings()
    assert "cannot be read (it has more than 1 MB); the defaults are used" in read.complaint


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_pipe_in_its_place_is_not_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    os.mkfifo(file)

    assert "it is not a plain file" in read_settings(file).complaint


def test_settings_that_cannot_be_kept_are_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(SettingsError, match="cannot be kept"):
        write_settings(tmp_path / "file" / "settings.json", Settings())


def test_the_last_image_of_each_recent_folder_is_kept(tmp_path: Path) -> None:
    may, june = Path("/smears/may"), Path("/smears/may/june")
    kept = (
        Settings()
        .with_last_image(may, "a/1.png")
        .with_last_image(june, "2.png")
        .with_last_image(may, "a/3.png")
    )
    assert (kept.last_image(may), kept.last_image(june), kept.last_image(Path("/x"))) == (
        "a/3.png",
        "2.png",
        "",
    )
    for number in range(30):
        kept = kept.with_last_image(Path(f"/smears/{number}"), "1.png")
    assert len(kept.last_images) == RECENT_FOLDERS_KEPT
