"""From a finished run to a classifier's folder: model.keras, graph, figures, card."""

import datetime
import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

import keras
import msgspec
import numpy as np
from msgspec.structs import replace

from bloodsmear import atomic_file, paths
from bloodsmear.classifiers.card import (
    CARD_VERSION,
    Card,
    CardFile,
    CardLabel,
    LabelCount,
    TrainedOn,
    UnlikeTraining,
)
from bloodsmear.classifiers.card_file import write_card
from bloodsmear.classifiers.engine import Engine, NetworkShape
from bloodsmear.classifiers.feature_distance import fit_feature_statistics, with_threshold
from bloodsmear.classifiers.folder import verify_classifier
from bloodsmear.classifiers.golden import make_golden
from bloodsmear.classifiers.graph_cache import CONVERTER, run_converter
from bloodsmear.classifiers.labels import label_name
from bloodsmear.classifiers.openvino_engine import OpenVinoEngine, read_graph
from bloodsmear.errors import TrainingError
from bloodsmear.jobs import Progress, Report
from training.architectures.unet import FEATURE_LAYER
from training.data.pictures import LabelledPictures
from training.evaluation.answers import answer_pictures
from training.evaluation.evaluate import EvaluationRequest, evaluate_network
from training.evaluation.evaluation import Evaluation
from training.evaluation.figures import fit_temperature
from training.exporting.half_weights import store_weights_in_half
from training.fitting.config import FitConfig
from training.fitting.fit import load_best
from training.fitting.run import PreparedRun

MODEL_FILE = "model.keras"
# A larger file is stored in half precision. On 477 held-out images no label of VGG16's changes by it, and one of the
# U-Net's does, whose file is small anyway (benchmarks/half_precision.py).
LARGEST_MODEL_BYTES = 40_000_000


class MakersWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What only the maker of a classifier knows; `command` is the one that prints the card's figures."""

    id: str
    name: str
    version: str
    data_set: str
    licence: str
    citation: str
    limits: tuple[str, ...]
    golden_images: tuple[str, ...]
    command: str


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """The folder that the classifier goes into, and its maker's words."""

    target: Path
    words: MakersWords


@dataclass(frozen=True, slots=True)
class _Measured:
    temperature: float
    unlike_training: UnlikeTraining
    evaluation: Evaluation


def export_classifier(
    prepared: PreparedRun, config: FitConfig, request: ExportRequest, report: Report
) -> Evaluation:
    """Write model.keras (in half precision where it is large), card.json and evaluation.json into the target.

    Everything is measured on the graph that will answer, not on the network in training. Raises ClassifierError
    when the finished folder fails its own verification, TrainingError for words that cannot be meant.
    """
    _check_words(request)
    request.target.mkdir(parents=True, exist_ok=True)
    model_file = request.target / MODEL_FILE
    _save_model(prepared, config, model_file)
    report(Progress(0, 3, "making the graph"))
    engine = _make_engine(model_file, config, len(prepared.data_set.label_keys))
    report(Progress(1, 3, "measuring on validation and held-out images"))
    measured = _measure(engine, prepared, request.words.command)
    card = _make_card(prepared, config, request, measured)
    card = replace(
        card, golden=make_golden(engine, prepared.recipe, paths.demo_images(), request.words.golden_images)
    )
    write_card(request.target, card)
    atomic_file.write(
        request.target / "evaluation.json",
        msgspec.json.format(msgspec.json.encode(measured.evaluation), indent=1),
    )
    report(Progress(2, 3, "verifying"))
    verify_classifier(request.target)
    return measured.evaluation


def _check_words(request: ExportRequest) -> None:
    # Before anything is written: found out at the end, they would cost minutes and leave half a classifier.
    words, name = request.words, request.target.absolute().name
    if words.id != name:
        raise TrainingError(
            f"The words say id = {words.id!r}, but the folder is {name!r}; both must be the same."
        )
    if not words.golden_images:
        raise TrainingError(
            "The words name no golden_images. Name at least one demo image for the golden test."
        )
    for image in words.golden_images:
        if not (paths.demo_images() / image).is_file():
            raise TrainingError(
                f"The words name the golden image {image!r}, which is no demo image. "
                f"Name one below {paths.demo_images()}."
            )


def _save_model(prepared: PreparedRun, config: FitConfig, model_file: Path) -> None:
    network = load_best(prepared.run, config, len(prepared.data_set.label_keys))
    network.save(model_file)
    if model_file.stat().st_size > LARGEST_MODEL_BYTES:
        store_weights_in_half(model_file)


def _make_engine(model_file: Path, config: FitConfig, label_count: int) -> OpenVinoEngine:
    shape = NetworkShape(config.height_px, config.width_px, label_count, FEATURE_LAYER)
    with tempfile.TemporaryDirectory(prefix="bloodsmear-export-") as scratch:
        run_converter(paths.program(CONVERTER), model_file, Path(scratch), shape)
        return OpenVinoEngine(read_graph(Path(scratch)), shape)


def _measure(engine: Engine, prepared: PreparedRun, command: str) -> _Measured:
    train_pixels, train_targets = prepared.part("train")
    validation_pixels, validation_targets = prepared.part("validation")
    validation = answer_pictures(engine, validation_pixels, prepared.recipe)
    train = answer_pictures(engine, train_pixels, prepared.recipe)
    if train.features is None or validation.features is None:
        raise TrainingError(f"The graph gives no features after its layer {FEATURE_LAYER}; convert it again.")
    temperature = fit_temperature(validation.probabilities, validation_targets)
    request = EvaluationRequest(
        predict=lambda pixels: answer_pictures(engine, pixels, prepared.recipe).probabilities,
        temperature=temperature,
        label_keys=prepared.data_set.label_keys,
        train=LabelledPictures(train_pixels, train_targets),
        held_out=LabelledPictures(*prepared.part("held_out")),
        command=command,
    )
    statistics = fit_feature_statistics(train.features, FEATURE_LAYER)
    unlike = with_threshold(statistics, validation.features, accepted_share=0.98)
    return _Measured(temperature, unlike, evaluate_network(request))


def _make_card(prepared: PreparedRun, config: FitConfig, request: ExportRequest, measured: _Measured) -> Card:
    model = (request.target / MODEL_FILE).read_bytes()
    keys = prepared.data_set.label_keys
    return Card(
        card_version=CARD_VERSION,
        id=request.words.id,
        name=request.words.name,
        version=request.words.version,
        architecture=config.architecture,
        labels=tuple(CardLabel(key=key, name=label_name(key)) for key in keys),
        recipe=prepared.recipe,
        files=(CardFile(name=MODEL_FILE, sha256=hashlib.sha256(model).hexdigest(), bytes=len(model)),),
        trained_on=_trained_on(prepared, config, request.words.data_set),
        figures=measured.evaluation.figures,
        temperature=measured.temperature,
        unlike_training=measured.unlike_training,
        golden=(),
        fast=None,
        licence=request.words.licence,
        citation=request.words.citation,
        limits=request.words.limits,
    )


def _trained_on(prepared: PreparedRun, config: FitConfig, data_set: str) -> TrainedOn:
    keys = prepared.data_set.label_keys
    counted = {
        part: np.bincount(prepared.part(part)[1], minlength=len(keys))
        for part in ("train", "validation", "held_out")
    }
    seen = prepared.split.indices(prepared.data_set, "train") + prepared.split.indices(
        prepared.data_set, "validation"
    )
    return TrainedOn(
        data_set=data_set,
        counts=tuple(
            LabelCount(label=key, **{part: int(counts[place]) for part, counts in counted.items()})
            for place, key in enumerate(keys)
        ),
        split=prepared.split.description,
        seed=prepared.split.seed,
        backend=f"keras {keras.__version__} on {keras.backend.backend()}, {config.precision}",
        date=datetime.datetime.now(datetime.UTC).date().isoformat(),
        fingerprints=tuple(sorted(f"{int(mark):016x}" for mark in prepared.pictures.fingerprints[seen])),
    )
