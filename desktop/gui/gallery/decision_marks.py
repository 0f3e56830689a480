"""What the reader decided, as the list shows it apart from what the classifiers say."""

from collections.abc import Mapping, Sequence

from desktop.gui.gallery.image_list_model import ImageListModel
from desktop.gui.gallery.list_choices import ListChoices


class DecisionMarks:
    """The marks of the list: a decision in words for each image that has one."""

    def __init__(self, images: ImageListModel, choices: ListChoices) -> None:
        self._images = images
        self._choices = choices

    def set_one(self, image: str, words: str) -> None:
        """Show what the reader decided for an image; empty where nothing is decided."""
        self._images.set_decision(image, words)

    def set_all(self, decisions: Mapping[str, str]) -> None:
        """Show what the reader decided, by image; those that are left out are to be decided."""
        self._images.set_decisions(decisions)

    def set_blind(self, on: bool) -> None:
        """Blind reading: the list says nothing of a classifier about an undecided image, and filters by none."""
        self._images.set_blind(on)
        self._choices.set_blind(on)

    def offer(self, choices: Sequence[str]) -> None:
        """What can be decided in the study, to filter by it."""
        self._choices.offer(choices)
