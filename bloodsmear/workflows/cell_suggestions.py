"""What a classifier of cells says of the cells of a gallery: to sort by, and for nothing else (docs/adr/0047)."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bloodsmear import paths
from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.classifiers.folder import open_cell_classifier, read_checked_card
from bloodsmear.classifiers.label_colours import label_colour
from bloodsmear.errors import BloodsmearError, ImageError
from bloodsmear.images.cell_look import crop_of
from bloodsmear.images.decode import decoding
from bloodsmear.images.region import Region
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scan import FoundImage
from bloodsmear.jobs import Cancel
from bloodsmear.teaching.audit import may_suggest
from bloodsmear.workflows.classifier_set import classifier_folders

_MOST_SURE = 0.99


@dataclass(frozen=True, slots=True)
class Suggester:
    """A classifier of cells that may suggest: its folder, and its name for people."""

    folder: Path
    name: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`name` is the label's for people, `place` its place among the labels, `confidence` its probability (0 to 1).

    `colour` is the label's, `#RRGGBB`. `is_unlike`: the cell is unlike those that were taught.
    """

    name: str
    place: int
    confidence: float
    colour: str
    is_unlike: bool = False

    @property
    def words(self) -> str:
        """`Lymphocyte, 93 % sure`; never all sure."""
        if self.is_unlike:
            return f"{self.name}, and that it is unlike the cells it was taught"
        sure = "over 99 %" if self.confidence > _MOST_SURE else f"{100 * self.confidence:.0f} %"
        return f"{self.name}, {sure} sure"


@dataclass(frozen=True, slots=True)
class CellsToAsk:
    """An image with the boxes of its cells, the diameter of its red cells and the sha256 of the bytes they are in."""

    found: FoundImage
    boxes: tuple[Region, ...]
    red_cell_px: float
    sha256: str


def suggesters() -> list[Suggester]:
    """The user's classifiers of cells whose audit shows a gain, the newest last. ClassifierError."""
    known: list[tuple[str, Suggester]] = []
    for folder in classifier_folders().values():
        if folder.parent != paths.user_classifiers():
            continue
        with suppress(BloodsmearError):
            card = read_checked_card(folder)
            if may_suggest(card):
                known.append((card.trained_on.date, Suggester(folder, card.name)))
    return [one for _, one in sorted(known, key=lambda item: item[0])]


def suggestions_for(
    asked: Sequence[CellsToAsk], suggester: Suggester, cancel: Cancel
) -> Iterator[tuple[str, dict[Region, Suggestion]]]:
    """What it says of each image's cells, by box; nothing of an image that cannot be read or whose red cells were not
    seen, for the scale is another one there. CardError, ClassifierError, JobCancelled.
    """
    classifier = open_cell_classifier(suggester.folder)
    for one in asked:
        cancel.checkpoint()
        said: dict[Region, Suggestion] = {}
        if one.red_cell_px:
            with suppress(ImageError), decoding(one.found.path, asked=one.found.asked) as decoded:
                if one.sha256 in ("", decoded.sha256):
                    said = _said_of(decoded.pixels, one, classifier, cancel)
        yield one.found.image, said


def _said_of(
    pixels: RgbImage, one: CellsToAsk, classifier: Classifier, cancel: Cancel
) -> dict[Region, Suggestion]:
    said, card = {}, classifier.card
    for box in one.boxes:
        cancel.checkpoint()
        answer = classifier.predict(crop_of(pixels, box, one.red_cell_px))
        probabilities = answer.probabilities
        place = max(range(len(probabilities)), key=lambda at: probabilities[at])
        label = card.labels[place]
        colour = label_colour(label.key, card.label_keys)
        said[box] = Suggestion(label.name, place, probabilities[place], colour, answer.unlike_training)
    return said
