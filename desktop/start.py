"""The entry of the program: it reads the first word, then loads the command line or the window, never both."""

import multiprocessing
import sys


def main() -> int:
    """Run the program on the words of the process; returns its exit code."""
    # A frozen program starts itself anew for every child process: this must come first.
    multiprocessing.freeze_support()
    words = sys.argv[1:]
    if words and words[0] != "open":
        from desktop.cli.program import main as run_command

        return run_command(words)
    folder = None
    if words:
        from desktop.cli.open_command import folder_to_open

        folder = folder_to_open(words)
    from desktop.gui.app import run_window

    return run_window([] if folder is None else [folder])


if __name__ == "__main__":
    sys.exit(main())
