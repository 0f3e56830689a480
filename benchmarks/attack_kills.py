"""The part of attack.py that kills programs at random moments, and looks at what is left."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.attack_bench import ROOT, Attack, Bench, Outcome, make_study, outcome_of
from bloodsmear import paths
from bloodsmear.adding.archive import unpack_classifier
from bloodsmear.classifiers.folder import verify_classifier
from bloodsmear.jobs.training_files import HISTORY_FILE
from bloodsmear.jobs.training_messages import EpochDone, decode_message
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.classifier_set import classifier_folders
from bloodsmear.workflows.export import export_csv
from desktop.self_test.steps import draw_labelled_pictures

_BLOODSMEAR, _TRAINER = str(paths.command_line_program()), str(paths.program("bloodsmear-train"))


@dataclass(frozen=True, slots=True)
class _Pace:
    """How long a program runs: in all, and from when it says `late`, where it begins to write what is kept."""

    whole_s: float
    late: bytes = b""
    late_s: float = 0.0

    @classmethod
    def of(cls, command: list[str], late: bytes = b"") -> _Pace:
        """That of a run to its end, which must end well."""
        began = time.monotonic()
        with tempfile.TemporaryFile() as complaints:
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints) as process:
                assert process.stdout is not None
                said_at = next((time.monotonic() for line in process.stdout if late and late in line), None)
                process.stdout.read()
            ended = time.monotonic()
            if process.returncode not in (0, 1):
                complaints.seek(0)
                raise RuntimeError(f"{command} ended with {process.returncode}: {complaints.read().decode()}")
        return cls(1.2 * (ended - began), late, 1.2 * (ended - (said_at or ended)))


def _killed(bench: Bench, command: list[str], pace: _Pace, number: int) -> bytes:
    """Start a program and kill it at a random moment, every second time a late one; what it had said by then."""
    waits_for, most_s = (pace.late, pace.late_s) if number % 2 else (b"", pace.whole_s)
    with tempfile.TemporaryDirectory() as place:
        said = Path(place) / "said"
        with said.open("wb") as file:
            process = subprocess.Popen(command, stdout=file, stderr=subprocess.DEVNULL, env={**os.environ})
        while waits_for and process.poll() is None and waits_for not in said.read_bytes():
            time.sleep(0.02)
        try:
            process.wait(bench.chance.uniform(0, most_s or pace.whole_s))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        return said.read_bytes()


def kill_deciding(bench: Bench) -> Iterator[Outcome]:
    """Every decision whose event was acknowledged is there, and the chain is whole."""
    study = bench.folder("deciding") / "s.bloodsmear"
    program = ROOT / "tests" / "e2e" / "deciding_program.py"
    command = [sys.executable, str(program), str(study)]
    began = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.kill()
    # It decides on and on: half of the kills meet it while it starts.
    pace = _Pace(2 * (time.monotonic() - began))
    for number in range(bench.kills // len(KILLS)):
        said = _killed(bench, command, pace, number)
        acknowledged = [int(line.split()[0]) for line in said.split(b"\n")[:-1]]

        def look(acknowledged: list[int] = acknowledged) -> Outcome:
            if not study.exists() and not acknowledged:
                return "nothing yet"
            with StudyStore.open_existing(study) as store:
                there = {event.number for event in store.events.read()}
                return "kept" if there.issuperset(acknowledged) and store.events.check().whole else "lost"

        outcome = outcome_of(look)
        yield "nothing yet" if outcome == "refused" and not acknowledged else outcome


def _kill_command(
    bench: Bench,
    command: list[str],
    look: Callable[[], Outcome],
    undo: Callable[[], object],
    late: bytes = b"",
) -> Iterator[Outcome]:
    """Run a command to its end, to know how long it takes; then again and again, killed somewhere before that."""
    pace = _Pace.of(command, late)
    for number in range(bench.kills // len(KILLS)):
        undo()
        _killed(bench, command, pace, number)
        yield outcome_of(look)


def _forget(folder: Path, names: str) -> None:
    for file in folder.glob(names):
        file.unlink()


def kill_screening(bench: Bench) -> Iterator[Outcome]:
    """A screening that is killed leaves a study that opens and is whole, or none; and a report that is whole."""
    folder = bench.folder("screening")
    study, report = folder / "s.bloodsmear", folder / "r.csv"

    def look() -> Outcome:
        if not study.exists():
            return "nothing yet"
        if report.exists() and len(report.read_bytes().splitlines()) != 1 + 12:
            return "silent"
        with StudyStore.open_existing(study) as store:
            return "whole" if store.events.check().whole else "silent"

    words = [
        _BLOODSMEAR,
        "screen",
        str(paths.demo_images()),
        "-o",
        str(report),
        "--study",
        str(study),
        "--quiet",
    ]
    yield from _kill_command(bench, words, look, lambda: _forget(folder, "s.bloodsmear*"))


def kill_reporting(bench: Bench) -> Iterator[Outcome]:
    """A report is whole or not there."""
    folder = bench.folder("reporting")
    study, report = make_study(folder / "s.bloodsmear"), folder / "r.csv"
    export_csv(study, folder / "whole.csv")
    whole = (folder / "whole.csv").read_bytes()

    def look() -> Outcome:
        if not report.exists():
            return "none"
        same = report.read_bytes() == whole
        report.unlink()
        return "whole" if same else "silent"

    words = [_BLOODSMEAR, "report", str(study), "-o", str(report)]
    yield from _kill_command(bench, words, look, lambda: _forget(folder, "r.csv"))


def kill_adding(bench: Bench) -> Iterator[Outcome]:
    """A classifier is there and whole, or not at all, and the next start clears the rest."""
    folder = bench.folder("adding")
    shutil.copytree(paths.shipped_classifiers() / "unet", folder / "unet")
    card = json.loads((folder / "unet" / "card.json").read_bytes())
    (folder / "unet" / "card.json").write_text(json.dumps({**card, "id": "added"}))

    def look() -> Outcome:
        added = "added" in classifier_folders()
        left = (
            [one.name for one in paths.user_classifiers().glob(".*")]
            if paths.user_classifiers().is_dir()
            else []
        )
        return "silent" if left else "added" if added else "none"

    words = [_BLOODSMEAR, "classifiers", "add", str(folder / "unet")]
    own = paths.user_classifiers() / "added"
    yield from _kill_command(bench, words, look, lambda: shutil.rmtree(own, ignore_errors=True))


def kill_training(bench: Bench) -> Iterator[Outcome]:
    """Every epoch that was said to be done is in the history, and what that names is whole; so the run goes on."""
    folder = bench.folder("training")
    draw_labelled_pictures(folder / "data")
    run = folder / "run"
    words = [_TRAINER, "--messages", "fit", str(folder / "data"), "--run", str(run)]
    # Small, because what is killed is the keeping of epochs, not the sums; half of the kills come after the first one.
    words += ["--size", "8", "--epochs", "3", "--batch", "16"]
    pace = _Pace.of(words, b'"epoch_done"')
    for number in range(bench.kills // len(KILLS)):
        shutil.rmtree(run)
        run.mkdir()
        said = [
            decode_message(line.decode("utf-8", "replace"))
            for line in _killed(bench, words, pace, number).splitlines()
        ]
        done = max((message.epoch for message in said if isinstance(message, EpochDone)), default=0)
        yield outcome_of(lambda done=done: _epochs_kept(run, done))  # type: ignore[misc]
    subprocess.run(words, capture_output=True, check=True)
    yield outcome_of(lambda: _epochs_kept(run, 3))


def _epochs_kept(run: Path, done: int) -> Outcome:
    file = run / HISTORY_FILE
    history = json.loads(file.read_bytes()) if file.exists() else []
    if len(history) < done:
        return "lost"
    if not history:
        return "nothing yet"
    with zipfile.ZipFile(run / history[-1]["checkpoint"]) as checkpoint:
        return "kept" if checkpoint.testzip() is None else "lost"


def kill_exporting(bench: Bench) -> Iterator[Outcome]:
    """A run's classifier and its zip are there and whole, or not at all; the next export clears the rest."""
    folder, trained = bench.folder("exporting"), bench.place / "training"
    target, packed = folder / "tiny", folder / "tiny.zip"

    def look() -> Outcome:
        if packed.exists():
            shutil.rmtree(folder / "unpacked", ignore_errors=True)
            (folder / "unpacked").mkdir()
            unpack_classifier(packed, folder / "unpacked")
        if not target.exists():
            return "silent" if packed.exists() else "none"
        verify_classifier(target)
        return "whole"

    def undo() -> None:
        shutil.rmtree(target, ignore_errors=True)
        packed.unlink(missing_ok=True)

    words = [
        _TRAINER,
        "--messages",
        "export",
        str(trained / "run"),
        "--data",
        str(trained / "data"),
        "-o",
        str(target),
    ]
    words += ["--zip", str(packed)]
    # A classifier that is there but refused is not whole.
    for outcome in _kill_command(bench, words, look, undo, late=b'"verifying"'):
        yield "silent" if outcome == "refused" else outcome
    undo()
    subprocess.run(words, capture_output=True, check=True)
    yield "silent" if [one for one in folder.iterdir() if one.name.startswith(".")] else look()


# Exporting takes the run that the training left.
KILLS: dict[str, Attack] = {
    "kill-deciding": kill_deciding,
    "kill-screening": kill_screening,
    "kill-reporting": kill_reporting,
    "kill-adding": kill_adding,
    "kill-training": kill_training,
    "kill-exporting": kill_exporting,
}
