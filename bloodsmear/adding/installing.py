"""Adding a classifier that was exported, on this PC or another one, to the user's own; and removing it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from bloodsmear import atomic_file, paths
from bloodsmear.adding.archive import copy_classifier, unpack_classifier
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.card_file import CARD_NAME, MODEL_NAME, read_card, write_card
from bloodsmear.classifiers.engine import shape_of
from bloodsmear.classifiers.folder import find_classifier_folders, read_checked_card, verify_classifier
from bloodsmear.classifiers.folder_files import FAST_ANSWERS_LINE, GRAPH_NAMES, MODEL_CARD_NAME
from bloodsmear.classifiers.graph_cache import GraphCache, try_graph, user_graph_cache
from bloodsmear.classifiers.openvino_engine import GRAPH_BIN, GRAPH_XML
from bloodsmear.classifiers.scratch import REPLACED, scratch_folder
from bloodsmear.classifiers.zip_check import check_model_archive
from bloodsmear.errors import BloodsmearError, CardError, ClassifierError, ClassifierTakenError, UsageError
from bloodsmear.file_names import is_device

_LONGEST_ID = 64
_NO_FAST_ANSWERS = "It has no fast answers here: an int8 graph is not taken over when a classifier is added."


@dataclass(frozen=True, slots=True)
class AddedClassifier:
    """A classifier that is now the user's: its card, its folder, the version whose place it took (or None).

    `graph_made_here` says that the graph it brought was left out, because this PC makes another one of its model;
    `int8_left_out` that it had fast answers where it came from, and has none here.
    """

    card: Card
    folder: Path
    replaced: str | None
    graph_made_here: bool
    int8_left_out: bool = False


@dataclass(frozen=True, slots=True)
class RemovedClassifier:
    """A classifier that was the user's; `shipped_stays` when one that ships has the same id and answers from now on."""

    id: str
    shipped_stays: bool


def _any(_card: Card) -> None:
    return


def add_classifier(
    source: Path,
    replace_other: bool = False,
    cache: GraphCache | None = None,
    accept: Callable[[Card], None] = _any,
) -> AddedClassifier:
    """Check an exported classifier (a zip or a folder) and put it among the user's own, whole or not at all.

    A classifier with the same id on this PC, shipped ones among them, is an error unless `replace_other` is given
    and the version differs. Nothing that came along is believed: names and sizes, card, sha256 of each file, the
    golden test answered by a graph that this PC made of the model. `accept` is given its card once all of that holds,
    and may raise. CardError, ClassifierError, UsageError.
    """
    cache = cache or user_graph_cache()
    place = paths.user_classifiers()
    try:
        place.mkdir(parents=True, exist_ok=True)
        with scratch_folder(place, ".adding-") as scratch:
            return _add(source, scratch, replace_other, cache, accept)
    except OSError as error:
        raise ClassifierError(
            f"{source} cannot be added to {place} ({error.strerror}); make room or give permission."
        ) from error


def check_that_id_is_free(card_id: str, version_mark: str | None, replace_other: bool) -> str | None:
    """The version of the classifier that has this id on this PC and may be replaced, None where none has it.

    `version_mark` is that of the new one, None while it isn't known. ClassifierTakenError when leave to replace is
    missing, ClassifierError when it is the same one.
    """
    there = find_classifier_folders((paths.user_classifiers(), paths.shipped_classifiers())).get(card_id)
    if there is None:
        return None
    try:
        present = read_checked_card(there).version_mark
    except (CardError, ClassifierError):
        present = "a damaged one"
    if present == version_mark:
        raise ClassifierError(
            f"The classifier {card_id} {present} is on this PC already. Give another one another version."
        )
    if not replace_other:
        raise ClassifierTakenError(card_id, present, ships=there.parent == paths.shipped_classifiers())
    return present


def remove_classifier(classifier_id: str) -> RemovedClassifier:
    """Remove one of the user's own classifiers, whole or not at all. UsageError for another, ClassifierError."""
    own = find_classifier_folders((paths.user_classifiers(),))
    shipped = find_classifier_folders((paths.shipped_classifiers(),))
    folder = own.get(classifier_id)
    if folder is None:
        if classifier_id in shipped:
            raise UsageError(f"The classifier {classifier_id} ships with the program and cannot be removed.")
        raise UsageError(
            f"You have not added a classifier {classifier_id!r}; yours are: {', '.join(own) or 'none'}."
        )
    try:
        with scratch_folder(folder.parent, ".removed-") as away:
            folder.rename(away / folder.name)
    except OSError as error:
        raise ClassifierError(
            f"{folder} cannot be removed ({error.strerror}); close what uses it, or give permission."
        ) from error
    return RemovedClassifier(classifier_id, classifier_id in shipped)


def put_in_place(folder: Path, target: Path, scratch: Path) -> None:
    """Make `folder` be `target`; what stood there is moved into `scratch`, and back when that fails. Raises OSError.

    All three lie on one disk, so that nobody ever meets a half classifier; killed in between, the next start moves it
    back (`clear_scratch`).
    """
    aside = scratch / REPLACED / target.name
    aside.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        target.rename(aside)
    try:
        folder.rename(target)
    except OSError:
        if aside.exists():
            aside.rename(target)
        raise


def _add(
    source: Path, scratch: Path, replace_other: bool, cache: GraphCache, accept: Callable[[Card], None]
) -> AddedClassifier:
    unpacked = scratch / "unpacked"
    unpacked.mkdir()
    _take_over(source, unpacked)
    card = _card_of(unpacked, source)
    _check_folder_name(card.id)
    replaced = check_that_id_is_free(card.id, card.version_mark, replace_other)
    if card.base is None:
        _require_file(MODEL_NAME, unpacked, source)
    folder = unpacked.rename(scratch / card.id)
    try:
        if card.base is None:
            check_model_archive(folder / MODEL_NAME)
        card = read_checked_card(folder)
        graph_made_here = _keep_own_graph_only(folder, card, cache)
        verify_classifier(folder, cache)
    except (CardError, ClassifierError) as error:
        raise type(error)(_about(error, folder, source)) from error
    accept(card)
    target = paths.user_classifiers() / card.id
    put_in_place(folder, target, scratch)
    return AddedClassifier(read_card(target), target, replaced, graph_made_here, card.fast is not None)


def _take_over(source: Path, unpacked: Path) -> None:
    if source.is_dir():
        copy_classifier(source, unpacked)
    elif source.is_file():
        unpack_classifier(source, unpacked)
    else:
        raise UsageError(f"There is no folder or file {source}. Give an exported classifier's folder or zip.")
    _require_file(CARD_NAME, unpacked, source)


def _require_file(name: str, unpacked: Path, source: Path) -> None:
    if not (unpacked / name).is_file():
        raise ClassifierError(
            f"{source} is not an exported classifier: it lacks {name}. Give what `bloodsmear-train export` or "
            "`bloodsmear teach` wrote."
        )


def _card_of(unpacked: Path, source: Path) -> Card:
    try:
        return read_card(unpacked)
    except CardError as error:
        raise CardError(_about(error, unpacked, source)) from error


def _about(error: BloodsmearError, scratch: Path, source: Path) -> str:
    # The scratch folder is gone when the sentence is read; the user knows what was given.
    return str(error).replace(str(scratch), str(source))


def _check_folder_name(card_id: str) -> None:
    # The card's own check has refused all but small letters, digits, _ and -.
    if len(card_id) > _LONGEST_ID or is_device(card_id):
        raise ClassifierError(
            f"The id {card_id[:80]!r} cannot be a folder's name on every PC. Export the classifier under another id."
        )


def _keep_own_graph_only(folder: Path, card: Card, cache: GraphCache) -> bool:
    """Leave out every graph that this PC does not make itself, bit for bit, of the model; say whether one was.

    Card and graph come from the same hand: a graph that answers the golden test may still be another network's.
    """
    if card.base is not None:
        # The graph is the classifier, and its mark is the graph's: nothing else is claimed that it could belie.
        try_graph(cache.converter, folder, shape_of(card), cache.timeout_s)
        return False
    network = tuple(file for file in card.files if file.name not in GRAPH_NAMES)
    own = cache.graph_of(folder, replace(card, files=network))
    wanted = dict(zip((GRAPH_XML, GRAPH_BIN), own.file_sha256s, strict=True))
    brought = {file.name: file.sha256 for file in card.files if file.name in wanted}
    if brought == wanted:
        network = tuple(file for file in card.files if file.name in wanted or file in network)
    kept = {file.name for file in network}
    for name in GRAPH_NAMES:
        if name not in kept:
            (folder / name).unlink(missing_ok=True)
    if network != card.files or card.fast is not None:
        # Without its int8 graph it has no fast answers, whatever was measured of them elsewhere.
        write_card(folder, replace(card, files=network, fast=None))
        _take_off_fast_figures(folder / MODEL_CARD_NAME)
    return bool(brought) and brought != wanted


def _take_off_fast_figures(model_card: Path) -> None:
    if model_card.is_file():
        lines = model_card.read_text("utf-8", "replace").splitlines()
        there = (_NO_FAST_ANSWERS if line.startswith(FAST_ANSWERS_LINE) else line for line in lines)
        atomic_file.write(model_card, "".join(f"{line}\n" for line in there).encode())
