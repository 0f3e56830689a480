"""`bloodsmear-train quantise`: the int8 graph of a finished classifier, when it keeps the answers."""

import numpy as np

from bloodsmear import paths
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.engine import shape_of
from bloodsmear.classifiers.folder import read_checked_card
from bloodsmear.classifiers.graph_cache import user_graph_cache
from bloodsmear.classifiers.openvino_engine import OpenVinoEngine
from bloodsmear.classifiers.preprocess import fit_to_input
from bloodsmear.images.decode import decode_image
from bloodsmear.jobs import Cancel, Progress, Report
from bloodsmear.jobs.training_messages import Finished
from training.data.data_set import read_data_set
from training.data.picture_cache import load_pictures
from training.data.pictures import Pictures
from training.evaluation.measured_part import refuse_leakage, require_known_training, split_of_fit
from training.exporting.fast_classifier import add_fast_graph, require_kept_answers
from training.exporting.int8_choice import Exact, choose_int8, fast_figures
from training.options.quantise_options import QuantiseOptions
from training.speaker import Speaker


def quantise(options: QuantiseOptions, speaker: Speaker, cancel: Cancel) -> None:
    """Choose on the images that the classifier knows which convolutions go into int8; measure on the held-out ones.

    The classifier stays as it was unless the answers are kept: TrainingError says what was measured. DataSetError,
    UsageError as `evaluate`; JobCancelled when asked to stop.
    """

    def report(progress: Progress) -> None:
        cancel.checkpoint()
        speaker.report(progress)

    # Resolved: the folder is replaced, and a link to it would be replaced in its stead.
    folder = options.classifier.resolve()
    card = read_checked_card(folder)
    require_known_training(card)
    train, validation, held_out = _parts(options, card, report)
    graph = user_graph_cache().graph_of(folder, card)
    exact = Exact(card, OpenVinoEngine(graph, shape_of(card)), cancel)
    # The golden images, too: at every opening the fast answers to them are held against the card.
    others = np.concatenate([validation, _golden_pictures(card)])
    choice = choose_int8(graph, exact, train, others, report)
    figures = fast_figures(
        exact, choice.graph, held_out, f"bloodsmear-train quantise {card.id} --data FOLDER"
    )
    require_kept_answers(card, figures)
    add_fast_graph(folder, card, choice.graph, figures)
    speaker.say(
        Finished(
            f"{card.id} {card.version_mark} has a fast graph; {len(choice.kept)} convolutions stay in f32. On "
            f"{figures.images} held-out images it changes {figures.labels_changed:.2%} of the labels and moves a "
            f"probability by {figures.largest_move:.3f} at most. bloodsmear screen --fast uses it.",
            classifier=str(options.classifier),
        )
    )


def _golden_pictures(card: Card) -> Pictures:
    """The demo images of the golden test (uint8 N×H×W×3 at the input size). Raises ImageError."""
    return np.stack(
        [
            fit_to_input(decode_image(paths.demo_images() / case.image).pixels, card.recipe)
            for case in card.golden
        ]
    )


def _parts(options: QuantiseOptions, card: Card, report: Report) -> tuple[Pictures, Pictures, Pictures]:
    data_set = read_data_set(options.data, options.labels)
    pictures = load_pictures(data_set.images, card.recipe, paths.cache() / "training", report)
    split = split_of_fit(card, data_set, pictures, options.split)
    train, validation, held_out = (
        split.indices(data_set, "train"),
        split.indices(data_set, "validation"),
        split.indices(data_set, "held_out"),
    )
    refuse_leakage(card, pictures.fingerprints, data_set, held_out)
    return pictures.pixels[train], pictures.pixels[validation], pictures.pixels[held_out]
