"""Print what the architecture comes to, in figures: what stands in the sources, and what two deeds run through.

Run: .venv/bin/python build_scripts/architecture_figures.py [--short-files]

It counts bloodsmear, desktop and training. A relay is a connection to something that only emits another signal; a
second name for one signal is not a relay. The two deeds are done in the real window, offscreen: a key that decides an
image, until the event log is written, and the button that starts a training, until its process is. `--short-files`
lists files under 60 lines with why they are alone: a package's door, imported by five files, shared by rooms; else what
each is for.
"""

from __future__ import annotations

import ast
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # Qt asks for the user's folder and the platform when it is imported
    from window_stage import Stage

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("bloodsmear", "desktop", "training")
SHORT_LINES = 60
# That many other files import a leaf that everybody imports.
_EVERYBODY = 5


@dataclass(frozen=True, slots=True)
class Source:
    """A file of ours: its name from the checkout's root, its lines and its syntax."""

    name: str
    lines: int
    tree: ast.Module


def sources(root: Path = ROOT) -> list[Source]:
    """Every source file of the three packages."""
    found = []
    for path in sorted(path for package in PACKAGES for path in (root / package).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        found.append(Source(path.relative_to(root).as_posix(), len(text.splitlines()), ast.parse(text)))
    return found


def signals(files: list[Source]) -> list[str]:
    """The names of all declared signals, one for each declaration."""
    return [
        target.id
        for node in _nodes(files)
        if isinstance(node, ast.Assign) and _called(node.value) == "Signal"
        for target in node.targets
        if isinstance(target, ast.Name)
    ]


def connections(files: list[Source]) -> list[ast.Call]:
    """Every call of a signal's `connect`."""
    return [
        node
        for node in _nodes(files)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "connect"
        and node.args
    ]


def relays(files: list[Source]) -> list[ast.Call]:
    """The connections whose end is another signal, or a lambda that emits one and adds nothing."""
    methods = {node.name for node in _nodes(files) if isinstance(node, ast.FunctionDef)}
    names = set(signals(files)) - methods
    return [call for call in connections(files) if _is_relay(call.args[0], names)]


def short_files(files: list[Source]) -> Iterator[tuple[Source, str]]:
    """Files under 60 lines and why each is alone: `door`, `leaf of N files`, `shared by N rooms`, or nothing.

    A room is a folder.
    """
    importers = _importers(files)
    for file in files:
        if file.lines >= SHORT_LINES:
            continue
        if Path(file.name).name == "__init__.py":
            yield file, "door"
        else:
            others = importers.get(file.name, set())
            rooms = {name.rpartition("/")[0] for name in others}
            if len(others) >= _EVERYBODY:
                yield file, f"leaf of {len(others)} files"
            else:
                yield file, f"shared by {len(rooms)} rooms" if len(rooms) > 1 else ""


def _purpose(file: Source) -> str:
    """The first line of its docstring, for whoever thinks about what file it belongs to."""
    return (ast.get_docstring(file.tree) or "").partition("\n")[0]


def _is_relay(end: ast.expr, names: set[str]) -> bool:
    if isinstance(end, ast.Lambda):
        call = end.body
        given = [argument.arg for argument in end.args.args]
        return (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr == "emit"
            and all(isinstance(one, ast.Name) and one.id in given for one in call.args)
        )
    return isinstance(end, ast.Attribute) and (end.attr in names or end.attr == "emit")


def _nodes(files: list[Source]) -> Iterator[ast.AST]:
    for file in files:
        yield from ast.walk(file.tree)


def _called(node: ast.expr) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def _importers(files: list[Source]) -> dict[str, set[str]]:
    """The files that import each file."""
    importers: dict[str, set[str]] = {}
    for file in files:
        modules: set[str] = set()
        for node in ast.walk(file.tree):
            if isinstance(node, ast.Import):
                modules |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        for name in {f"{module.replace('.', '/')}.py" for module in modules}:
            importers.setdefault(name, set()).add(file.name)
    return importers


# ---- what is run


class Way:
    """The files of ours that a deed runs through, in order: from here to where `end` is called, threads' jobs included.

    A job begins where it was handed over, so the way to its end is that of its handing over, then its own.
    """

    def __init__(self, handed_over: Callable[[FrameType], bool], end: Callable[[FrameType], bool]) -> None:
        self.files: list[str] = []
        self._handed_over, self._end = handed_over, end
        self._until_job: list[str] = []

    def __enter__(self) -> Way:
        threading.setprofile(self._look)
        sys.setprofile(self._look)
        return self

    def __exit__(self, *_error: object) -> None:
        sys.setprofile(None)
        threading.setprofile(None)

    def _look(self, frame: FrameType, event: str, _argument: object) -> None:
        if event != "call" or self.files:
            return
        if self._end(frame):
            on_a_thread = threading.current_thread() is not threading.main_thread()
            self.files = list(dict.fromkeys([*(self._until_job if on_a_thread else ()), *_ours(frame)]))
        elif self._handed_over(frame):
            self._until_job = _ours(frame)


def _ours(frame: FrameType | None) -> list[str]:
    """Our files on the stack, from the outermost."""
    found: list[str] = []
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in PACKAGES:
            found.append(path.relative_to(ROOT).as_posix())
        frame = frame.f_back
    return list(dict.fromkeys(reversed(found)))


def ways(home: Path) -> dict[str, list[str]]:
    """What a key that decides and the button that trains run through, in a window whose user's folder is `home`."""
    os.environ["BLOODSMEAR_HOME"] = str(home)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # Only now: where the user's folder is, and which platform, is asked at the import.
    from PySide6.QtWidgets import QApplication
    from training_scene import training_tools
    from window_stage import Setting, Stage, quiet_offscreen

    from bloodsmear import paths
    from bloodsmear.workflows.classifier_set import load_default_classifiers

    quiet_offscreen()
    app = QApplication([])
    classifiers = load_default_classifiers()
    stage = Stage(app, home, lambda: classifiers, Setting(training=training_tools()))
    stage.show(1366, 768)
    stage.open(paths.demo_images())
    found = {"key": _way_of_a_key(stage), "button": _way_of_the_button(stage, home / "labelled")}
    stage.close()
    return found


def _way_of_a_key(stage: Stage) -> list[str]:
    from review_scene import begin_review

    from bloodsmear.storage.event_log import EventLog
    from desktop.gui.job_runner import JobRunner

    begin_review(stage)
    stage.choose(next(iter(stage.window.controller.study.found)))
    # A thread that is at work already is not followed.
    stage.wait(
        lambda: not any(thread.name.startswith("lane-") for thread in threading.enumerate()), "lanes rest"
    )
    job, log = JobRunner.start.__code__, EventLog.append.__code__
    with Way(lambda frame: frame.f_code is job, lambda frame: frame.f_code is log) as way:
        stage.window.actions_by_name["unsure"].trigger()
        stage.wait(lambda: bool(stage.window.controller.review.state.decision), "the image is decided")
    return way.files


def _way_of_the_button(stage: Stage, folder: Path) -> list[str]:
    from PySide6.QtWidgets import QLineEdit, QPushButton
    from training_scene import PRESET, draw_labelled

    from desktop.gui.training.process import TrainingProcess

    draw_labelled(folder, 10)
    stage.window.training.open()
    controller, page = stage.window.training.controller, stage.window.training.page
    assert page is not None
    controller.check(folder)
    stage.wait(
        lambda: controller.state.phase == "ready" and bool(controller.state.starts), "images are checked", 600
    )
    next_step, start = page.findChild(QPushButton, "next"), page.findChild(QPushButton, "start")
    name = page.findChild(QLineEdit, "classifier_name")
    assert isinstance(next_step, QPushButton)
    assert isinstance(start, QPushButton)
    assert isinstance(name, QLineEdit)
    next_step.click()
    name.setText(PRESET.name)
    process = TrainingProcess.start.__code__
    with Way(lambda _frame: False, lambda frame: frame.f_code is process) as way:
        start.click()
    return way.files


def main(words: list[str]) -> int:
    """Print the figures; with `--short-files` the list as well."""
    files = sources()
    lines = sum(file.lines for file in files)
    print(f"files: {len(files)}\nlines: {lines}\nlines a file: {lines / len(files):.0f}")
    print(
        f"signals: {len(signals(files))}\nconnections: {len(connections(files))}\nrelays: {len(relays(files))}"
    )
    with tempfile.TemporaryDirectory(prefix="bloodsmear-figures-", ignore_cleanup_errors=True) as home:
        run = ways(Path(home))
    print(f"files between a key and the event log: {len(run['key'])} ({' > '.join(run['key'])})")
    print(f"files between the Fit button and the process: {len(run['button'])} ({' > '.join(run['button'])})")
    short = list(short_files(files))
    alone = [file for file, reason in short if not reason]
    print(f"files under {SHORT_LINES} lines: {len(short)}, of them for one room alone: {len(alone)}")
    if "--short-files" in words:
        for file, reason in short:
            print(f"{file.lines:4} {file.name}  {reason or _purpose(file)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
