"""The log: images by their sha256, errors without their text, never in the way."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bloodsmear import logs, paths
from bloodsmear.logs import LOGGER_NAME, LogFile, exception_lines, image_name


@pytest.fixture
def log_file() -> Iterator[LogFile]:
    """An open log in the user's folder."""
    file = LogFile()
    yield file
    file.close()


def test_an_image_is_named_by_twelve_digits_of_its_sha256() -> None:
    assert image_name("0123456789abcdef" * 4) == "0123456789ab"
    assert image_name("") == "(unread image)"


def test_lines_stand_in_the_users_log(log_file: LogFile) -> None:
    logging.getLogger(f"{LOGGER_NAME}.workflows").info("screened %s", image_name("ab" * 32))

    text = (paths.logs() / "bloodsmear.log").read_text(encoding="utf-8")
    assert text.endswith("INFO bloodsmear.workflows: screened abababababab\n")


def test_an_error_is_logged_by_its_kind_and_place_without_its_text(log_file: LogFile) -> None:
    try:
        try:
            Path("/cases/Petrov/1.png").read_bytes()
        except OSError as error:
            raise ValueError("Petrov again") from error
    except ValueError:
        logging.getLogger(LOGGER_NAME).exception("unexpected")

    text = (paths.logs() / "bloodsmear.log").read_text(encoding="utf-8")
    assert "ValueError\n" in text
    assert "FileNotFoundError\n" in text
    assert "test_logs.py:" in text
    assert "Petrov" not in text


def test_exception_lines_end_though_errors_refer_to_each_other() -> None:
    first, second = ValueError("a"), KeyError("b")
    first.__cause__, second.__cause__ = second, first

    assert exception_lines(first) == "ValueError\nKeyError"


def test_old_lines_make_room_for_new_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_FILE_BYTES", 2000)
    file = LogFile(tmp_path)
    for number in range(500):
        logging.getLogger(LOGGER_NAME).info("line %d", number)
    file.close()

    sizes = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert len(sizes) == 5
    assert all(size <= 2000 for size in sizes.values())
    assert "line 499" in (tmp_path / "bloodsmear.log").read_text(encoding="utf-8")


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    file = LogFile(tmp_path / "file" / "logs")
    logging.getLogger(LOGGER_NAME).info("nobody writes it down")
    file.close()

    assert file.path is None
