"""Where the command line speaks: stdout for what was asked, stderr for what went wrong and for progress."""

import io
import os
import sys
from contextlib import suppress
from typing import TextIO

from bloodsmear.visible_text import visible


class Terminal:
    """Two streams that take any text: letters that the terminal lacks show as `?`, a closed pipe is not an error.

    A line is one line: what a file's name holds moves no cursor and turns no line around (`visible`).
    """

    def __init__(self, out: TextIO, err: TextIO, keys: TextIO | None = None) -> None:
        self._out = out
        self.err = err
        self._keys = keys
        for stream in (out, err):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")

    @classmethod
    def of_process(cls) -> "Terminal":
        """The terminal of this process. A frozen window program has none: then nothing is said."""
        return cls(sys.stdout or io.StringIO(), sys.stderr or io.StringIO(), sys.stdin)

    @property
    def shows_progress(self) -> bool:
        """Whether somebody looks at stderr."""
        return self.err.isatty()

    @property
    def can_ask(self) -> bool:
        """Whether somebody sits there who reads a question and can answer it."""
        return self._keys is not None and self._keys.isatty() and self.err.isatty()

    def agrees(self, question: str) -> bool:
        """Ask a question that is answered by yes or no; anything but a yes is a no."""
        if self._keys is None:
            return False
        self.err.write(f"{visible(question)} [y/N] ")
        self.err.flush()
        return self._keys.readline().strip().casefold() in ("y", "yes")

    def say(self, line: str = "") -> None:
        """A line of what was asked for."""
        self._write(self._out, line)

    def complain(self, sentence: str) -> None:
        """A sentence on what went wrong and what to do."""
        self._write(self.err, f"bloodsmear: {sentence}")

    def close(self) -> None:
        """Hand out what is still held; the interpreter's own flush at the end must find no broken pipe."""
        for stream in (self._out, self.err):
            try:
                stream.flush()
            except (BrokenPipeError, ValueError):
                _forget(stream)
            except OSError:
                _forget(stream)

    def _write(self, stream: TextIO, line: str) -> None:
        # `bloodsmear classifiers list | head -1` closes the pipe early; the work goes on without a listener.
        try:
            stream.write(visible(line) + "\n")
            stream.flush()
        except (OSError, ValueError):
            _forget(stream)


def _forget(stream: TextIO) -> None:
    """Let a stream that nobody reads end in nothing, so that later writes and the last flush are quiet."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
