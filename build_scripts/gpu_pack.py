"""Make a folder that trains on a GPU, on a PC with internet, to be carried to one without.

python3 build_scripts/gpu_pack.py FOLDER                       for the PC that it is made on
python3 build_scripts/gpu_pack.py FOLDER --torch-index URL     PyTorch from another list, for another CUDA

FOLDER gets a Python of its own with Keras, PyTorch (with CUDA; on a Mac with Apple's own) and the training program.
Copy it whole, by a stick, to a PC with the same system, to the same place; there choose its Python on the training
page: "Use a training environment…". The Python that made it must be installed there, too: the folder leads to it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "base.txt"
# What pyproject.toml's extra `gpu-torch` names; TensorFlow has no GPU on Windows (docs/training.md).
EXTRA = "gpu-torch"
NOTE_NAME = "HOW TO USE.txt"


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
        make_pack(words.folder.absolute(), words.torch_index)
    except (PackError, OSError) as error:
        print(f"gpu_pack.py: {error}", file=sys.stderr)
        return 1
    print(f"ready: {words.folder}. Its {NOTE_NAME} says how it is used.")
    return 0


def make_pack(folder: Path, torch_index: str = "") -> None:
    """Make the folder. PackError where it is there already or pip fails; OSError."""
    if folder.exists() and any(folder.iterdir()):
        raise PackError(f"{folder} is there already and not empty. Name another one.")
    # Copies in place of links: a link would lead nowhere on the other PC.
    venv.EnvBuilder(with_pip=True, symlinks=False).create(folder)
    python = python_of(folder)
    for words in pip_calls(torch_index):
        call = [str(python), "-m", "pip", *words]
        if subprocess.run(call, env={**os.environ, "PIP_USER": "0"}, check=False).returncode:
            raise PackError("pip could not install the packages; its message is above.")
    (folder / NOTE_NAME).write_text(note_text(python), encoding="utf-8")


def python_of(folder: Path, platform_name: str = sys.platform) -> Path:
    """The folder's Python, which the training page asks for."""
    return folder / ("Scripts/python.exe" if platform_name == "win32" else "bin/python")


def pip_calls(torch_index: str) -> list[list[str]]:
    """What pip is told, in order: the locked packages, PyTorch where it comes from a place of its own, the program."""
    calls = [["install", "--require-hashes", "--no-deps", "-r", str(LOCK)]]
    if torch_index:
        calls.append(["install", "--index-url", torch_index, "torch"])
    # Not editable: the checkout stays behind.
    calls.append(["install", f"{ROOT}[{EXTRA}]"])
    return calls


def note_text(python: Path) -> str:
    """What stands in the folder for whoever carries it."""
    return (
        "This folder trains Bloodsmear's classifiers on a GPU.\n\n"
        f"1. Copy it whole to {python.parents[1]} on the other PC. That PC needs the same system, the same Python\n"
        f"   ({sys.version.split()[0]}, from the same installer) and the driver of its GPU.\n"
        '2. Start Bloodsmear there, open Menu > File > Train a classifier…, press "Use a training environment…"\n'
        f"   and choose {python}.\n"
        "3. The page then says which GPU it found.\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
