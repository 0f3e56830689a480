"""What the commands measured: the last run of each, kept in a file, and shown as the table of docs/release.md."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Mapping
from pathlib import Path

from reached_figures import with_table

PAGE = Path(__file__).resolve().parents[2] / "docs" / "release.md"
BEGIN = "<!-- windows_under_wine.py figures writes this -->"
# In the order of a release; a run with other words (some tests alone, a single classifier) is kept and not shown.
SHOWN = (
    *("setup", "screen", "test"),
    *("freeze review", "install review", "install review --wine10"),
    *("freeze full", "install full --quickly", "install full --wine10"),
)


class RunLog:
    """The figures of one run of a command, said as they come; `close` keeps them in the file.

    The file is JSON: command → its day, its load (that of the system at its begin and end, which is high where others
    work on the same cores), how it ended, and its figures, each a name and a value with its unit.
    """

    def __init__(self, file: Path, command: str) -> None:
        self.file = file
        self._command = command
        self._figures: dict[str, str] = {}
        self._load = _load()

    def note(self, what: str, value: str) -> None:
        """Say a figure, and keep it."""
        print(f"{what}: {value}", flush=True)
        self._figures[what] = value

    def note_time(self, what: str, began: float) -> None:
        """Say how long something took that began at that `time.monotonic()`."""
        self.note(what, f"{time.monotonic() - began:.0f} s")

    def close(self, ended: str) -> None:
        """Keep what was noted, in the place of this command's run before; nothing where nothing was. OSError."""
        if not self._figures:
            return
        runs = read_runs(self.file)
        load = f"{self._load} to {_load()}, {os.cpu_count()} cores"
        day = time.strftime("%Y-%m-%d")
        runs[self._command] = {"day": day, "load": load, "ended": ended, "figures": self._figures}
        self.file.write_text(json.dumps(runs, indent=1) + "\n", encoding="utf-8")


def read_runs(file: Path) -> dict[str, dict[str, object]]:
    """The runs that were kept, by command; none where there is no file. OSError, ValueError."""
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else {}


def table(runs: dict[str, dict[str, object]], before: Mapping[str, str] | None = None) -> str:
    """A Markdown table: a row for each command that was run to its end, in the order of a release.

    `before`: rows by command, which stay, with the day that they name, where the command has no run here.
    """
    lines = ["| command | figures | day, load of the system at begin and end |", "|---|---|---|"]
    for command in SHOWN:
        if command in runs:
            run = runs[command]
            figures = run["figures"]
            assert isinstance(figures, dict)
            said = "; ".join([*(f"{what}: {value}" for what, value in figures.items()), str(run["ended"])])
            lines.append(f"| `… {command}` | {said} | {run['day']}, {run['load']} |")
        elif before and command in before:
            lines.append(before[command])
    return "\n".join(lines)


def write_table(file: Path, page: Path = PAGE) -> None:
    """Write the table into the page, between its marks; rows of a checkout elsewhere stay. OSError, ValueError."""
    text = page.read_text("utf-8")
    before = {found[1]: found[0] for found in re.finditer(r"^\| `… (.+?)` \|.*$", text, re.MULTILINE)}
    page.write_text(with_table(text, table(read_runs(file), before), BEGIN), "utf-8", newline="\n")


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}"
