"""The entry of the program: it reads the first word, then loads the command line or the window, never both."""

import multiprocessing
import os
import sys
from pathlib import Path

from bloodsmear import paths
from bloodsmear.crash_report import CrashWatch
from bloodsmear.no_network import unplug_if_asked
from desktop.missing_library import say_missing_library
from desktop.self_test import WORD as SELF_TEST_WORD


def main() -> int:
    """Run the program on the words of the process; returns its exit code."""
    # A frozen program starts itself anew for every child process: this must come first.
    multiprocessing.freeze_support()
    unplug_if_asked()
    paths.keep_to_user()
    watch = CrashWatch()
    try:
        return _run(sys.argv[1:])
    except ImportError as error:
        say_missing_library(error)
        return 2  # ExitCode.NOT_STARTED, whose file may be what cannot be loaded
    finally:
        watch.close()


def _run(words: list[str]) -> int:
    if words and words[0] == SELF_TEST_WORD:
        from desktop.gui.self_test import run_in_window

        return run_in_window(Path(words[1]), float(words[2]))
    to_open: list[Path] = []
    if words:
        from desktop.cli.open_command import is_bare_path, path_to_open

        if not is_bare_path(words) and words[0] != "open":
            from desktop.cli.program import main as run_command

            return run_command(words)
        # Who double-clicks has no terminal: what is wrong with that path the window says.
        to_open = [Path(words[0]) if is_bare_path(words) else path_to_open(words)]
    # Before numpy is loaded: the window teaches, too, and beside other programs OpenBLAS' threads wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from desktop.gui.app import run_window

    return run_window(to_open)


if __name__ == "__main__":
    sys.exit(main())
