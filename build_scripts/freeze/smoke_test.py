"""The smoke test of a folder with programs: its own self-test, and on Linux no network for anything at all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_COMMAND_LINE = "bloodsmear-cli"
# What a user's PC does not have: this build's Python, and variables that lead to it.
_OF_THE_BUILD = (
    "PYTHONHOME",
    "PYTHONPATH",
    "VIRTUAL_ENV",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "BLOODSMEAR_HOME",
)


class SmokeTestError(Exception):
    """The smoke test failed; what the program said stands above."""


def program_in(folder: Path, name: str, platform_name: str = sys.platform) -> Path:
    """A program of an installed folder."""
    return folder / (f"{name}.exe" if platform_name == "win32" else name)


def run_smoke_test(folder: Path) -> None:
    """Run the self-test of the programs in `folder`. SmokeTestError when it does not end with 0."""
    words = [str(program_in(folder, _COMMAND_LINE)), "doctor", "--self-test"]
    environment = {name: value for name, value in os.environ.items() if name not in _OF_THE_BUILD}
    command = (*_without_network(), *words)
    print(f"smoke test: {' '.join(command)}", flush=True)
    if subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False).returncode:
        raise SmokeTestError(f"The smoke test of {folder} failed; see above.")


def _without_network(platform_name: str = sys.platform) -> Sequence[str]:
    """Words that give a program a network name space of its own, in which there is no network; none elsewhere."""
    unshare = shutil.which("unshare") if platform_name == "linux" else None
    if unshare is None:
        return ()
    words = (unshare, "--map-root-user", "--net", "--")
    # Containers often forbid it.
    tried = subprocess.run((*words, "true"), capture_output=True, check=False)
    return words if tried.returncode == 0 else ()
