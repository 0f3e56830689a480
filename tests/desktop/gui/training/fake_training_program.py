"""Stands in for bloodsmear-train: plays a scenario and touches no image.

Called `python fake_training_program.py SCENARIO --messages COMMAND …`. The scenario is a JSON object of steps by
command: `["print", line]`, `["complain", line]`, `["keep", history]`, `["copy", folder, target]`, `["write", file]`,
`["wait for stop"]`, `["wait"]` (stop is not heeded, the end of the window is), `["exit", code]`, `["crash"]`.
"""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from bloodsmear import atomic_file


def main() -> None:
    """Note the call beside the scenario, then play the command's steps."""
    scenario = Path(sys.argv[1])
    with scenario.with_suffix(".calls").open("a", encoding="utf-8") as calls:
        calls.write(json.dumps(sys.argv[2:]) + "\n")
    for step, *values in json.loads(scenario.read_text("utf-8"))[sys.argv[3]]:
        play(step, values)


def play(step: str, values: list[Any]) -> None:
    """Play one step."""
    match step:
        case "print":
            sys.stdout.buffer.write(values[0].encode("utf-8") + b"\n")
            sys.stdout.buffer.flush()
        case "complain":
            sys.stderr.write(f"{values[0]}\n")
            sys.stderr.flush()
        case "keep" | "copy" | "write":
            leave(step, values)
        case "wait for stop":
            while sys.stdin.readline().strip() != "stop":
                pass
        case "wait":
            while sys.stdin.readline():
                pass
        case "exit":
            sys.exit(values[0])
        case "crash":
            os.abort()


def leave(step: str, values: list[Any]) -> None:
    """Play a step that leaves something on the disk."""
    match step:
        case "keep":
            run = Path(sys.argv[sys.argv.index("--run") + 1])
            # Whole, as the real one: it is looked for while it is written.
            atomic_file.write(run / "history.json", json.dumps(values[0]).encode())
        case "copy":
            shutil.copytree(*values)
        case "write":
            Path(values[0]).write_text("written", "utf-8")


if __name__ == "__main__":
    main()
