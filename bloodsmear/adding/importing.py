"""A network of another program (.h5, .keras) becomes a classifier: rebuilt, described by a card, checked, added."""

import datetime
import hashlib
import math
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bloodsmear import RESEARCH_USE, paths
from bloodsmear.adding.installing import AddedClassifier, add_classifier, check_that_id_is_free
from bloodsmear.classifiers.card import CARD_VERSION, Card, CardFile, CardLabel, TrainedOn
from bloodsmear.classifiers.card_file import MODEL_NAME, check_card, write_card
from bloodsmear.classifiers.classifier import Classifier, EngineClassifier
from bloodsmear.classifiers.engine import NetworkShape
from bloodsmear.classifiers.golden import make_golden
from bloodsmear.classifiers.graph_cache import GraphCache, run_converter, run_program, user_graph_cache
from bloodsmear.classifiers.imported_network import NETWORK_NAME, ONE_OUTPUT, ImportedNetwork
from bloodsmear.classifiers.labels import DECIDED_BESIDE_LABELS, label_name
from bloodsmear.classifiers.openvino_engine import OpenVinoEngine, read_graph
from bloodsmear.classifiers.recipe import ChannelOrder, Recipe, ResizeMethod
from bloodsmear.classifiers.scratch import scratch_folder
from bloodsmear.errors import CardError, ClassifierError, UsageError
from bloodsmear.images.scan import Scan
from bloodsmear.jobs import Cancel, Progress, Report, report_nowhere
from bloodsmear.json_file import read_json

# NASNet-Large in a slow PC's process; the rest is for a slow disk and a virus scanner.
_TIMEOUT_S = 600.0
_GOLDEN_IMAGES = 3
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_LIMITS = (
    RESEARCH_USE,
    "Brought from another program: what it was trained on and how it was measured is not known here.",
    "Label order and preprocessing are what was typed in when it was added; a wrong order names labels wrongly.",
    "Benign here means hematogones, no blasts; it does not mean healthy.",
    "Early Pre-B, Pre-B and Pro-B are the data set's labels; a smear alone does not establish them.",
)


@dataclass(frozen=True, slots=True)
class Preparation:
    """How an image becomes the network's input; `size_px` (width, height) None takes the network's own."""

    resize: ResizeMethod
    scale: float
    offset: float = 0.0
    channels: ChannelOrder = "rgb"
    size_px: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class ForeignNetwork:
    """A file and what it cannot tell: id, name, the labels' keys in the order of its outputs, the preparation."""

    file: Path
    id: str
    name: str
    labels: tuple[str, ...]
    preparation: Preparation


def _no_doubt(classifier: Classifier) -> None:
    """Nobody wants to try the classifier before it is added."""


@dataclass(frozen=True, slots=True)
class ImportEvents:
    """Who hears of an import, on its own thread: its steps, and the classifier before it is added.

    What `before_adding` raises ends the import, and nothing is added.
    """

    report: Report = report_nowhere
    before_adding: Callable[[Classifier], None] = _no_doubt


_UNHEARD = ImportEvents()
_STEPS = ("Rebuilding the network", "Making its graph", "Checking its answers", "Adding the classifier")


def import_classifier(
    foreign: ForeignNetwork,
    replace_other: bool = False,
    cache: GraphCache | None = None,
    events: ImportEvents = _UNHEARD,
    cancel: Cancel | None = None,
) -> AddedClassifier:
    """Rebuild the network in a process of its own and add it to the user's classifiers, whole or not at all.

    UsageError for what was said wrongly about it, ClassifierError for a file that is refused, CardError, JobCancelled.
    """
    cache, cancel = cache or user_graph_cache(), cancel or Cancel()
    _require_sense(foreign)
    check_that_id_is_free(foreign.id, None, replace_other)
    try:
        return _import(foreign, replace_other, cache, events, cancel)
    except (CardError, ClassifierError) as error:
        # Files that are gone when the sentence is read, of this program and of the one that rebuilds and converts.
        gone = rf"{re.escape(str(paths.scratch()))}(?:[\\/][\w.\-]+)*"
        said = re.sub(gone, lambda _found: str(foreign.file), str(error))
        if said == str(error):
            raise
        raise type(error)(said) from error


def has_one_output(file: Path, cache: GraphCache | None = None) -> bool:
    """Whether another program's file answers one number for two labels; looked at in the process that has limits.

    ClassifierError where it is not a network. All else is checked when it is added.
    """
    from bloodsmear.classifiers.keras_side.network_file import kind_of_file

    # What its first bytes tell needs no other process.
    with suppress(OSError):
        kind_of_file(file)
    converter = (cache or user_graph_cache()).converter
    words = [str(file.absolute()), str(file.absolute().parent), "--look"]
    return run_program(converter, file, words, _TIMEOUT_S).decode() == ONE_OUTPUT


def _import(
    foreign: ForeignNetwork, replace_other: bool, cache: GraphCache, events: ImportEvents, cancel: Cancel
) -> AddedClassifier:
    with scratch_folder(_place(), ".adding-") as scratch:
        folder = scratch / foreign.id
        _tell(events, 0)
        _rebuild(foreign, folder, cache, cancel)
        network = _read_description(folder)
        _require_fit(foreign, network)
        _tell(events, 1)
        cancel.checkpoint()
        engine = _engine_of(folder, network, cache)
        _tell(events, 2)
        cancel.checkpoint()
        card = _describe(foreign, network, folder, engine)
        events.before_adding(EngineClassifier(card, engine))
        cancel.checkpoint()
        _tell(events, 3)
        return add_classifier(folder, replace_other, cache)


def _place() -> Path:
    place = paths.scratch()
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ClassifierError(
            f"The folder {place} cannot be made ({error.strerror}); make room or give permission."
        ) from error
    return place


def _tell(events: ImportEvents, step: int) -> None:
    events.report(Progress(step, len(_STEPS), _STEPS[step]))


def _require_sense(foreign: ForeignNetwork) -> None:
    """UsageError for what can be seen before the file is opened; the id becomes a folder's name."""
    for what, word in (("id", foreign.id), *(("label", label) for label in foreign.labels)):
        if not _ID.fullmatch(word):
            raise UsageError(f"The {what} {word!r} must be small letters, digits, _ and -, such as pre_b.")
    for label in foreign.labels:
        if label in DECIDED_BESIDE_LABELS:
            raise UsageError(
                f"No label can be called {label!r}: readers decide that in place of a label. Give it another name."
            )
    if len(set(foreign.labels)) != len(foreign.labels):
        raise UsageError(
            f"The labels {', '.join(foreign.labels)} name one label twice. Name another one for each output."
        )
    if not foreign.preparation.scale or not math.isfinite(foreign.preparation.scale):
        raise UsageError("The scale must be a number other than 0, such as 1/255.")


def _rebuild(foreign: ForeignNetwork, folder: Path, cache: GraphCache, cancel: Cancel) -> None:
    file, size = foreign.file, foreign.preparation.size_px
    words = [str(file.absolute()), str(folder), "--rebuild"]
    if size is not None:
        words += ["--size", f"{size[0]}x{size[1]}"]
    try:
        folder.mkdir()
        run_program(cache.converter, file, words, _TIMEOUT_S, cancel)
    except OSError as error:
        raise ClassifierError(
            f"{file} cannot be rebuilt ({error.strerror}); make room or give permission."
        ) from error


def _read_description(folder: Path) -> ImportedNetwork:
    file = folder / NETWORK_NAME
    try:
        network = read_json(file, ImportedNetwork)
        file.unlink()
    except (OSError, ValueError) as error:
        raise ClassifierError(
            f"The converter left no description of the network ({error}). Try again."
        ) from error
    return network


def _require_fit(foreign: ForeignNetwork, network: ImportedNetwork) -> None:
    if network.one_output and len(foreign.labels) != network.label_count:
        raise UsageError(
            f"{foreign.file} answers one number from 0 to 1, so it has two labels, but {len(foreign.labels)} were "
            f"named ({', '.join(foreign.labels)}). Name first the label that 0 stands for, then that of 1."
        )
    if len(foreign.labels) != network.label_count:
        raise UsageError(
            f"{foreign.file} answers {network.label_count} labels, but {len(foreign.labels)} were named "
            f"({', '.join(foreign.labels)}). Name them in the order of its outputs."
        )
    size = foreign.preparation.size_px
    if size is not None and size != (network.width_px, network.height_px):
        raise UsageError(
            f"{foreign.file} takes {network.width_px}x{network.height_px} px, not {size[0]}x{size[1]}. "
            "Leave the size out, or name the network's own."
        )


def _engine_of(folder: Path, network: ImportedNetwork, cache: GraphCache) -> OpenVinoEngine:
    """The engine of the graph that this PC makes of the rebuilt network; it stays in memory."""
    shape = NetworkShape(network.height_px, network.width_px, network.label_count)
    with scratch_folder(paths.scratch(), ".adding-") as graph:
        run_converter(cache.converter, folder / MODEL_NAME, graph, shape, cache.timeout_s)
        return OpenVinoEngine(read_graph(graph), shape)


def _describe(
    foreign: ForeignNetwork, network: ImportedNetwork, folder: Path, engine: OpenVinoEngine
) -> Card:
    """Write the card, whose golden answers are the engine's; returns it."""
    said = foreign.preparation
    recipe = Recipe(
        fill_scale_bar=False,
        denoise=None,
        width_px=network.width_px,
        height_px=network.height_px,
        resize=said.resize,
        channels=said.channels,
        scale=said.scale,
        offset=said.offset,
    )
    card = _card_without_golden(foreign, network, recipe, (folder / MODEL_NAME).read_bytes())
    card = msgspec.structs.replace(
        card, golden=make_golden(engine, recipe, paths.demo_images(), _golden_images())
    )
    check_card(card, str(foreign.file))
    write_card(folder, card)
    return card


def _golden_images() -> list[str]:
    names = [found.image for found in Scan([paths.demo_images()])]
    step = max(1, len(names) // _GOLDEN_IMAGES)
    return names[::step][:_GOLDEN_IMAGES]


def _one_output_words(foreign: ForeignNetwork, network: ImportedNetwork) -> tuple[str, ...]:
    if not network.one_output:
        return ()
    first, second = (label_name(key) for key in foreign.labels)
    return (
        f"Its network answers one number: it is the probability of {second}; 1 minus it is that of {first}.",
    )


def _card_without_golden(
    foreign: ForeignNetwork, network: ImportedNetwork, recipe: Recipe, model: bytes
) -> Card:
    source = hashlib.sha256(foreign.file.read_bytes()).hexdigest()
    return Card(
        card_version=CARD_VERSION,
        id=foreign.id,
        name=foreign.name,
        version=f"imported-{source[:8]}",
        architecture="imported",
        labels=tuple(CardLabel(key=key, name=label_name(key)) for key in foreign.labels),
        recipe=recipe,
        files=(CardFile(name=MODEL_NAME, sha256=hashlib.sha256(model).hexdigest(), bytes=len(model)),),
        trained_on=TrainedOn(
            data_set=f"not known (imported from {foreign.file.name}, sha256 {source})",
            counts=(),
            split="not known",
            seed=0,
            backend="not known",
            date=datetime.datetime.now(datetime.UTC).date().isoformat(),
            fingerprints=(),
        ),
        figures=(),
        temperature=1.0,
        sure_from=None,
        unlike_training=None,
        golden=(),
        fast=None,
        cross_validation=None,
        licence="not known; ask the maker of the file",
        citation=f"imported from {foreign.file.name}",
        limits=(*_LIMITS, *_one_output_words(foreign, network)),
    )
