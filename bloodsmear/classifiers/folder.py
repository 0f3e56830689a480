"""A classifier's folder: find it, check it against its card, open it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from msgspec import structs

from bloodsmear import paths
from bloodsmear.classifiers.card import AnswersFor, Card
from bloodsmear.classifiers.card_file import CARD_NAME, MODEL_NAME, read_card
from bloodsmear.classifiers.classifier import Classifier, EngineClassifier
from bloodsmear.classifiers.deviations import TAUGHT_ON
from bloodsmear.classifiers.engine import Engine, shape_of
from bloodsmear.classifiers.fast_engine import LARGEST_MOVE, FastEngine, why_not_offered
from bloodsmear.classifiers.folder_files import INT8_GRAPH, read_listed_graph
from bloodsmear.classifiers.golden import (
    GoldenLimit,
    check_golden,
    golden_subject,
    largest_golden_difference,
)
from bloodsmear.classifiers.graph_cache import GraphCache, user_graph_cache
from bloodsmear.classifiers.openvino_engine import OpenVinoEngine, openvino_version
from bloodsmear.errors import CardError, ClassifierError

# Processors round differently by 1e-6, engines by 1e-5: opening leaves room, verifying does not.
OPEN_TOLERANCE = 1e-4
VERIFY_TOLERANCE = 1e-5
# An int8 graph alone, before calibration: its sums are whole numbers, and processors differ by 3e-5 (docs/adr/0019).
INT8_TOLERANCE = 0.02
_INT8_LIMIT = GoldenLimit(
    INT8_TOLERANCE,
    answers=f"With {INT8_GRAPH.xml}",
    advice="leave --fast out, or have the int8 graph made anew by bloodsmear-train quantise: this one was altered, or "
    "this processor computes it differently",
)


@dataclass(frozen=True, slots=True)
class VerifyOutcome:
    """A classifier that passed: `largest_difference` is that of a golden probability, before calibration."""

    id: str
    version_mark: str
    largest_difference: float


def find_classifier_folders(places: Sequence[Path]) -> dict[str, Path]:
    """The classifiers' folders by id (the folder's name), sorted; of two with one id the earlier place's wins.

    A folder counts when it holds a card or a model: a half one is found too, so that opening it says what it lacks.
    ClassifierError for a place that cannot be read: one of its classifiers might be the one to use.
    """
    found: dict[str, Path] = {}
    for place in places:
        for folder in _folders_of(place):
            if not folder.name.startswith(".") and _holds_a_classifier(folder):
                found.setdefault(folder.name, folder)
    return dict(sorted(found.items()))


def open_classifier(folder: Path, streams: int = 2, cache: GraphCache | None = None) -> Classifier:
    """Open a classifier: card, files' sha256, graph, golden test (once per graph and program version).

    `streams` is how many images it answers at the same time. CardError, ClassifierError, also for one of cells.
    """
    cache = cache or user_graph_cache()
    card = read_checked_card(folder)
    _require(card, "image")
    return EngineClassifier(card, _exact_engine(folder, card, streams, cache).engine)


def open_screening_classifier(folder: Path, streams: int = 2, cache: GraphCache | None = None) -> Classifier:
    """Open one to screen with, as `open_classifier` does: the same answers, bit for bit.

    That which is taught on answers its deviations as well, which screening keeps.
    """
    cache = cache or user_graph_cache()
    card = read_checked_card(folder)
    _require(card, "image")
    return EngineClassifier(card, _exact_engine(folder, card, streams, cache, card.id == TAUGHT_ON).engine)


def open_cell_classifier(folder: Path, streams: int = 2, cache: GraphCache | None = None) -> Classifier:
    """Open one that answers crops of single cells, as `open_classifier` does; ClassifierError for one of images."""
    cache = cache or user_graph_cache()
    card = read_checked_card(folder)
    _require(card, "cell")
    return EngineClassifier(card, _exact_engine(folder, card, streams, cache).engine)


def open_fast_classifier(folder: Path, streams: int = 2, cache: GraphCache | None = None) -> Classifier:
    """Open a classifier for fast answers, as `open_classifier` does.

    ClassifierError, too, where its maker gave it no int8 graph, or one that was measured to change too much or to gain
    too little, or where it fails its own golden test here.
    """
    cache = cache or user_graph_cache()
    card = read_checked_card(folder)
    _require(card, "image")
    int8 = read_listed_graph(folder, card, INT8_GRAPH)
    if int8 is None or card.fast is None:
        raise ClassifierError(
            f"The classifier {card.id} {card.version_mark} has no int8 graph. Leave --fast out, or have one made by "
            "bloodsmear-train quantise."
        )
    if complaint := why_not_offered(card.fast):
        raise ClassifierError(
            f"The fast answers of {card.id} {card.version_mark} are not offered: they {complaint}. Leave --fast out."
        )
    exact = _exact_engine(folder, card, streams, cache)
    alone = OpenVinoEngine(int8, shape_of(card), streams)
    if card.fast.golden is not None:
        # Alone: demo images are unlike training images, so that the exact graph answers them in fast answers.
        _require_golden(
            _int8_card(card, card.fast.golden), _Subject(alone, (int8.sha256,)), cache, _INT8_LIMIT
        )
    engine = FastEngine(alone, exact.engine, card)
    limit = replace(_INT8_LIMIT, tolerance=LARGEST_MOVE, temperature=card.temperature)
    _require_golden(card, _Subject(engine, (int8.sha256, *exact.graphs)), cache, limit)
    return EngineClassifier(card, engine, int8.sha256)


def verify_classifier(folder: Path, cache: GraphCache | None = None) -> VerifyOutcome:
    """Check a classifier in full, the golden test always anew. CardError, ClassifierError."""
    cache = cache or user_graph_cache()
    card = read_checked_card(folder)
    engine = OpenVinoEngine(cache.graph_of(folder, card), shape_of(card), streams=1)
    difference = largest_golden_difference(card, engine, paths.demo_images())
    check_golden(card, difference, GoldenLimit(VERIFY_TOLERANCE))
    return VerifyOutcome(card.id, card.version_mark, difference)


def read_checked_card(folder: Path) -> Card:
    """The folder's card, when the folder's name is its id and every file is as the card says. Both errors."""
    card = read_card(folder)
    if card.id != folder.absolute().name:
        raise CardError(f"{folder / CARD_NAME}: id is {card.id!r}; the folder must have the same name.")
    for file in card.files:
        path = folder / file.name
        try:
            size = path.stat().st_size
            sha256 = _sha256_of(path) if size == file.bytes else ""
        except FileNotFoundError as error:
            raise ClassifierError(f"{path} is missing; install the classifier {card.id} again.") from error
        except OSError as error:
            raise ClassifierError(f"{path} cannot be read ({error.strerror}).") from error
        if size != file.bytes:
            raise ClassifierError(
                f"{path} was altered: it has {size} bytes, its card says {file.bytes}; "
                f"install the classifier {card.id} again."
            )
        if sha256 != file.sha256:
            raise ClassifierError(
                f"{path} was altered: its sha256 is {sha256[:12]}…, its card says {file.sha256[:12]}…; "
                f"install the classifier {card.id} again."
            )
    return card


def _require(card: Card, answers_for: AnswersFor) -> None:
    if card.answers_for == answers_for:
        return
    raise ClassifierError(
        f"The classifier {card.id} {card.version_mark} answers for single cells, and not for whole images: what it "
        "said of one would look right and mean nothing. Leave it out here."
        if card.answers_for == "cell"
        else f"The classifier {card.id} {card.version_mark} answers for whole images, and not for single cells."
    )


def _int8_card(card: Card, golden: tuple[tuple[float, ...], ...]) -> Card:
    """The card with the int8 graph's own answers to the golden images."""
    cases = zip(card.golden, golden, strict=True)
    return structs.replace(
        card, golden=tuple(structs.replace(case, probabilities=said) for case, said in cases)
    )


@dataclass(frozen=True, slots=True)
class _Subject:
    """What takes the golden test: an engine, the sha256 of all graphs that answer in it, and what is added to one."""

    engine: Engine
    graphs: tuple[str, ...]


def _exact_engine(
    folder: Path, card: Card, streams: int, cache: GraphCache, with_deviations: bool = False
) -> _Subject:
    graph = cache.graph_of(folder, card)
    engine = OpenVinoEngine(graph, shape_of(card), streams, with_deviations)
    exact = _Subject(engine, (graph.sha256, *(["with deviations"] if with_deviations else [])))
    _require_golden(card, exact, cache, GoldenLimit(OPEN_TOLERANCE))
    return exact


def _require_golden(card: Card, subject: _Subject, cache: GraphCache, limit: GoldenLimit) -> None:
    """Have it pass the golden test, unless it passed on this PC before. ClassifierError."""
    key = golden_subject(card, subject.graphs, limit, openvino_version()).encode()
    note = f"golden-{key[:16].decode()}.txt"
    if not cache.has_note(note, key):
        difference = largest_golden_difference(card, subject.engine, paths.demo_images(), limit.temperature)
        check_golden(card, difference, limit)
        cache.note(note, key)


def _folders_of(place: Path) -> list[Path]:
    try:
        return list(place.iterdir()) if place.is_dir() else []
    except OSError as error:
        raise ClassifierError(
            f"The folder of classifiers {place} cannot be read ({error.strerror}); give yourself permission."
        ) from error


def _holds_a_classifier(folder: Path) -> bool:
    try:
        return (folder / CARD_NAME).is_file() or (folder / MODEL_NAME).is_file()
    except OSError:  # opening it says why
        return True


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
