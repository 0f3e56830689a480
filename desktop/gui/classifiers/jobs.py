"""Adding, checking and removing a classifier, for a job's thread: OpenCV and OpenVINO come with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bloodsmear.adding.typed_words import read_number, read_size
from bloodsmear.errors import BloodsmearError, ClassifierError, ClassifierTakenError, DownloadError
from bloodsmear.jobs import Cancel, Report
from desktop.gui.classifiers.state import NetworkWish, OfferedClassifier, Taken

if TYPE_CHECKING:
    from bloodsmear.adding.importing import ForeignNetwork
    from bloodsmear.adding.installing import AddedClassifier
    from bloodsmear.classifiers.classifier import Classifier
    from bloodsmear.classifiers.recipe import ChannelOrder, ResizeMethod

_TRY_THE_ORDER = "Try the order of its labels on a labelled folder before you rely on what it says."
_BY_HAND = (
    "By hand: open its page on a PC with internet, carry the file here, give “Add a file…”, and choose “The "
    "published models”."
)


@dataclass(frozen=True, slots=True)
class Done:
    """What was done to the classifier `id`, as a sentence.

    `changed` where this id answers otherwise than before, `gone` where nothing answers under it any more.
    """

    id: str
    sentence: str
    changed: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Doubted:
    """Nothing was added, because another order of the labels (keys) fits far better; `sentence` has the figures."""

    sentence: str
    better_order: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskableNetwork:
    """A network file that can be asked about; `one_output`: its network answers one number for two labels."""

    file: Path
    one_output: bool


class _OrderDoubtedError(BloodsmearError):
    """Ends an import whose label order is as good as certainly wrong."""

    def __init__(self, doubted: Doubted) -> None:
        super().__init__(doubted.sentence)
        self.doubted = doubted


class _LabelTrial:
    """Tries a network's label order before it is added; `sentences` are what it found."""

    def __init__(self, folder: Path, report: Report, cancel: Cancel) -> None:
        self._folder = folder
        self._report = report
        self._cancel = cancel
        self.sentences: tuple[str, ...] = ()

    def __call__(self, classifier: Classifier) -> None:
        from bloodsmear.workflows.label_order import label_order_sentences, try_label_order

        trial = try_label_order(classifier, self._folder, report=self._report, cancel=self._cancel)
        self.sentences = label_order_sentences(trial)
        if trial.another_order_fits_far_better:
            raise _OrderDoubtedError(
                Doubted(" ".join((*self.sentences, "Nothing was added.")), better_order=trial.best)
            )


def look_at_network(file: Path) -> AskableNetwork:
    """See whether the file is one of a network at all. ClassifierError says what else it is."""
    from bloodsmear.adding.importing import has_one_output

    return AskableNetwork(file, has_one_output(file))


def add_exported(source: Path, replace_other: bool) -> Done | Taken:
    """Add an exported classifier; `Taken` where leave to replace is missing. CardError, ClassifierError, UsageError."""
    from bloodsmear.adding.installing import add_classifier

    try:
        return _done(add_classifier(source, replace_other))
    except ClassifierTakenError as taken:
        return _taken(taken, source)


def add_network(
    wish: NetworkWish, replace_other: bool, report: Report, cancel: Cancel
) -> Done | Taken | Doubted:
    """Add a network file that was described. ClassifierError, UsageError, DataSetError, JobCancelled."""
    from bloodsmear.adding.importing import ImportEvents, import_classifier

    trial, events = None, ImportEvents(report)
    if wish.check_on is not None:
        trial = _LabelTrial(wish.check_on, report, cancel)
        events = ImportEvents(report, trial)
    try:
        added = import_classifier(foreign_network(wish), replace_other, events=events, cancel=cancel)
    except ClassifierTakenError as taken:
        return _taken(taken, wish)
    except _OrderDoubtedError as error:
        return error.doubted
    return _done(added, *(trial.sentences if trial is not None else (_TRY_THE_ORDER,)))


def add_download(
    offer: OfferedClassifier, replace_other: bool, report: Report, cancel: Cancel
) -> Done | Taken:
    """Download a published classifier, to which the reader has agreed, and add it.

    Opens network connections. DownloadError with the way by hand, ClassifierError, JobCancelled.
    """
    from bloodsmear.adding.downloading import download_and_add
    from bloodsmear.adding.published import published_network

    try:
        return _done(download_and_add(published_network(offer.id), replace_other, report, cancel))
    except ClassifierTakenError as taken:
        return _taken(taken, offer)
    except DownloadError as error:
        raise DownloadError(f"{error} {_BY_HAND}") from error


def foreign_network(wish: NetworkWish) -> ForeignNetwork:
    """What was typed, as values. UsageError names what cannot be one."""
    from bloodsmear.adding.importing import ForeignNetwork, Preparation

    preparation = Preparation(
        # The page offers no others.
        resize=cast("ResizeMethod", wish.resize),
        scale=read_number("The scale", wish.scale),
        offset=read_number("The offset", wish.offset),
        channels=cast("ChannelOrder", wish.channels),
        size_px=read_size("The size", wish.size) if wish.size else None,
    )
    return ForeignNetwork(wish.file, wish.id, wish.name, wish.labels, preparation)


def verify(classifier_id: str) -> Done:
    """Check a classifier in full. Raises CardError and ClassifierError with what is wrong."""
    from bloodsmear.classifiers.folder import verify_classifier

    outcome = verify_classifier(_folder_of(classifier_id))
    return Done(
        classifier_id,
        f"{_name_of(classifier_id)} {outcome.version_mark} is well: its files are as its card says, and its "
        f"golden test differs by at most {outcome.largest_difference:.1e}.",
    )


def try_order(classifier_id: str, folder: Path, report: Report, cancel: Cancel) -> Done:
    """Try the order of its labels on a labelled folder. ClassifierError, CardError, DataSetError, JobCancelled."""
    from bloodsmear.classifiers.folder import open_classifier
    from bloodsmear.workflows.label_order import label_order_sentences, try_label_order

    classifier = open_classifier(_folder_of(classifier_id))
    trial = try_label_order(classifier, folder, report=report, cancel=cancel)
    return Done(classifier_id, " ".join(label_order_sentences(trial)))


def remove(classifier_id: str) -> Done:
    """Remove one of the user's own classifiers. Raises ClassifierError and UsageError."""
    from bloodsmear.adding.installing import remove_classifier

    name = _name_of(classifier_id)
    removed = remove_classifier(classifier_id)
    parts = [f"{name} was removed. Studies keep what it answered."]
    if removed.shipped_stays:
        parts.append("The one that ships with the program answers from now on.")
    return Done(classifier_id, " ".join(parts), changed=True, gone=not removed.shipped_stays)


def _done(added: AddedClassifier, *more: str) -> Done:
    from bloodsmear.teaching.audit import why_not_offered

    card = added.card
    parts = [f"{card.name} was checked, passed its golden test and was added as {card.id}."]
    if added.replaced is not None:
        parts.append(f"It answers in the place of {added.replaced}.")
    if why := why_not_offered(card):
        parts.append(why)
    return Done(card.id, " ".join((*parts, *more)), changed=added.replaced is not None)


def _taken(taken: ClassifierTakenError, source: Path | NetworkWish | OfferedClassifier) -> Taken:
    origin = "ships with the program" if taken.ships else "you added"
    return Taken(
        f"A classifier {taken.classifier_id} that {origin} is on this PC already ({taken.present}). "
        "The new one can take its place.",
        source,
    )


def _name_of(classifier_id: str) -> str:
    """What its card calls it; its id where the card cannot be read."""
    from bloodsmear.classifiers.card_file import read_card

    try:
        return read_card(_folder_of(classifier_id)).name
    except BloodsmearError:
        return classifier_id


def _folder_of(classifier_id: str) -> Path:
    from bloodsmear.workflows.classifier_set import classifier_folders

    folder = classifier_folders().get(classifier_id)
    if folder is None:
        raise ClassifierError(f"There is no classifier {classifier_id!r} on this PC any more.")
    return folder
