"""Takes the network away from a Python process, loopback too, and writes down who asked for it.

Python loads it at its start where its folder stands on PYTHONPATH, so every process that a test starts, and every one
that those start, is unplugged. It acts while the variable CONNECTIONS names the file to write to. What C++ libraries
do without Python it doesn't see.
"""

import os
import sys
from typing import Any

VARIABLE = "BLOODSMEAR_TEST_CONNECTIONS"
REFUSED = "this test has no network"
_EVENTS = frozenset(
    {
        "socket.connect",
        "socket.bind",
        "socket.sendto",
        "socket.sendmsg",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.gethostbyaddr",
    }
)
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in _EVENTS:
        return
    log = os.environ.get(VARIABLE)
    # The first argument of socket.* is the socket; sockets of a file's name (AF_UNIX) lead to no network.
    address = (
        arguments[1] if event.startswith(("socket.connect", "socket.bind", "socket.send")) else arguments
    )
    if log is None or not isinstance(address, tuple):
        return
    # urllib3 binds ::1 at its import to see whether there is IPv6, and TensorFlow imports it: refused, but no attempt.
    if not (event == "socket.bind" and address[0] in _LOOPBACK):
        with open(log, "a", encoding="utf-8") as file:  # noqa: PTH123 - pathlib would be loaded into every process
            file.write(f"{event} {address} by {sys.argv}\n")
    raise OSError(REFUSED)


sys.addaudithook(_refuse)
