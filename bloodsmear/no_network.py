"""Takes the network away from a process that is asked to go without, and writes down what it wanted from it.

The self-test asks so of every program that it starts, by a variable that their children inherit. What C++ libraries do
without Python this does not see; on Linux `build_scripts/build.py` takes the network away from those, too.
"""

import os
import sys

VARIABLE = "BLOODSMEAR_UNPLUGGED"
_TALKS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_LOOKS_UP = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})


def unplug_if_asked() -> None:
    """Refuse every connection, packet and look-up of this process from now on, where VARIABLE names a log file.

    Each attempt raises OSError and becomes a line of the log. Sockets that are named by a file stay allowed: they
    lead to no network.
    """
    log = os.environ.get(VARIABLE)
    if not log:
        return

    def refuse(event: str, arguments: tuple[object, ...]) -> None:
        # The first argument of these is the socket itself.
        if event in _LOOKS_UP or (event in _TALKS and isinstance(arguments[1], tuple)):
            # Opened for each line: several processes write here. pathlib would be loaded into every program.
            with open(log, "a", encoding="utf-8") as file:  # noqa: PTH123 - as above
                file.write(f"{event} by {sys.argv[0]}\n")
            raise OSError("This program runs without a network.")

    sys.addaudithook(refuse)
