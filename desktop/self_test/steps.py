"""The steps of the self-test and their run: each starts a real program in the stage's home and looks at what came."""

import importlib.util
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from bloodsmear import RESEARCH_USE, paths
from bloodsmear.adding.published import PUBLISHED
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.card_file import MODEL_NAME, read_card
from bloodsmear.classifiers.engine import shape_of
from bloodsmear.classifiers.folder import OPEN_TOLERANCE
from bloodsmear.classifiers.golden import GoldenLimit, check_golden, largest_golden_difference
from bloodsmear.classifiers.graph_cache import CONVERTER
from bloodsmear.classifiers.labels import LABELS
from bloodsmear.classifiers.openvino_engine import OpenVinoEngine, read_graph
from bloodsmear.errors import BloodsmearError
from bloodsmear.images.decode import decode_image
from bloodsmear.images.scan import Scan
from bloodsmear.jobs.training_files import BEST_WEIGHTS
from bloodsmear.jobs.training_messages import BACKENDS
from bloodsmear.json_file import read_json
from bloodsmear.workflows.classifier_set import DEFAULT_CLASSIFIERS
from desktop.self_test import WORD
from desktop.self_test.report_check import check_report, read_rows
from desktop.self_test.stage import OUTCOME_NAME, SelfTestError, Stage, WindowOutcome

_TRAINER = "bloodsmear-train"
_SMALLEST_PAGE_BYTES = 20_000
# The command line's exit code where nothing was begun.
_NOT_STARTED = 2
# Of the pictures that a tiny network is fitted on.
_SIDE_PX = 32
# The fewest that a split into three parts with gaps takes is ten.
_IMAGES_A_LABEL = 16


@dataclass(frozen=True, slots=True)
class Step:
    """What is tried, in words, and how; `run` returns what there is to say of it.

    It raises SelfTestError, BloodsmearError, OSError, or ValueError for a file that says nothing.
    """

    words: str
    run: Callable[[Stage], str]


def read_every_format(_stage: Stage) -> str:
    """One file for each reader and each codec, so that none is missing in this program."""
    files = sorted(paths.format_samples().iterdir())
    for file in files:
        try:
            decode_image(file)
        except ImportError as error:
            raise SelfTestError(f"{file.name} cannot be read: {error}") from error
    return f"{len(files)} files"


def screen_in_the_window(stage: Stage) -> str:
    """The window opens the demo images, screens and exports them, and opens the training page."""
    # Two processes of a PC share this clock.
    stage.run([paths.window_program(), WORD, stage.home, str(time.time())])
    outcome = read_json(stage.home / OUTCOME_NAME, WindowOutcome)
    if outcome.problem:
        raise SelfTestError(f"The window: {outcome.problem}")
    return (
        f"window after {outcome.painted_after_s:.2f} s, classifiers after {outcome.ready_after_s:.2f} s, "
        f"{outcome.images} images screened in {outcome.screened_in_s:.1f} s"
    )


def compare_with_golden_answers(stage: Stage) -> str:
    """The window's report against the golden answers in the cards of the classifiers that ship."""
    images = sum(1 for _ in Scan([paths.demo_images()]))
    largest = check_report(read_rows(stage.window_report), _shipped_cards(), images)
    return f"largest difference {largest:.1e}"


def screen_on_the_command_line(stage: Stage) -> str:
    """The command line goes on with the window's study and writes the very same report."""
    again = stage.home / "command line.csv"
    stage.run([paths.command_line_program(), "screen", paths.demo_images(), "-o", again, "--quiet"])
    if again.read_bytes() != stage.window_report.read_bytes():
        raise SelfTestError("The command line's report differs from the window's.")
    return ""


def write_a_page(stage: Stage) -> str:
    """The HTML report of the window's study."""
    studies = list((stage.home / "Bloodsmear").rglob("*.bloodsmear"))
    if len(studies) != 1:
        raise SelfTestError(f"There are {len(studies)} studies where the window should have left one.")
    page = stage.home / "report.html"
    stage.run([paths.command_line_program(), "report", studies[0], "-o", page])
    text = page.read_text(encoding="utf-8")
    if RESEARCH_USE not in text or len(text) < _SMALLEST_PAGE_BYTES:
        raise SelfTestError("The HTML report is not whole.")
    return f"{len(text) // 1000} kB"


def convert_a_classifier(stage: Stage) -> str:
    """A shipped network is made into a graph, which must answer as the card says."""
    card = _shipped_cards()[-1]
    shape = shape_of(card)
    model, target = paths.shipped_classifiers() / card.id / MODEL_NAME, stage.home / "graph"
    words: list[str | Path] = [paths.program(CONVERTER), model, target]
    words += ["--size", f"{shape.width_px}x{shape.height_px}", "--labels", str(shape.label_count)]
    stage.run(words if shape.feature_layer is None else [*words, "--features", shape.feature_layer])
    engine = OpenVinoEngine(read_graph(target), shape, streams=1)
    check_golden(
        card, largest_golden_difference(card, engine, paths.demo_images()), GoldenLimit(OPEN_TOLERANCE)
    )
    return ""


def fit_one_epoch(stage: Stage) -> str:
    """A tiny network is fitted, where the training program is part of this edition."""
    trainer = paths.program(_TRAINER)
    if not _can_train(trainer):
        return "not part of this edition"
    data, run = stage.home / "labelled", stage.home / "run"
    draw_labelled_pictures(data)
    words = ["fit", str(data), "--run", str(run), "--size", str(_SIDE_PX), "--epochs", "1", "--batch", "8"]
    stage.run([trainer, *words])
    if not (run / BEST_WEIGHTS).is_file():
        raise SelfTestError("The fit ended well but left no weights.")
    return ""


def draw_labelled_pictures(folder: Path) -> None:
    """Draw four labels' folders of small coloured noise into `folder`, the same at every run. Raises OSError."""
    random = np.random.default_rng(1)
    for place, label in enumerate(LABELS):
        (folder / label.name).mkdir(parents=True)
        for number in range(_IMAGES_A_LABEL):
            pixels = random.integers(0, 120, (_SIDE_PX, _SIDE_PX, 3), np.uint8)
            pixels[:, :, place % 3] += np.uint8(60 + 30 * (place // 3))
            _, content = cv2.imencode(".png", pixels)
            (folder / label.name / f"smear-{number}.png").write_bytes(content.tobytes())


def begin_a_download(stage: Stage) -> str:
    """The process that downloads loads gdown and all that it needs, and ends at the stage's proxy: nothing is there."""
    words: list[str | Path] = [
        paths.command_line_program(),
        "classifiers",
        "download",
        PUBLISHED[-1].id,
        "--yes",
    ]
    said = stage.run(words, code=_NOT_STARTED)
    if "HTTPS_PROXY" not in said:
        raise SelfTestError(f"The download did not come as far as the proxy. {said}")
    return ""


def see_that_nothing_was_sent(stage: Stage) -> str:
    """No program asked for the network."""
    if stage.connections.exists():
        raise SelfTestError(
            f"The network was asked for: {stage.connections.read_text(encoding='utf-8').strip()}"
        )
    return ""


STEPS: tuple[Step, ...] = (
    Step("Each format of images is read", read_every_format),
    Step("The window screens the demo images and opens the training page", screen_in_the_window),
    Step("Its report has the golden answers", compare_with_golden_answers),
    Step("The command line writes the same report", screen_on_the_command_line),
    Step("The HTML report", write_a_page),
    Step("A classifier is converted", convert_a_classifier),
    Step("A tiny network is fitted", fit_one_epoch),
    Step("A download begins, as far as the proxy", begin_a_download),
    Step("Nothing asked for the network", see_that_nothing_was_sent),
)


def run_self_test(say: Callable[[str], None], steps: Sequence[Step] = STEPS) -> bool:
    """Try everything in a temporary home that is removed at the end; whether all went well. `say` gets a line a step.

    Later steps use what earlier ones made, so the first that fails ends it.
    """
    with tempfile.TemporaryDirectory(prefix="bloodsmear-", ignore_cleanup_errors=True) as folder:
        stage = Stage.make(Path(folder))
        for step in steps:
            began = time.monotonic()
            try:
                said = step.run(stage)
            except (SelfTestError, BloodsmearError, OSError, ValueError) as error:
                say(f"  {step.words}: FAILED. {error}")
                return False
            say(f"  {step.words}: well ({time.monotonic() - began:.1f} s{', ' if said else ''}{said})")
    return True


def _shipped_cards() -> list[Card]:
    return [read_card(paths.shipped_classifiers() / one) for one in DEFAULT_CLASSIFIERS]


def _can_train(trainer: Path) -> bool:
    if getattr(sys, "frozen", False):
        return trainer.is_file()
    # From source the program is always there, and the backends only with the extra `train`.
    return trainer.is_file() and any(importlib.util.find_spec(one) is not None for one in BACKENDS)
