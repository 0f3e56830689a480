"""Where things lie. This file alone knows whether the program runs from a checkout, a wheel or a frozen folder."""

import os
import sys
import sysconfig
from pathlib import Path

import platformdirs

from bloodsmear import private_file

_APP = "Bloodsmear"
# Moves every folder of the user below one place: for tests, and for a program carried on a stick.
_HOME_VARIABLE = "BLOODSMEAR_HOME"
# What a study's file is called at its end, wherever it lies.
STUDY_SUFFIX = ".bloodsmear"


def _is_frozen() -> bool:
    return bool(getattr(sys, "frozen", False))


def _root() -> Path:
    if _is_frozen():
        return Path(getattr(sys, "_MEIPASS", Path(sys.executable).parent))
    shipped = Path(__file__).parent / "_shipped"
    return shipped if shipped.is_dir() else Path(__file__).parent.parent


def shipped_classifiers() -> Path:
    """The folder of the classifiers that ship: one folder each, read-only."""
    return _root() / "models"


def assets() -> Path:
    """Icons, themes and demo images, read-only."""
    return _root() / "assets"


def demo_images() -> Path:
    """The synthetic demo smears, one folder a case."""
    return assets() / "demo"


def format_samples() -> Path:
    """One drawn picture in every format and compression that is read, for the self-test."""
    return assets() / "formats"


def set_up_script() -> Path | None:
    """The script that adds packages to a checkout's environment; None where the program runs from no checkout."""
    script = _root() / "build_scripts" / "dev.py"
    return script if script.is_file() else None


def icon() -> Path:
    """The program's icon, 256 px."""
    return assets() / "icon.png"


def guide() -> Path:
    """The guide for the pathologist, with its pictures beside it."""
    return _root() / "docs" / "guide.md"


def user_data() -> Path:
    """Studies, settings and added classifiers: kept with the user (roaming is never used for pictures)."""
    home = os.environ.get(_HOME_VARIABLE)
    return Path(home) / "data" if home else Path(platformdirs.user_data_dir(_APP, appauthor=False))


def keep_to_user() -> None:
    """From now on what this process and its children make is the user's alone, and so are the folders of data.

    On a PC that several people share, others read studies, names of readers and denoised pictures otherwise.
    """
    private_file.keep_to_user((user_data(), cache(), logs()))


def close_to_others() -> None:
    """As `keep_to_user`, for a program whose outputs are for others: only the folders of data are closed."""
    private_file.close_folders((user_data(), cache(), logs()))


def known_folders() -> Path:
    """Which folders were opened on this PC, as hashes."""
    return user_data() / "known-folders.txt"


def use_home(folder: Path) -> None:
    """From now on keep all of the user's things below `folder`, in this process and its children."""
    os.environ[_HOME_VARIABLE] = str(folder)


def user_classifiers() -> Path:
    """The classifiers that the user added or trained."""
    return user_data() / "classifiers"


def training_runs() -> Path:
    """The runs of trainings that the window began: checkpoints, settings, splits."""
    return user_data() / "training"


def taught_heads() -> Path:
    """Heads that were taught in the window and are not installed yet, one for each study."""
    return user_data() / "taught"


def is_study_name(path: Path) -> bool:
    """Whether a path is called as a study's file is, in any case of letters; nothing is asked of its drive."""
    return path.suffix.lower() == STUDY_SUFFIX


def studies() -> Path:
    """Studies that were not saved anywhere else."""
    return user_data() / "studies"


def settings_file() -> Path:
    """The user's settings."""
    return user_data() / "settings.json"


def cache() -> Path:
    """The user's local cache: compiled graphs and pictures. It may be deleted at any time."""
    home = os.environ.get(_HOME_VARIABLE)
    return Path(home) / "cache" if home else Path(platformdirs.user_cache_dir(_APP, appauthor=False))


def graph_cache() -> Path:
    """Compiled graphs by model sha256, OpenVINO version and converter version."""
    return cache() / "graphs"


def scratch() -> Path:
    """What is being worked on at this moment, a folder each: what a killed program left goes at the next start."""
    return cache() / "scratch"


def keras_home() -> Path:
    """What the libraries of a training keep for themselves, Keras' own settings among it."""
    return cache() / "keras"


def denoised_pictures() -> Path:
    """Denoised pictures of the user's images: they go with "Clear cache" and with the study."""
    return cache() / "denoised"


def downloads() -> Path:
    """Published classifiers while they are downloaded, until they are added."""
    return cache() / "downloads"


def download_record() -> Path:
    """Which published files were taken over once."""
    return user_data() / "downloads.json"


def logs() -> Path:
    """Log files and crash reports."""
    home = os.environ.get(_HOME_VARIABLE)
    return Path(home) / "logs" if home else Path(platformdirs.user_log_dir(_APP, appauthor=False))


def window_program() -> Path:
    """The program that opens the window; see `program`."""
    return program("Bloodsmear" if _is_frozen() else "bloodsmear")


def command_line_program() -> Path:
    """The program that speaks on a terminal: on Windows a frozen window has none. See `program`."""
    return program("bloodsmear-cli" if _is_frozen() else "bloodsmear")


def program(name: str) -> Path:
    """The program `name` (bloodsmear-convert, bloodsmear-train) beside this one.

    A frozen program has no `python -m`, so child processes are programs in the same folder. The path is
    returned whether or not the program is there: the caller says what is missing.
    """
    suffix = ".exe" if sys.platform == "win32" else ""
    if _is_frozen():
        return Path(sys.executable).parent / f"{name}{suffix}"
    return Path(sysconfig.get_path("scripts")) / f"{name}{suffix}"
