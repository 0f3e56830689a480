"""What the reader chose to see in the list, and in which order: between the bar, its menus and the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from bloodsmear.classifiers.labels import LABELS, NO_NAMES, Names
from bloodsmear.review.decisions import BESIDE_LABELS
from desktop.gui.gallery.arranged_images import ArrangedImages
from desktop.gui.gallery.filter_bar import FilterBar
from desktop.gui.gallery.image_list_model import ImageRole
from desktop.gui.gallery.list_arrangement import ListArrangement
from desktop.gui.gallery.list_filter import ListFilter
from desktop.gui.gallery.list_menus import FilterOffer, fill_filter_menu, fill_order_menu


class ListChoices(QObject):
    """Holds the filter and the arrangement. `arrangement_chosen(ListArrangement)`: the reader wants another one.
    `changed()`: the list follows the filter and the arrangement that hold now; `asked()`: the reader asked for them.

    What depends on classifiers is neither offered nor used in blind reading: the filters are dropped, the arrangement
    comes back afterwards.
    """

    arrangement_chosen = Signal(ListArrangement)
    changed = Signal()
    asked = Signal()

    def __init__(self, bar: FilterBar, shown: ArrangedImages) -> None:
        super().__init__(bar)
        self._bar = bar
        self._shown = shown
        self._filter = ListFilter()
        self._arrangement = ListArrangement()
        self._blind = False
        self._choices: tuple[str, ...] = ()
        self._names = NO_NAMES
        bar.filter_chosen.connect(self._set_filter)
        bar.clear_wanted.connect(self.clear)
        bar.filter_menu.aboutToShow.connect(self._fill_filter_menu)
        bar.order_menu.aboutToShow.connect(self._fill_order_menu)

    @property
    def filter(self) -> ListFilter:
        """What is asked of the images now."""
        return self._filter

    def clear(self) -> None:
        """Show everything again, in the same order."""
        self._bar.empty_field()
        self._set_filter(ListFilter())

    def lead_through(self, images: Sequence[str], name: str) -> None:
        """Show those of these images that are to be decided, and nothing else; `name` says which they are."""
        self._bar.empty_field()
        self._set_filter(ListFilter(among=frozenset(images), among_name=name, done=False))

    def lead_on(self, images: Sequence[str], name: str) -> None:
        """Others are the images of that name now, or none: a list that still shows those follows a moment later."""
        if self._filter.among_name == name:
            self._filter = replace(self._filter, among=frozenset(images), among_name=name if images else "")
            self._bar.show_filter(self._filter)
            self._shown.follow(self._filter)

    def set_arrangement(self, arrangement: ListArrangement) -> None:
        """Arrange the list like this."""
        self._arrangement = arrangement
        self._show()

    def set_blind(self, on: bool) -> None:
        """Whether what classifiers say may not be told by what is shown where."""
        if on == self._blind:
            return
        self._blind = on
        self._bar.set_blind(on)
        if on:
            self._filter = self._filter.without_classifiers()
        # It ends by itself with the last image of an audit set: the next key is for the image that is seen then.
        self._follow(keeps_chosen=True)

    def offer(self, choices: Sequence[str], names: Names) -> None:
        """The decisions that the study allows, its labels among them, and the labels' names by key."""
        self._choices = tuple(choices)
        self._names = names
        self._filter = replace(self._filter, names=names)

    def images_beside(self, image: str, steps: Sequence[int]) -> list[str]:
        """The images that the reader comes to in so many steps down (negative: up) from this one."""
        found = (self._image_at(image, step) for step in steps)
        return [each for each in found if each is not None]

    def _image_at(self, image: str, step: int) -> str | None:
        reached: str | None = image
        for _ in range(abs(step)):
            if reached is not None:
                reached = self._shown.index_beside(reached, 1 if step > 0 else -1).data(ImageRole.IMAGE)
        return reached

    def _set_filter(self, list_filter: ListFilter) -> None:
        list_filter = replace(list_filter, names=self._names)
        self._filter = list_filter.without_classifiers() if self._blind else list_filter
        self._show()

    def _choose_arrangement(self, arrangement: ListArrangement) -> None:
        if self._blind:
            # What is not offered now was not chosen away.
            order = self._arrangement.order
            arrangement = replace(arrangement, order=order)
        self.set_arrangement(arrangement)
        self.arrangement_chosen.emit(arrangement)

    def _show(self) -> None:
        self._follow(keeps_chosen=False)
        self.asked.emit()

    def _follow(self, keeps_chosen: bool) -> None:
        arrangement = self._arrangement.without_classifiers() if self._blind else self._arrangement
        self._bar.show_filter(self._filter)
        self._shown.show_only(self._filter, arrangement, keeps_chosen)
        self.changed.emit()

    def _fill_filter_menu(self) -> None:
        labels = tuple(choice for choice in self._choices if choice not in BESIDE_LABELS)
        labels = labels or tuple(label.key for label in LABELS)
        offer = FilterOffer(labels, (*labels, *BESIDE_LABELS), self._blind)
        fill_filter_menu(self._bar.filter_menu, self._filter, offer, self._set_filter)

    def _fill_order_menu(self) -> None:
        menu = self._bar.order_menu
        fill_order_menu(menu, self._arrangement, self._blind, self._choose_arrangement)
