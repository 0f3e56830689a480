"""Make a folder that trains on a GPU, on a PC with internet, to be carried to one without.

python3 build_scripts/gpu_pack.py FOLDER                       for the PC that it is made on
python3 build_scripts/gpu_pack.py FOLDER --torch-index URL     PyTorch from another list, for another CUDA

FOLDER gets a Python of its own with Keras, PyTorch (with CUDA; on a Mac with Apple's own) and the training program.
Copy it whole, by a stick, to a PC with the same system (on Windows: to the same place). There choose its Python on the
training page: "Use a training environment…". The other PC needs no Python where the one that runs this can be copied
(python.org's on Windows, uv's, pyenv's); otherwise it needs the same one, and FOLDER's note says so.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from carried_python import CannotBeCarriedError, base_python, carry_python, free_programs

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "base.txt"
# What pyproject.toml's extra `gpu-torch` names; TensorFlow has no GPU on Windows (docs/training.md).
EXTRA = "gpu-torch"
NOTE_NAME = "HOW TO USE.txt"


@dataclass(frozen=True, slots=True)
class PackedPython:
    """The folder's Python, which the training page asks for. `why_bound` is empty where the other PC needs none."""

    program: Path
    why_bound: str = ""


class PackError(Exception):
    """The folder cannot be made; the text is a sentence that says why."""


def main(arguments: list[str]) -> int:
    """Make the folder; the exit status."""
    parser = argparse.ArgumentParser(
        description="Make a folder that trains on a GPU, to be carried to another PC."
    )
    parser.add_argument("folder", type=Path, help="a folder that is not there yet")
    parser.add_argument("--torch-index", default="", metavar="URL", help="where PyTorch comes from")
    words = parser.parse_args(arguments)
    try:
        make_pack(words.folder.absolute(), pip_calls(words.torch_index))
    except (PackError, OSError) as error:
        print(f"gpu_pack.py: {error}", file=sys.stderr)
        return 1
    print(f"ready: {words.folder}. Its {NOTE_NAME} says how it is used.")
    return 0


def make_pack(folder: Path, calls: Sequence[Sequence[str]]) -> PackedPython:
    """Make the folder and have its pip carry out the calls. PackError where it is not empty or pip fails; OSError."""
    if folder.exists() and any(folder.iterdir()):
        raise PackError(f"{folder} is there already and not empty. Name another one.")
    packed = make_python(folder)
    for words in calls:
        call = [str(packed.program), "-m", "pip", *words]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        if subprocess.run(call, env=environment | {"PIP_USER": "0"}, check=False).returncode:
            raise PackError("pip could not install the packages; its message is above.")
    if not packed.why_bound and sys.platform != "win32":
        free_programs(packed.program)
    (folder / NOTE_NAME).write_text(note_text(folder, packed), encoding="utf-8")
    return packed


def make_python(folder: Path) -> PackedPython:
    """A copy of the Python that runs this, or, where that cannot be copied, an environment that leads to it."""
    try:
        return PackedPython(carry_python(base_python(), folder / "python"))
    except CannotBeCarriedError as error:
        print(
            f"gpu_pack.py: this Python cannot be carried. {error} The other PC needs it, too.",
            file=sys.stderr,
        )
        # Copies in place of links: a link would lead nowhere on the other PC.
        venv.EnvBuilder(with_pip=True, symlinks=False).create(folder)
        return PackedPython(python_of(folder), str(error))


def python_of(folder: Path, platform_name: str = sys.platform) -> Path:
    """The Python of an environment."""
    return folder / ("Scripts/python.exe" if platform_name == "win32" else "bin/python")


def pip_calls(torch_index: str) -> list[list[str]]:
    """What pip is told, in order: the locked packages, PyTorch where it comes from a place of its own, the program."""
    calls = [["install", "--require-hashes", "--no-deps", "-r", str(LOCK)]]
    if torch_index:
        calls.append(["install", "--index-url", torch_index, "torch"])
    # Not editable: the checkout stays behind.
    calls.append(["install", f"{ROOT}[{EXTRA}]"])
    return calls


def note_text(folder: Path, packed: PackedPython) -> str:
    """What stands in the folder for whoever carries it."""
    needs = "It needs no Python: one is inside."
    if packed.why_bound:
        version = sys.version.split()[0]
        needs = f"It needs the same Python ({version}, from the same installer): {packed.why_bound}"
    where = "to the other PC, wherever you like."
    if packed.why_bound or sys.platform == "win32":
        where = f"to {folder} on the other PC: the programs in it have that place written into them."
    system = "no older than this one's" if sys.platform == "linux" else "as it is here"
    return (
        "This folder trains Bloodsmear's classifiers on a GPU.\n\n"
        f"1. Copy it whole {where}\n"
        f"   {needs}\n"
        f"   It needs the same kind of system ({platform.system()} {platform.machine()}; its version {system})\n"
        "   and the driver of its GPU, which nobody can pack.\n"
        '2. Start Bloodsmear there, open File > Train a classifier…, press "Use a training environment…"\n'
        f"   and choose {packed.program.relative_to(folder)} in this folder.\n"
        "3. The page then says which GPU it found.\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
