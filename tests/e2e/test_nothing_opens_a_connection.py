"""All tests of this folder run unplugged (conftest.py); here the block itself is tried, and the rest of the program."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bloodsmear import paths

if TYPE_CHECKING:
    from tests.e2e.conftest import Connections

Bloodsmear = Callable[..., "subprocess.CompletedProcess[str]"]
ADDRESSES = [("127.0.0.1", 9), ("192.0.2.1", 80), ("localhost", 80)]


@pytest.mark.parametrize("address", ADDRESSES)
def test_this_process_has_no_network_and_an_attempt_fails_the_test(
    address: tuple[str, int], unplugged: "Connections"
) -> None:
    with pytest.raises(OSError, match="this test has no network"):
        socket.create_connection(address, timeout=1)
    with pytest.raises(AssertionError, match="the network was asked for"):
        unplugged.require_none()


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_child_of_a_child_has_no_network_either(address: tuple[str, int], unplugged: "Connections") -> None:
    attempt = f"import socket; socket.create_connection({address!r}, timeout=1)"
    through_another = (
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {attempt!r}], check=True)"
    )
    outcome = subprocess.run(
        [sys.executable, "-c", through_another], check=False, capture_output=True, text=True
    )
    assert outcome.returncode != 0
    assert "this test has no network" in outcome.stderr
    assert "socket." in unplugged.attempts()
    unplugged.forget()


def test_a_server_and_a_packet_are_refused_too(unplugged: "Connections") -> None:
    with socket.socket() as server, pytest.raises(OSError, match="no network"):
        server.bind(("127.0.0.1", 0))
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as packet,
        pytest.raises(OSError, match="no network"),
    ):
        packet.sendto(b"", ("192.0.2.1", 53))
    assert "socket.sendto" in unplugged.attempts()
    unplugged.forget()


def test_the_converter_is_unplugged_as_every_program_is(unplugged: "Connections") -> None:
    """It is a program of its own with its own first line, not this Python with a module's name."""
    program = paths.program("bloodsmear-convert")
    if not program.is_file():
        pytest.skip("the programs are not installed here")
    traced = {**os.environ, "PYTHONVERBOSE": "1"}
    started = subprocess.run([str(program), "--help"], env=traced, capture_output=True, text=True, check=True)
    assert "unplugged" in "".join(line for line in started.stderr.splitlines() if "sitecustomize" in line)


def test_the_download_says_that_there_is_no_connection(
    bloodsmear: Bloodsmear, unplugged: "Connections"
) -> None:
    outcome = bloodsmear("classifiers", "download", "unet-published", "--yes")
    assert outcome.returncode == 2
    assert "There is no connection to Google Drive" in outcome.stderr
    assert "copy these two files onto a stick" in outcome.stderr
    assert "drive.google.com" in unplugged.attempts()
    unplugged.forget()


@pytest.mark.usefixtures("converted")
@pytest.mark.parametrize("words", [["doctor"], ["classifiers", "list"], ["--help"]])
def test_looking_around_opens_no_connection(words: list[str], bloodsmear: Bloodsmear) -> None:
    outcome = bloodsmear(*words)
    assert outcome.stdout + outcome.stderr


def test_screening_opens_no_connection(bloodsmear: Bloodsmear, tmp_path: Path) -> None:
    """With an empty cache, so that the classifiers are converted in processes of their own."""
    if not any(paths.shipped_classifiers().glob("*/model.keras")):
        pytest.skip("no classifier ships yet")
    case = next(folder for folder in sorted(paths.demo_images().iterdir()) if folder.is_dir())
    outcome = bloodsmear("screen", case, "-o", tmp_path / "report.csv", "--quiet")
    assert outcome.returncode == 0, outcome.stderr
    assert (tmp_path / "report.csv").exists()
