"""`bloodsmear-train quantise`: the int8 graph of a finished classifier, when it keeps the answers."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from bloodsmear import paths
from bloodsmear.classifiers.card import Card, FastFigures
from bloodsmear.classifiers.engine import shape_of
from bloodsmear.classifiers.folder import read_checked_card
from bloodsmear.classifiers.folder_files import INT8_GRAPH, read_listed_graph
from bloodsmear.classifiers.graph_cache import user_graph_cache
from bloodsmear.classifiers.openvino_engine import Graph, OpenVinoEngine
from bloodsmear.classifiers.preprocess import fit_to_input
from bloodsmear.errors import DataSetError, TrainingError, UsageError
from bloodsmear.images.decode import decode_image
from bloodsmear.jobs import Cancel, Progress, Report
from bloodsmear.jobs.training_messages import Finished
from training.command_output import Speaker
from training.data.folder_labels import labels_of_card
from training.data.given_images import read_given, run_of_split
from training.data.picture_cache import load_pictures
from training.data.pictures import Pictures
from training.evaluation.measured_part import refuse_leakage, require_known_training, split_of_fit
from training.exporting.fast_classifier import add_fast_graph, require_kept_answers
from training.exporting.int8_choice import Exact, Int8Choice, choose_int8, fast_figures
from training.exporting.int8_graph import load_nncf
from training.options.quantise_options import QuantiseOptions


def quantise(options: QuantiseOptions, speaker: Speaker, cancel: Cancel) -> None:
    """Choose on the images that the classifier knows which convolutions go into int8; measure on the held-out ones.

    With `options.measure` nothing is chosen, and the graph that it has is measured. The classifier stays as it was
    unless the answers are kept: TrainingError says what was measured. DataSetError, UsageError as `evaluate`;
    JobCancelled when asked to stop.
    """

    def report(progress: Progress) -> None:
        cancel.checkpoint()
        speaker.report(progress)

    # Resolved: the folder is replaced, and a link to it would be replaced in its stead.
    folder = options.classifier.resolve()
    card = read_checked_card(folder)
    if card.base is not None:
        raise UsageError(
            f"{card.id} was taught, and such a classifier has no int8 graph. Quantise {card.base.id}."
        )
    require_known_training(card)
    there = _int8_graph(folder, card) if options.measure else None
    if there is None:
        load_nncf()  # what cannot be made here is said before minutes of work
    parts = _parts(options, card, report)
    exact = Exact(card, OpenVinoEngine(user_graph_cache().graph_of(folder, card), shape_of(card)), cancel)
    done = "measured again"
    if there is None:
        choice = _choose(exact, folder, parts, report)
        there, done = choice.graph, f"made; {_convolutions(len(choice.kept))} in f32"
    command = f"bloodsmear-train quantise {card.id} --data FOLDER --measure"
    figures = fast_figures(exact, there, parts.held_out, command)
    if options.measure and card.fast is not None and card.fast.golden is not None:
        # What it answered when it was made: adding it holds this PC against that.
        figures = replace(figures, golden=card.fast.golden)
    require_kept_answers(card, figures, options.measure)
    add_fast_graph(folder, card, there, figures)
    said = f"The int8 graph of {card.id} {card.version_mark} was {done}. {_in_words(figures)}"
    speaker.say(Finished(f"{said} bloodsmear screen --fast uses it.", classifier=str(options.classifier)))


@dataclass(frozen=True, slots=True)
class _Parts:
    """The pictures of a split (uint8 N×H×W×3 at the input size)."""

    train: Pictures
    validation: Pictures
    held_out: Pictures


def _choose(exact: Exact, folder: Path, parts: _Parts, report: Report) -> Int8Choice:
    graph = user_graph_cache().graph_of(folder, exact.card)
    # The golden images, too: at every opening the fast answers to them are held against the card.
    others = np.concatenate([parts.validation, _golden_pictures(exact.card)])
    return choose_int8(graph, exact, parts.train, others, report)


def _int8_graph(folder: Path, card: Card) -> Graph:
    graph = read_listed_graph(folder, card, INT8_GRAPH)
    if graph is None:
        raise TrainingError(f"{card.id} has no int8 graph to measure. Leave --measure out to have one made.")
    return graph


def _convolutions(count: int) -> str:
    return f"{count} convolution stays" if count == 1 else f"{count} convolutions stay"


def _in_words(figures: FastFigures) -> str:
    return (
        f"On {figures.images} held-out images fast answers change {figures.labels_changed:.2%} of the labels and move "
        f"the probability of the exact answer's label by {figures.largest_move:.3f} at most; {figures.int8_share:.1%} "
        f"are answered in int8, and {figures.unlike_changed:.2%} change as to whether they are unlike training."
    )


def _golden_pictures(card: Card) -> Pictures:
    """The demo images of the golden test (uint8 N×H×W×3 at the input size). Raises ImageError."""
    return np.stack(
        [
            fit_to_input(decode_image(paths.demo_images() / case.image).pixels, card.recipe)
            for case in card.golden
        ]
    )


def _parts(options: QuantiseOptions, card: Card, report: Report) -> _Parts:
    data_set = read_given(
        options.data, labels_of_card(card, options.label_words), run_of_split(options.split)
    )
    pictures = load_pictures(data_set.images, card.recipe, paths.cache() / "training", report)
    split = split_of_fit(card, data_set, pictures, options.split)
    parts = {part: split.indices(data_set, part) for part in ("train", "validation", "held_out")}
    refuse_leakage(card, pictures.fingerprints, data_set, parts["held_out"])
    for part, lacks in (("train", "calibrated"), ("held_out", "measured")):
        if not len(parts[part]) and not (options.measure and part == "train"):
            raise DataSetError(
                f"No image of {options.data} is in the part {part} of the split, so fast answers cannot be {lacks}. "
                "Name the split of the classifier's fit by --split."
            )
    return _Parts(**{part: pictures.pixels[places] for part, places in parts.items()})
