"""From a finished run to a classifier's folder, and to the zip that carries it."""

from pathlib import Path

from msgspec.structs import replace

from bloodsmear import atomic_file, paths
from bloodsmear.adding.archive import pack_classifier
from bloodsmear.adding.installing import put_in_place
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.card_file import MODEL_NAME, write_card
from bloodsmear.classifiers.engine import NetworkShape
from bloodsmear.classifiers.folder import verify_classifier
from bloodsmear.classifiers.folder_files import EVALUATION_NAME, MODEL_CARD_NAME, listed_files
from bloodsmear.classifiers.golden import make_golden
from bloodsmear.classifiers.graph_cache import CONVERTER, run_converter
from bloodsmear.classifiers.openvino_engine import GRAPH_BIN, GRAPH_XML, OpenVinoEngine, read_graph
from bloodsmear.classifiers.scratch import scratch_folder
from bloodsmear.jobs import Progress, Report
from training.architectures.pooled_head import FEATURE_LAYER
from training.evaluation.evaluation import Evaluation, write_evaluation
from training.exporting.card_of_run import make_card
from training.exporting.evaluation_of_run import evaluation_of_run
from training.exporting.half_weights import store_weights_in_half
from training.exporting.measuring import measure
from training.exporting.model_card import model_card
from training.exporting.parity import parity_inputs, reference_answers, require_parity
from training.exporting.request import ExportRequest, check_request
from training.fitting.config import FitConfig
from training.fitting.network import load_best
from training.fitting.prepared_run import PreparedRun

# A larger file is stored in half precision. On 477 held-out images no label of VGG16's changes by it, and one of the
# U-Net's does, whose file is small anyway (benchmarks/half_precision.py).
LARGEST_MODEL_BYTES = 40_000_000
# Beside the demo images: real ones, as many as cost a second or two in double precision.
_PARITY_PICTURES = 8
_STEPS = 4
# No classifier has this name.
_MEASURED = ".measured"


def export_classifier(
    prepared: PreparedRun, config: FitConfig, request: ExportRequest, report: Report
) -> Evaluation:
    """Make the classifier beside the target and put it there once it is whole and verified; then pack the zip.

    Everything is measured on the graph that will answer, once that is known to answer as the network does; where what
    ships has seen all images, on the graph of the fit that has not. The target stays as it was when anything fails.
    ClassifierError when the finished folder fails its own verification, TrainingError for a request or graph that
    cannot be used, OSError.
    """
    check_request(request)
    target = request.target
    target.parent.mkdir(parents=True, exist_ok=True)
    with scratch_folder(target.parent, ".exporting-") as scratch:
        # The folder's name is the id, from the beginning: verifying asks for it.
        folder = scratch / target.name
        folder.mkdir()
        evaluation = _make_folder(folder, prepared, config, request, report)
        report(Progress(3, _STEPS, "verifying"))
        verify_classifier(folder)
        put_in_place(folder, target, scratch)
    if request.archive is not None:
        pack_classifier(target, request.archive)
    return evaluation


def _make_folder(
    folder: Path, prepared: PreparedRun, config: FitConfig, request: ExportRequest, report: Report
) -> Evaluation:
    engine = _make_graph(folder, prepared, config, report, whole=config.whole_ships)
    if config.whole_ships:
        # What ships has seen every image, so the fit that has not is measured in its place.
        apart = folder.parent / _MEASURED
        apart.mkdir()
        to_measure = _make_graph(apart, prepared, config, report, whole=False)
    else:
        to_measure = engine
    report(Progress(2, _STEPS, "measuring on validation and held-out images"))
    measured = measure(to_measure, prepared, request.words.command, report)
    golden = make_golden(engine, prepared.recipe, paths.demo_images(), request.words.golden_images)
    card = make_card(prepared, config, request.words, measured, golden)
    card = _write_cards(folder, card, request.with_graph)
    evaluation = evaluation_of_run(measured.evaluation, card, prepared)
    write_evaluation(folder / EVALUATION_NAME, evaluation)
    return evaluation


def _make_graph(
    folder: Path, prepared: PreparedRun, config: FitConfig, report: Report, *, whole: bool
) -> OpenVinoEngine:
    """Save the run's network (`whole`: as `load_best` says) and its graph, which is known to answer alike then."""
    report(Progress(0, _STEPS, "making the graph"))
    model_file, labels = folder / MODEL_NAME, len(prepared.data_set.label_keys)
    load_best(prepared.run, config, labels, whole=whole).save(model_file)
    if model_file.stat().st_size > LARGEST_MODEL_BYTES:
        store_weights_in_half(model_file)
    shape = NetworkShape(config.height_px, config.width_px, labels, FEATURE_LAYER)
    run_converter(paths.program(CONVERTER), model_file, folder, shape)
    engine = OpenVinoEngine(read_graph(folder), shape)
    report(Progress(1, _STEPS, "comparing the graph with the network"))
    inputs = parity_inputs(prepared.recipe, prepared.part("validation")[0][:_PARITY_PICTURES])
    require_parity(engine, inputs, reference_answers(model_file, inputs))
    return engine


def _write_cards(folder: Path, card: Card, with_graph: bool) -> Card:
    graph = (GRAPH_XML, GRAPH_BIN)
    if not with_graph:
        for name in graph:
            (folder / name).unlink()
    card = replace(card, files=listed_files(folder, (MODEL_NAME, *(graph if with_graph else ()))))
    write_card(folder, card)
    atomic_file.write(folder / MODEL_CARD_NAME, model_card(card).encode())
    return card
