"""Where the self-test plays: an empty home whose name is not ASCII, and programs that see no other and no network."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bloodsmear.no_network import VARIABLE
from desktop.self_test.process_group import ProcessGroup

# What the window hands back.
OUTCOME_NAME = "window.json"
REPORT_NAME = "window.csv"
# Latin, Cyrillic and Chinese letters and a space: what code pages lose and command lines split.
HOME_NAME = "Größe Кровь 血液"
# A virus scanner looks at every new file, and a PC that trains has no processor left.
PATIENCE_S = 900.0
_HOME_VARIABLES = (
    "HOME",
    "USERPROFILE",
    "APPDATA",
    "LOCALAPPDATA",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
)
_STDERR_LINES_SHOWN = 6


def without_display(platform: str = sys.platform) -> dict[str, str]:
    """The variables by which Qt draws its windows on no display; `platform` as `sys.platform`.

    On Windows Qt then looks for fonts in a folder beside itself alone, finds none, and draws boxes for letters.
    """
    offscreen = {"QT_QPA_PLATFORM": "offscreen"}
    if platform == "win32":
        offscreen["QT_QPA_FONTDIR"] = os.environ.get("SYSTEMROOT", r"C:\Windows") + r"\Fonts"
    return offscreen


class WindowOutcome(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the window hands back as a file: a frozen window has no terminal to say it on.

    `problem` is a sentence, empty when all went well; times are seconds since the window's process was started.
    """

    problem: str = ""
    painted_after_s: float = 0.0
    ready_after_s: float = 0.0
    images: int = 0
    screened_in_s: float = 0.0


class SelfTestError(Exception):
    """A step of the self-test failed; the text is a sentence that says how."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The empty home, and what is written into it while the self-test runs."""

    home: Path

    @classmethod
    def make(cls, folder: Path) -> "Stage":
        """A new home in `folder`. Raises OSError."""
        home = folder / HOME_NAME
        home.mkdir(parents=True)
        return cls(home)

    @property
    def window_report(self) -> Path:
        """The CSV that the window writes."""
        return self.home / REPORT_NAME

    @property
    def connections(self) -> Path:
        """The log of what was asked of the network; not there while nothing was."""
        return self.home / "connections.txt"

    def environment(self) -> dict[str, str]:
        """What the programs under test see: this home wherever they look for one, no display, no network."""
        home = str(self.home)
        return {
            **without_display(),
            **os.environ,
            **dict.fromkeys(_HOME_VARIABLES, home),
            "BLOODSMEAR_HOME": str(self.home / "Bloodsmear"),
            "QT_QPA_PLATFORM": "offscreen",
            VARIABLE: str(self.connections),
            # No address: what would go to the internet ends here, before it asks for a connection.
            "HTTPS_PROXY": "http://",
            "https_proxy": "http://",
        }

    def run(self, words: Sequence[str | Path], patience_s: float = PATIENCE_S, code: int = 0) -> str:
        """Run a program to its end, and see that nothing that it started is left. The last lines of its stderr.

        SelfTestError when it does not start, ends with another code, takes too long, or leaves a process.
        """
        name = Path(words[0]).name
        try:
            with ProcessGroup([str(word) for word in words], self.environment()) as group:
                said = _last_lines(group.communicate(patience_s))
                if group.code != code:
                    raise SelfTestError(f"{name} ended with code {group.code}. {said}".rstrip())
                group.wait_until_alone()
                return said
        except subprocess.TimeoutExpired as error:
            raise SelfTestError(f"{name} had not ended after {patience_s:.0f} seconds.") from error
        except OSError as error:
            raise SelfTestError(
                f"{words[0]} does not start ({error.strerror}). Install Bloodsmear again."
            ) from error
        except RuntimeError as error:
            raise SelfTestError(f"{name} has ended, but {error}") from error


def _last_lines(said: bytes) -> str:
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return " | ".join(line.strip() for line in lines[-_STDERR_LINES_SHOWN:])
