"""The files of a classifier's folder: names, entries of a card, and a graph that is read and held against them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bloodsmear.classifiers.card import Card, CardFile
from bloodsmear.classifiers.card_file import CARD_NAME, MODEL_NAME
from bloodsmear.classifiers.openvino_engine import GRAPH_BIN, GRAPH_XML, Graph, read_graph
from bloodsmear.errors import ClassifierError


@dataclass(frozen=True, slots=True)
class GraphFiles:
    """The names of a graph's two files."""

    xml: str
    weights: str


EXACT_GRAPH = GraphFiles(GRAPH_XML, GRAPH_BIN)
INT8_GRAPH = GraphFiles("graph_int8.xml", "graph_int8.bin")
GRAPH_NAMES = tuple(name for files in (EXACT_GRAPH, INT8_GRAPH) for name in (files.xml, files.weights))
EVALUATION_NAME = "evaluation.json"
MODEL_CARD_NAME = "MODEL_CARD.md"
# How the model card's paragraph on fast answers, one line, begins.
FAST_ANSWERS_LINE = "Fast answers"
# All that a classifier's folder and its zip may hold; anything else is not part of one.
CLASSIFIER_FILES = (MODEL_NAME, CARD_NAME, EVALUATION_NAME, MODEL_CARD_NAME, *GRAPH_NAMES)


def listed_files(folder: Path, names: Sequence[str]) -> tuple[CardFile, ...]:
    """The entries of a card for files of its folder. Raises OSError."""
    contents = ((name, (folder / name).read_bytes()) for name in names)
    return tuple(
        CardFile(name=name, sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))
        for name, content in contents
    )


def read_listed_graph(folder: Path, card: Card, files: GraphFiles = EXACT_GRAPH) -> Graph | None:
    """The graph in `folder`, None where the card lists none. ClassifierError when it is not as the card says."""
    listed = {file.name: file.sha256 for file in card.files}
    if files.xml not in listed or files.weights not in listed:
        return None
    try:
        graph = read_graph(folder, files.xml, files.weights)
    except OSError as error:
        raise ClassifierError(f"The graph in {folder} cannot be read ({error.strerror}).") from error
    # What is run is what was checked: these very bytes, not the files once more.
    if graph.file_sha256s != (listed[files.xml], listed[files.weights]):
        raise ClassifierError(f"The graph in {folder} was altered; install the classifier again.")
    return graph
