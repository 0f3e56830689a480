"""Which of Keras' backends fits and how it is started. Nothing here imports Keras."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bloodsmear import paths
from bloodsmear.errors import TrainingError
from bloodsmear.jobs.training_messages import BACKENDS, Finished, decode_message

# A first import from a slow disk takes a minute; a driver that hangs is to hang its child alone.
_ASKING_TIMEOUT_S = 180.0
# What NVIDIA's and AMD's drivers put there: on Linux, in Windows' Linux, on Windows.
_DRIVER_MARKS = (
    "/dev/nvidiactl",
    "/dev/kfd",
    "/dev/dxg",
    "C:/Windows/System32/nvcuda.dll",
    "C:/Windows/System32/amdhip64.dll",
)


@dataclass(frozen=True, slots=True)
class BackendChoice:
    """A backend's name and the reason for it, as half a sentence."""

    name: str
    reason: str


def keep_libraries_at_home() -> None:
    """From now on what Keras and its company write goes into the program's own cache, not into the user's home.

    Before they are imported. Keras also takes settings from its folder: the user's ~/.keras/keras.json may put channels
    first. Matplotlib, which Keras brings along, writes a list of the PC's fonts.
    """
    for variable in ("KERAS_HOME", "MPLCONFIGDIR"):
        os.environ[variable] = str(paths.keras_home())


def choose_backend(
    wanted: str,
    installed: Callable[[str], bool] | None = None,
    ask_gpu: Callable[[str], str] | None = None,
) -> BackendChoice:
    """Choose Keras' backend for this process and set it, before Keras is first imported.

    `auto` takes the first that sees a GPU (`ask_gpu`: a backend's name to its GPU's, empty without one), else the first
    that is installed. TrainingError where none, or not the wanted one, is installed.
    """
    candidates = tuple(BACKENDS) if wanted == "auto" else (wanted,)
    found = [name for name in candidates if (installed or _is_installed)(name)]
    if not found:
        if wanted == "auto":
            raise TrainingError(_how_to_add_one())
        raise TrainingError(
            f"{wanted} is not installed in this Python. Leave --backend out to take one that is, or install it as "
            "docs/training.md says."
        )
    choice = _choose(wanted, found, ask_gpu or gpu_in_a_child)
    os.environ["KERAS_BACKEND"] = choice.name
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    # TensorFlow leaves oneDNN off on processors without AVX-512: a U-Net step takes 1.3 times as long.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    return choice


def missing_backend() -> str:
    """What to do before anything can be fitted with this Python; empty where a backend is installed."""
    return "" if any(map(_is_installed, BACKENDS)) else _how_to_add_one()


def gpu_in_a_child(backend: str) -> str:
    """The name of the GPU that `backend` sees, empty if there is none or the asking fails.

    Asked by `bloodsmear-train gpu` in a process of its own: two backends in one process fight for the GPU's memory,
    and a driver that doesn't fit ends the process that loads it.
    """
    if not has_gpu_driver():
        return ""
    command = [str(paths.program("bloodsmear-train")), "--messages", "gpu", backend]
    try:
        asked = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_ASKING_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    said = [decode_message(line) for line in asked.stdout.splitlines()]
    names = [message.sentence for message in said if isinstance(message, Finished)]
    return names[0] if names and asked.returncode == 0 else ""


def _how_to_add_one() -> str:
    script = paths.set_up_script()
    python = "py" if sys.platform == "win32" else "python3"
    command = 'pip install "bloodsmear[train]"' if script is None else f'{python} "{script}" setup'
    return (
        "Training is not installed yet: TensorFlow, JAX or PyTorch is needed. This command in a terminal adds it, for "
        f"the processor (about 900 MB to download): {command}"
    )


def _choose(wanted: str, found: list[str], ask_gpu: Callable[[str], str]) -> BackendChoice:
    if wanted != "auto":
        return BackendChoice(wanted, "asked for")
    if len(found) == 1:
        # Nothing to choose, and seconds are saved.
        return BackendChoice(found[0], "the only backend installed")
    for place, name in enumerate(found):
        gpu = ask_gpu(name)
        if gpu:
            others = f", which {' and '.join(found[:place])} did not" if place else ""
            return BackendChoice(name, f"it sees the GPU {gpu}{others}")
    return BackendChoice(found[0], f"none of {', '.join(found)} sees a GPU, so the first of them")


def has_gpu_driver() -> bool:
    """Whether asking a backend for a GPU is worth the seconds that importing it takes."""
    return sys.platform == "darwin" or any(Path(mark).exists() for mark in _DRIVER_MARKS)


def _is_installed(backend: str) -> bool:
    return importlib.util.find_spec(backend) is not None
