"""Fixtures for every test."""

import csv
import hashlib
import io
import itertools
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import msgspec
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytestqt.qtbot import QtBot

from bloodsmear import paths
from bloodsmear.classifiers.card import CARD_VERSION, Card, CardFile, CardLabel, FastFigures, TrainedOn
from bloodsmear.classifiers.card_file import write_card
from bloodsmear.classifiers.classifier import EngineClassifier
from bloodsmear.classifiers.engine import RawAnswer, shape_of
from bloodsmear.classifiers.golden import make_golden
from bloodsmear.classifiers.labels import label_name
from bloodsmear.classifiers.openvino_engine import OpenVinoEngine, load_openvino, read_graph
from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.jobs import Cancel
from bloodsmear.workflows.classifier_set import ClassifierSet, load_default_classifiers
from desktop.self_test.stage import without_display

if TYPE_CHECKING:  # tests of the engine want nothing of the window
    from desktop.gui.study import StudyController

# Also where pytest is called by hand: windows of tests belong on no screen, and without one Qt ends the process. The
# style is the program's, which Linux' Qt takes by itself.
for name, value in (without_display() | {"QT_STYLE_OVERRIDE": "Fusion"}).items():
    os.environ.setdefault(name, value)

# The same commit is told the same each time, on a busy PC too. benchmarks/soak.py looks for what nobody has seen yet.
hypothesis_settings.register_profile(
    "steady",
    derandomize=os.environ.get("BLOODSMEAR_SOAK") != "1",
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
hypothesis_settings.load_profile("steady")


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Places of folders, none of which is there yet.

    pytest looks through all its numbered folders for each new one: with 1,500 that took 9 ms under Wine.
    """
    place = tmp_path_factory.mktemp("homes", numbered=False)
    return (place / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def home_of_its_own(homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder of its own for each test: none sees the real one, nor that of another test.

    It lies beside `tmp_path`, so that tests may count what they put there themselves.
    """
    home = next(homes)
    home.mkdir(mode=0o700)
    monkeypatch.setenv("BLOODSMEAR_HOME", str(home))
    return home


@pytest.fixture(scope="session", autouse=True)
def waits_are_patient() -> None:
    """A wait for a signal, or until something holds, lasts 30 s where a test says nothing else: 5 s, pytest-qt's own,
    are too short where something else runs besides.
    """
    for wait in (QtBot.waitSignal, QtBot.waitSignals, QtBot.waitUntil, QtBot.waitExposed, QtBot.waitActive):
        defaults = wait.__kwdefaults__ or {}
        assert "timeout" in defaults
        defaults["timeout"] = 30_000


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real smears beside the checkout; a test that wants them skips where they are not."""
    folder = Path(__file__).parent.parent.parent / "shared" / "data"
    if not (folder / "fullsize").is_dir():
        pytest.skip(f"needs the real smears in {folder}")
    return folder


@pytest.fixture
def half_past_five_east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The PC's clock is five and a half hours before UTC, as in India."""
    if sys.platform == "win32":
        pytest.skip("Windows has one time zone for all programs")
    monkeypatch.setenv("TZ", "IST-5:30")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


# ---- smears and classifiers made on the fly


def _card(classifier_id: str, name: str, architecture: str, side_px: int) -> Card:
    """A card with four labels and without figures: the model's file is not there, so a made-up sha256 names it."""
    recipe = Recipe(
        fill_scale_bar=False,
        denoise=None,
        width_px=side_px,
        height_px=side_px,
        resize="area",
        channels="rgb",
        scale=1.0,
        offset=0.0,
    )
    seen = TrainedOn(
        data_set="made on the fly", counts=(), split="", seed=0, backend="", date="", fingerprints=()
    )
    model = CardFile(name="model.keras", sha256=classifier_id.encode().hex().ljust(64, "0"), bytes=1)
    return Card(
        card_version=CARD_VERSION,
        id=classifier_id,
        name=name,
        version="1.0",
        architecture=architecture,
        labels=tuple(
            CardLabel(key=key, name=label_name(key)) for key in ("benign", "early_pre_b", "pre_b", "pro_b")
        ),
        recipe=recipe,
        files=(model,),
        trained_on=seen,
        figures=(),
        temperature=1.0,
        sure_from=None,
        unlike_training=None,
        golden=(),
        fast=None,
        cross_validation=None,
        licence="",
        citation="",
        limits=(),
    )


class FakeClassifier:
    """Answers at once from the mean colours, so that another picture gets another answer."""

    def __init__(self, classifier_id: str, name: str) -> None:
        self.card = _card(classifier_id, name, "fake", 8)
        self.asked = 0

    def predict(self, image: RgbImage) -> Prediction:
        self.asked += 1
        lean = len(self.card.id)
        weights = [1.0 + value % 7 for value in (*image.reshape(-1, 3).mean(axis=0).tolist(), lean)]
        return Prediction(tuple(weight / sum(weights) for weight in weights))


@pytest.fixture
def fake_classifiers() -> ClassifierSet:
    """Two classifiers that answer at once and load nothing."""
    return ClassifierSet((FakeClassifier("vgg16", "VGG16"), FakeClassifier("unet", "U-Net")))


class FirstLabel:
    """An engine that answers the first label for every image."""

    def run(self, prepared: npt.NDArray[np.float32]) -> RawAnswer:
        return RawAnswer(np.array([0.7, 0.1, 0.1, 0.1], np.float32), None)


@pytest.fixture
def as_fast() -> Callable[[ClassifierSet], ClassifierSet]:
    """Makes of classifiers the same ones with fast answers."""

    def make(classifiers: ClassifierSet) -> ClassifierSet:
        return ClassifierSet(
            tuple(EngineClassifier(one.card, FirstLabel(), "8" * 64) for one in classifiers.classifiers)
        )

    return make


@pytest.fixture(scope="session")
def offered_figures() -> FastFigures:
    """Figures of fast answers that are offered."""
    return FastFigures(
        labels_changed=0.002,
        largest_move=0.0194,
        int8_share=0.914,
        unlike_changed=0.002,
        golden=None,
        images=477,
        command="bloodsmear-train quantise vgg16 --data FOLDER --measure",
    )


@pytest.fixture
def smear_folder(tmp_path: Path) -> Path:
    """Six readable images in two cases, one that is cut in half, and a file that is not an image."""
    root = tmp_path / "smears"
    for number in range(6):
        case = root / f"case {number % 2 + 1}"
        case.mkdir(parents=True, exist_ok=True)
        pixels = np.full((48, 64, 3), 200, np.uint8)
        cv2.circle(pixels, (10 + 8 * number, 24), 8, (140, 40 + 20 * number, 110), -1)
        _, content = cv2.imencode(".png", pixels)
        (case / f"smear {number}.png").write_bytes(content.tobytes())
    whole = (root / "case 1" / "smear 0.png").read_bytes()
    (root / "case 2" / "torn.png").write_bytes(whole[: len(whole) // 2])
    (root / "notes.txt").write_text("no image")
    return root


@pytest.fixture
def rows_of() -> Callable[[Path], list[dict[str, str]]]:
    """The rows of a report."""

    def read(report: Path) -> list[dict[str, str]]:
        text = report.read_bytes().decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    return read


# ---- the classifiers that ship


@pytest.fixture(scope="session")
def converted_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graphs of the classifiers that ship, as the program itself makes and keeps them. To be copied, not used."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BLOODSMEAR_HOME", str(tmp_path_factory.mktemp("converted")))
        load_default_classifiers()
        return paths.graph_cache()


@pytest.fixture
def converted(converted_once: Path, home_of_its_own: Path) -> None:
    """This test's user has those graphs already: converting takes eight seconds of a processor each time."""
    shutil.copytree(converted_once, paths.graph_cache())


# ---- two tiny classifiers, which are loaded at once

TINY_SIDE_PX = 16
TINY_LABELS = (("benign", "Benign"), ("pre_b", "Pre-B"), ("pro_b", "Pro-B"), ("early_pre_b", "Early Pre-B"))
GOLDEN_IMAGE = "synthetic-1/smear-1.jpg"


@pytest.fixture
def tiny_classifiers(home_of_its_own: Path) -> Path:
    """The user's classifiers vgg16 and unet: one layer each, run by OpenVINO, with cards that hold true."""
    place = home_of_its_own / "data" / "classifiers"
    for seed, classifier_id in enumerate(("vgg16", "unet")):
        _make_classifier(place / classifier_id, seed)
    return place


def _make_classifier(folder: Path, seed: int) -> None:
    folder.mkdir(parents=True)
    _save_graph(folder, seed)
    # The graph comes with the folder, so nothing ever opens this file; its sha256 names the classifier.
    (folder / "model.keras").write_bytes(f"tiny {seed}".encode())
    files = tuple(_listed(folder / name) for name in ("model.keras", "graph.xml", "graph.bin"))
    plain = _card(folder.name, folder.name.upper(), folder.name, TINY_SIDE_PX)
    card = msgspec.structs.replace(
        plain,
        labels=tuple(CardLabel(key=key, name=name) for key, name in TINY_LABELS),
        recipe=msgspec.structs.replace(plain.recipe, scale=1 / 255),
        files=files,
        trained_on=msgspec.structs.replace(
            plain.trained_on, data_set="numbers", split="none", seed=seed, backend="none"
        ),
        licence="Apache-2.0",
        citation="none",
        limits=("Knows nothing.",),
    )
    engine = OpenVinoEngine(read_graph(folder), shape_of(card), streams=1)
    golden = make_golden(engine, card.recipe, paths.demo_images(), (GOLDEN_IMAGE,))
    write_card(folder, msgspec.structs.replace(card, golden=golden))


def _save_graph(folder: Path, seed: int) -> None:
    openvino = load_openvino()
    opset13 = openvino.opset13

    weights = np.random.default_rng(seed).normal(0, 0.05, (TINY_SIDE_PX * TINY_SIDE_PX * 3, len(TINY_LABELS)))
    image = opset13.parameter([1, TINY_SIDE_PX, TINY_SIDE_PX, 3], np.float32, name="image")
    flat = opset13.reshape(image, opset13.constant([1, -1], np.int64), special_zero=False)
    sums = opset13.matmul(flat, opset13.constant(weights.astype(np.float32)), False, False)
    model = openvino.Model([opset13.softmax(sums, axis=1)], [image], "tiny")
    openvino.save_model(model, folder / "graph.xml", compress_to_fp16=False)


def _listed(path: Path) -> CardFile:
    content = path.read_bytes()
    return CardFile(name=path.name, sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))


# ---- a watched folder's time


class ScriptedClock:
    """At each wait the next thing happens and five seconds pass; after the last one somebody stops the watch."""

    def __init__(self, happenings: tuple[Callable[[], object], ...]) -> None:
        self._happenings = iter(happenings)
        self._now_s = 0.0

    def now_s(self) -> float:
        return self._now_s

    def wait(self, seconds: float, cancel: Cancel) -> None:
        happening = next(self._happenings, None)
        if happening is None:
            cancel.request()
            return
        happening()
        self._now_s += 5


@pytest.fixture
def scripted_clock() -> Callable[..., ScriptedClock]:
    """`scripted_clock(happening, …)`: a clock for a watch, on which these things happen."""
    return lambda *happenings: ScriptedClock(happenings)


@pytest.fixture
def rest(qtbot: QtBot) -> "Callable[[StudyController], None]":
    """`rest(controller)`: wait until nothing of an open study is under way."""

    def wait(controller: "StudyController") -> None:
        def is_at_rest() -> bool:
            return not controller.runner._alive and not controller.review.is_busy

        qtbot.waitUntil(is_at_rest)
        qtbot.wait(1)
        qtbot.waitUntil(is_at_rest)

    return wait
