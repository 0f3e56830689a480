"""The graphs that ship: made once by the frozen converter, and listed in the cards of the frozen folder."""

from __future__ import annotations

from pathlib import Path

import msgspec

from bloodsmear.classifiers.card_file import CARD_NAME, MODEL_NAME, read_card, write_card
from bloodsmear.classifiers.engine import shape_of
from bloodsmear.classifiers.folder_files import listed_files
from bloodsmear.classifiers.graph_cache import run_converter
from bloodsmear.classifiers.openvino_engine import GRAPH_BIN, GRAPH_XML


def add_graphs(classifiers: Path, converter: Path) -> None:
    """Give every classifier below the folder its graph, so that the first start converts nothing. ClassifierError."""
    for card_file in sorted(classifiers.glob(f"*/{CARD_NAME}")):
        folder = card_file.parent
        card = read_card(folder)
        run_converter(converter, folder / MODEL_NAME, folder, shape_of(card))
        others = tuple(file for file in card.files if file.name not in (GRAPH_XML, GRAPH_BIN))
        made = listed_files(folder, (GRAPH_XML, GRAPH_BIN))
        write_card(folder, msgspec.structs.replace(card, files=(*others, *made)))
