"""A classifier's folder gets its int8 graph, and its card what that changes."""

import shutil
from pathlib import Path

from msgspec.structs import replace

from bloodsmear import atomic_file
from bloodsmear.adding.installing import put_in_place
from bloodsmear.classifiers.card import Card, FastFigures
from bloodsmear.classifiers.card_file import write_card
from bloodsmear.classifiers.fast_engine import why_not_offered
from bloodsmear.classifiers.folder import open_fast_classifier
from bloodsmear.classifiers.folder_files import INT8_GRAPH, MODEL_CARD_NAME, listed_files
from bloodsmear.classifiers.openvino_engine import Graph
from bloodsmear.classifiers.scratch import scratch_folder
from bloodsmear.errors import TrainingError
from training.exporting.model_card import model_card


def require_kept_answers(card: Card, figures: FastFigures, again: bool = False) -> None:
    """TrainingError when fast answers are not near enough to the exact ones, or gain too little, on held-out images.

    `again`: the graph that it has was measured, and stays.
    """
    complaint = why_not_offered(figures)
    if complaint and again:
        raise TrainingError(
            f"On this PC the fast answers of {card.id} are not as its card says: they {complaint}. Its card still "
            "offers them: leave --fast out here, or have another int8 graph made without --measure."
        )
    if complaint:
        raise TrainingError(
            f"The new int8 graph of {card.id} is not taken: with it fast answers {complaint}. Nothing was changed."
        )


def add_fast_graph(folder: Path, card: Card, graph: Graph, figures: FastFigures) -> Card:
    """Put the graph and its figures into the classifier's folder, whole or not at all; returns the new card.

    ClassifierError when the finished folder doesn't open for fast answers, OSError.
    """
    with scratch_folder(folder.parent, ".exporting-") as scratch:
        copy = scratch / folder.name
        shutil.copytree(folder, copy)
        (copy / INT8_GRAPH.xml).write_bytes(graph.xml)
        (copy / INT8_GRAPH.weights).write_bytes(graph.weights)
        names = (INT8_GRAPH.xml, INT8_GRAPH.weights)
        others = tuple(file for file in card.files if file.name not in names)
        fast = replace(card, files=(*others, *listed_files(copy, names)), fast=figures)
        write_card(copy, fast)
        atomic_file.write(copy / MODEL_CARD_NAME, model_card(fast).encode())
        open_fast_classifier(copy)
        put_in_place(copy, folder, scratch)
    return fast
