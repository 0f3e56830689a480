"""What a program loads, looked at in a process of its own: the contracts see imports, this sees what happens."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
QT = ("PySide6", "shiboken6", "pyqtgraph")
CONNECTING = (
    "http.client",
    "urllib.request",
    "ssl",
    "gdown",
    "truststore",
    "requests",
    "urllib3",
    "PySide6.QtNetwork",
)
FITTING = ("tensorflow", "keras", "jax", "torch", "sklearn", "matplotlib")

REPORT_LOADED = """
import importlib, sys
for name in sys.argv[1].split(","):
    importlib.import_module(name)
print(",".join(name for name in sys.argv[2].split(",") if name in sys.modules))
"""


def modules_of(folder: str, *, without: str = "nothing") -> list[str]:
    paths = (path.relative_to(ROOT).with_suffix("") for path in (ROOT / folder).rglob("*.py"))
    names = (".".join(path.parts).removesuffix(".__init__") for path in paths)
    return sorted(name for name in names if without not in name)


def loaded_by(modules: list[str], suspects: tuple[str, ...]) -> str:
    command = [sys.executable, "-c", REPORT_LOADED, ",".join(modules), ",".join(suspects)]
    outcome = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stderr
    return outcome.stdout.strip()


@pytest.mark.parametrize("folder", ["bloodsmear", "desktop/cli"])
def test_engine_and_command_line_load_neither_qt_nor_keras(folder: str) -> None:
    assert loaded_by(modules_of(folder, without="keras_side"), QT + FITTING) == ""


def test_the_window_loads_no_keras() -> None:
    assert loaded_by(modules_of("desktop"), FITTING) == ""


def test_nothing_but_the_download_itself_loads_what_opens_connections() -> None:
    modules = [*modules_of("bloodsmear", without="keras_side"), *modules_of("desktop")]
    modules.remove("bloodsmear.adding.google_drive")
    assert loaded_by(modules, CONNECTING) == ""
    assert loaded_by(["bloodsmear.adding.google_drive"], CONNECTING) != ""


def test_training_loads_no_qt() -> None:
    assert (
        loaded_by(
            ["training.program", *(f"training.commands.{one}" for one in ("fit", "evaluate", "export"))], QT
        )
        == ""
    )


@pytest.mark.parametrize("word", ["--version", "--help"])
def test_the_version_and_the_help_load_nothing_heavy(word: str) -> None:
    heavy = {
        *("PIL", "PySide6", "cv2", "jinja2", "keras", "msgspec", "numpy"),
        *("openvino", "rich", "scipy", "sqlite3", "tensorflow"),
    }
    code = (
        "import sys; sys.argv[1:] = [%r]; from desktop.start import main; main(); "
        "print(','.join(sorted(name for name in sys.modules if '.' not in name)))"
    )
    command = [sys.executable, "-c", code % word]
    outcome = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "bloodsmear" in outcome.stdout
    assert heavy.isdisjoint(outcome.stdout.splitlines()[-1].split(","))
