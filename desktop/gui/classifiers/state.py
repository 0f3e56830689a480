"""The classifiers of this PC as the window sees them: what the controller knows, the page shows. Plain data, no Qt."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

# `missing`: it is to be used, and is not on this PC.
Origin = Literal["shipped", "own", "missing"]
# More would not fit beside a picture, and their mean would say less and less of each.
MOST_COMPARED = 3


@dataclass(frozen=True, slots=True)
class MeasuredFigure:
    """A measured figure (a share of 1) with its 95 % interval, None where it has none."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class MeasuredFigures:
    """What was measured of a classifier on `images` held-out images, by the figures' names in its card.

    `confusion` counts images: a row for each true label, a column for each answered one, in the order of the outputs.
    """

    images: int = 0
    figures: dict[str, MeasuredFigure] = field(default_factory=dict)
    confusion: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class ListedClassifier:
    """A classifier on this PC, in words. `refused` is the sentence why it is not used, empty when all is well.

    `labels` are names in output order, `label_names` the same by key, `size_bytes` that of all its files, `page` its
    evaluation page in a training's folder, `page_command` what makes one in a terminal where there is none.
    `in_place_of_shipped`: one that ships has the same id. `for_cells`: it answers for single cells, never for images.
    """

    id: str
    name: str
    origin: Origin
    version: str = ""
    architecture: str = ""
    labels: tuple[str, ...] = ()
    recipe: str = ""
    came_from: str = ""
    licence: str = ""
    limits: tuple[str, ...] = ()
    evaluation: MeasuredFigures = field(default_factory=MeasuredFigures)
    size_bytes: int = 0
    page: Path | None = None
    page_command: str = ""
    in_place_of_shipped: bool = False
    refused: str = ""
    label_names: dict[str, str] = field(default_factory=dict)
    for_cells: bool = False


@dataclass(frozen=True, slots=True)
class NetworkWish:
    """A network file of another program and what the reader said of it, the numbers as they were typed.

    `labels` are keys in the order of the outputs; an empty `size` takes the network's own. Where `check_on` is a folder
    of labelled images, the order is tried on it before anything is added.
    """

    file: Path
    id: str
    name: str
    labels: tuple[str, ...]
    resize: str
    scale: str
    offset: str
    channels: str = "rgb"
    size: str = ""
    check_on: Path | None = None


@dataclass(frozen=True, slots=True)
class OfferedClassifier:
    """A published classifier that can be downloaded: what the reader agrees to by that, and its page for a browser."""

    id: str
    name: str
    terms: tuple[str, ...]
    page: str


@dataclass(frozen=True, slots=True)
class ClassifierWork:
    """What is under way, as a sentence; `done` of `total` steps, None while unknown. Not all can be stopped."""

    text: str
    can_stop: bool = False
    done: int = 0
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What was to be added has the id of another classifier on this PC: `sentence` asks, `source` is what to add."""

    sentence: str
    source: Path | NetworkWish | OfferedClassifier


@dataclass(frozen=True, slots=True)
class ClassifiersState:
    """Everything that the page shows.

    `listed` is None until the list was read, `offers` are published ones that are not on this PC. `said` is what was
    done, `problem` what went wrong, sentences both, empty when there is nothing to say. `selected` is the id that was
    dealt with last, `to_describe` a file that the reader is asked about (`one_output`: its network answers one number
    for two labels), `check_on` the folder to try its labels on,
    `better_order` the keys of its labels in the order that fitted far better there, `taken` an id that the reader may
    give to another classifier.
    """

    listed: tuple[ListedClassifier, ...] | None = None
    offers: tuple[OfferedClassifier, ...] = ()
    in_use: tuple[str, ...] = ()
    work: ClassifierWork | None = None
    said: str = ""
    problem: str = ""
    selected: str = ""
    to_describe: Path | None = None
    one_output: bool = False
    check_on: Path | None = None
    better_order: tuple[str, ...] = ()
    taken: Taken | None = None

    @property
    def taken_ids(self) -> frozenset[str]:
        """The ids of the classifiers on this PC."""
        return frozenset(one.id for one in self.listed or () if one.origin != "missing")
