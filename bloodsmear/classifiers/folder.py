"""A classifier's folder: find it, check it against its card, open it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bloodsmear import paths
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.card_file import CARD_NAME, MODEL_NAME, read_card
from bloodsmear.classifiers.classifier import Classifier, EngineClassifier
from bloodsmear.classifiers.engine import shape_of
from bloodsmear.classifiers.golden import check_golden, golden_subject, largest_golden_difference
from bloodsmear.classifiers.graph_cache import GraphCache, user_graph_cache
from bloodsmear.classifiers.openvino_engine import OpenVinoEngine, openvino_version
from bloodsmear.errors import CardError, ClassifierError

# Processors round differently by 1e-6, engines by 1e-5: opening leaves room, verifying does not.
OPEN_TOLERANCE = 1e-4
VERIFY_TOLERANCE = 1e-5


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

    `streams` is how many images it answers at the same time. CardError, ClassifierError.
    """
    cache = cache or user_graph_cache()
    card = read_checked_card(folder)
    graph = cache.graph_of(folder, card)
    engine = OpenVinoEngine(graph, shape_of(card), streams)
    subject = golden_subject(card, graph.sha256, openvino_version()).encode()
    note = f"golden-{subject[:16].decode()}.txt"
    if not cache.has_note(note, subject):
        difference = largest_golden_difference(card, engine, paths.demo_images())
        check_golden(card, difference, OPEN_TOLERANCE)
        cache.note(note, subject)
    return EngineClassifier(card, engine)


def verify_classifier(folder: Path, cache: GraphCache | None = None) -> VerifyOutcome:
    """Check a classifier in full, the golden test always anew. CardError, ClassifierError."""
    cache = cache or user_graph_cache()
    card = read_checked_card(folder)
    engine = OpenVinoEngine(cache.graph_of(folder, card), shape_of(card), streams=1)
    difference = largest_golden_difference(card, engine, paths.demo_images())
    check_golden(card, difference, VERIFY_TOLERANCE)
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
