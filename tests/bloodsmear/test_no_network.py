"""The network is taken away where a variable asks for it, and only there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bloodsmear.no_network import VARIABLE

LOOK_UP = "socket.getaddrinfo('localhost', 80)"
CONNECT = "socket.create_connection(('127.0.0.1', 9), timeout=1)"
SEND = "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'', ('127.0.0.1', 9))"
FILE_SOCKET = "a, b = socket.socketpair(); a.sendall(b'x'); print(b.recv(1))"


def run_with(log: Path | None, attempt: str) -> "subprocess.CompletedProcess[str]":
    program = (
        f"import socket; from bloodsmear.no_network import unplug_if_asked; unplug_if_asked(); {attempt}"
    )
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    if log is not None:
        environment[VARIABLE] = str(log)
    command = [sys.executable, "-c", program]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("attempt", [LOOK_UP, CONNECT, SEND])
def test_whoever_asks_for_the_network_is_refused_and_written_down(attempt: str, tmp_path: Path) -> None:
    log = tmp_path / "asked for.txt"
    outcome = run_with(log, attempt)
    assert "This program runs without a network." in outcome.stderr
    assert log.read_text(encoding="utf-8").startswith("socket.")


def test_where_nobody_asks_for_it_the_network_stays() -> None:
    assert run_with(None, LOOK_UP).returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="there a pair of sockets is a connection to this PC")
def test_sockets_inside_this_pc_stay_allowed(tmp_path: Path) -> None:
    log = tmp_path / "asked for.txt"
    assert run_with(log, FILE_SOCKET).returncode == 0
    assert not log.exists()
