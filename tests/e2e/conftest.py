"""The whole program in processes of its own."""

import functools
import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.gui.app import build_window
from desktop.gui.main_window import MainWindow
from desktop.gui.questions import AskFiles

ROOT = Path(__file__).resolve().parents[2]


# ---- the network is unplugged in every test of this folder, and in every process that it starts

UNPLUGGED = Path(__file__).parent / "unplugged"


@dataclass(frozen=True, slots=True)
class Connections:
    """What was asked of the network, a line each."""

    log: Path

    def attempts(self) -> str:
        """All of them so far."""
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    def forget(self) -> None:
        """Begin anew."""
        self.log.unlink(missing_ok=True)

    def require_none(self) -> None:
        """AssertionError with those that there were."""
        attempts = self.attempts()
        self.forget()
        assert not attempts, f"the network was asked for:\n{attempts}"


def _unplug_this_process() -> str:
    """Install the hook here, too; it acts while the variable is set, whose name this returns."""
    spec = importlib.util.spec_from_file_location("unplugged", UNPLUGGED / "sitecustomize.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return str(module.VARIABLE)


CONNECTIONS_VARIABLE = _unplug_this_process()


@pytest.fixture(scope="module", autouse=True)
def unplugged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connections]:
    """No network for a module's tests and fixtures: a hook in this process, and in each one started from it."""
    log = tmp_path_factory.mktemp("connections") / "connections.txt"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(CONNECTIONS_VARIABLE, str(log))
        patch.setenv("PYTHONPATH", str(UNPLUGGED), prepend=os.pathsep)
        yield Connections(log)


@pytest.fixture(autouse=True)
def no_connection_is_opened(unplugged: Connections) -> Iterator[None]:
    """Fail a test that asked for the network, even where the program went on without it."""
    yield
    unplugged.require_none()


StartProgram = Callable[..., "subprocess.Popen[str]"]
RunProgram = Callable[..., "subprocess.CompletedProcess[str]"]


def _start(*words: object, **variables: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "desktop.start", *(str(word) for word in words)],
        cwd=ROOT,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
    )


def _run(*words: object, **variables: str) -> "subprocess.CompletedProcess[str]":
    with _start(*words, **variables) as process:
        out, err = process.communicate(timeout=400)
    assert "Traceback" not in err, err
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


@pytest.fixture
def start(home_of_its_own: Path) -> StartProgram:
    """`start(words…, variables…)`: the program in a process of its own, its words collected."""
    return functools.partial(_start, BLOODSMEAR_HOME=str(home_of_its_own))


@pytest.fixture
def bloodsmear(home_of_its_own: Path) -> RunProgram:
    """`bloodsmear(words…, variables…)`: run the program to its end."""
    return functools.partial(_run, BLOODSMEAR_HOME=str(home_of_its_own))


@pytest.fixture(scope="module")
def bloodsmear_in() -> Callable[[Path], RunProgram]:
    """`bloodsmear_in(home)(words…)`: the same for a whole module's tests, with a user's folder of its own."""
    return lambda home: functools.partial(_run, BLOODSMEAR_HOME=str(home))


# ---- the whole window on a folder


@pytest.fixture
def open_smears(
    qapp: QApplication, tmp_path: Path, smear_folder: Path, fake_classifiers: ClassifierSet, qtbot: QtBot
) -> Iterator[Callable[..., MainWindow]]:
    """Open the window on the folder of smears, `open_smears(ask=AskFiles)`: its first image is read, its study open."""
    opened: list[MainWindow] = []

    def open_it(ask: AskFiles | None = None) -> MainWindow:
        window = build_window(
            qapp,
            load_classifiers=lambda: fake_classifiers,
            settings_file=tmp_path / "settings.json",
            ask=ask,
        )
        opened.append(window)
        with qtbot.waitSignal(window.controller.classifiers_ready):
            window.show()
        with qtbot.waitSignal(window.controller.image.record_ready):
            window.open_folders([smear_folder])
        qtbot.waitUntil(lambda: window.controller.review.reviewed.is_open)
        return window

    yield open_it
    for window in opened:
        window.close()
        window.deleteLater()
