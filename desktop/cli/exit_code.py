"""What the command line answers to the program that called it."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of every command; docs and scripts rely on the numbers."""

    DONE = 0
    # Something was left out and has been named: an unreadable image, a refused classifier, a failed check.
    DONE_IN_PART = 1
    NOT_STARTED = 2
    STOPPED_EARLY = 3
    CANCELLED = 130
