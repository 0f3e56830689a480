"""The log file. It names an image by the first 12 digits of its sha256, never by path or case."""

import copy
import logging
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from bloodsmear import paths

LOGGER_NAME = "bloodsmear"
_FILE_NAME = "bloodsmear.log"
# Some ten thousand lines in all: enough for weeks, small enough to send.
_FILE_BYTES = 1_000_000
_OLDER_FILES = 4
_END_LINES = 200

_ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def image_name(sha256: str) -> str:
    """How a log or a crash report names an image: by the first 12 digits of its sha256 (hex)."""
    return sha256[:12] or "(unread image)"


def log_end(folder: Path) -> str:
    """The last 200 lines of the log in `folder`; empty if there is none."""
    try:
        lines = (folder / _FILE_NAME).read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
    except OSError:
        return ""
    return "".join(lines[-_END_LINES:])


def exception_lines(error: BaseException) -> str:
    """An error for a log: its kind and the places in the code, without its text, which may hold a path."""
    lines = []
    for one in _chain(error):
        frames = traceback.extract_tb(one.__traceback__)
        lines.append(type(one).__name__)
        lines += [f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return "\n".join(lines)


class LogFile:
    """The open log of this process: a rotating file that never disturbs the program. Close it at the end."""

    def __init__(self, folder: Path | None = None) -> None:
        """Log into `folder` (the user's folder of logs when None); where that cannot be written, nowhere."""
        self.path: Path | None = (folder or paths.logs()) / _FILE_NAME
        self._handler: logging.Handler
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._handler = _QuietFileHandler(
                self.path, maxBytes=_FILE_BYTES, backupCount=_OLDER_FILES, encoding="utf-8"
            )
        except OSError:
            self.path = None
            self._handler = logging.NullHandler()
        self._handler.setFormatter(_FormatterWithoutPaths("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        logger = logging.getLogger(LOGGER_NAME)
        logger.setLevel(logging.INFO)
        # The root logger would print to the terminal what belongs into the file.
        logger.propagate = False
        logger.addHandler(self._handler)

    def close(self) -> None:
        """Stop logging and let go of the file."""
        logging.getLogger(LOGGER_NAME).removeHandler(self._handler)
        self._handler.close()


class _FormatterWithoutPaths(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """As logging does, but never with the text of an error that another handler has put into the record."""
        own = copy.copy(record)
        own.exc_text = None
        return super().format(own)

    def formatException(self, ei: _ExceptionInfo) -> str:  # noqa: N802 - the name is logging's
        return exception_lines(ei[1]) if ei[1] is not None else ""


class _QuietFileHandler(RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        """A full disk must not stop a screening, nor print a traceback."""


def _chain(error: BaseException) -> list[BaseException]:
    chain = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None and cause not in chain:
        chain.append(cause)
    return chain
