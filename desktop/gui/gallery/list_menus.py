"""The two menus of the list: what to show, and in which order. They are filled anew whenever they open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtWidgets import QMenu

from bloodsmear.classifiers.labels import label_name
from bloodsmear.review.decisions import decision_name
from bloodsmear.review.records import FLAGS, Flag
from bloodsmear.review.sentences import flag_name
from desktop.gui.gallery.list_arrangement import Grouping, ListArrangement, Order
from desktop.gui.gallery.list_filter import DONE_NAMES, ListFilter

_BELOW_PERCENT = (60, 70, 80, 90, 95, 99)
_ORDERS: dict[Order, str] = {"name": "As in the folder", "uncertainty": "Least certain first"}
_GROUPINGS: dict[Grouping, str] = {
    "none": "No headings",
    "label": "Headings by label",
    "case": "Headings by case",
}
_OFF_BLIND = "Off in blind reading: {}"


@dataclass(frozen=True, slots=True)
class FilterOffer:
    """What can be asked for: label keys and decisions of the study; `blind`: nothing that depends on classifiers."""

    labels: tuple[str, ...]
    decisions: tuple[str, ...]
    blind: bool


@dataclass(frozen=True, slots=True)
class _Line:
    words: str
    chosen: bool
    choose: Callable[[], None]


def fill_filter_menu(
    menu: QMenu, now: ListFilter, offer: FilterOffer, choose: Callable[[ListFilter], None]
) -> None:
    """Disputed; decision, label, flag and confidence, each a menu of its own. `choose` gets the whole filter."""
    _empty(menu)
    disputed = _Line("Disputed", now.disputed, lambda: choose(replace(now, disputed=not now.disputed)))
    _add_lines(menu, [disputed])
    _add_submenu(menu, "Decision", _decision_lines(now, offer, choose))
    if offer.blind:
        _add_remark(menu, _OFF_BLIND.format("label, flag, confidence"))
        return
    _add_submenu(menu, "Label", _label_lines(now, offer, choose))
    _add_submenu(menu, "Flag", _flag_lines(now, choose))
    _add_submenu(menu, "Confidence", _confidence_lines(now, choose))


def fill_order_menu(
    menu: QMenu, now: ListArrangement, blind: bool, choose: Callable[[ListArrangement], None]
) -> None:
    """The orders, then the headings; one of each holds."""
    _empty(menu)
    offered = now.without_classifiers() if blind else now
    orders: tuple[Order, ...] = ("name",) if blind else ("name", "uncertainty")
    groupings: tuple[Grouping, ...] = ("none", "case") if blind else ("none", "label", "case")

    def order_line(order: Order) -> _Line:
        return _Line(_ORDERS[order], offered.order == order, lambda: choose(replace(offered, order=order)))

    def grouping_line(grouping: Grouping) -> _Line:
        chosen = offered.grouping == grouping
        return _Line(_GROUPINGS[grouping], chosen, lambda: choose(replace(offered, grouping=grouping)))

    _add_lines(menu, [order_line(order) for order in orders])
    menu.addSeparator()
    _add_lines(menu, [grouping_line(grouping) for grouping in groupings])
    if blind:
        _add_remark(menu, _OFF_BLIND.format("certainty, label"))


def _decision_lines(now: ListFilter, offer: FilterOffer, choose: Callable[[ListFilter], None]) -> list[_Line]:
    def line(words: str, done: bool | None, decided_as: str = "") -> _Line:
        chosen = (now.done, now.decided_as) == (done, decided_as)
        return _Line(words, chosen, lambda: choose(replace(now, done=done, decided_as=decided_as)))

    rest = [
        line(f"Decided as {decision_name(decision, now.names)}", None, decision)
        for decision in offer.decisions
    ]
    return [line("Any", None), *(line(name, done) for done, name in DONE_NAMES.items()), *rest]


def _label_lines(now: ListFilter, offer: FilterOffer, choose: Callable[[ListFilter], None]) -> list[_Line]:
    def line(key: str) -> _Line:
        return _Line(
            label_name(key, now.names),
            key in now.labels,
            lambda: choose(replace(now, labels=now.labels ^ {key})),
        )

    whole = _Line("Any", not now.labels, lambda: choose(replace(now, labels=frozenset())))
    return [whole, *map(line, offer.labels)]


def _flag_lines(now: ListFilter, choose: Callable[[ListFilter], None]) -> list[_Line]:
    def line(flag: Flag) -> _Line:
        words, flags = flag_name(flag).capitalize(), now.flags ^ {flag}
        return _Line(words, flag in now.flags, lambda: choose(replace(now, flags=flags)))

    whole = _Line("Any or none", not now.flags, lambda: choose(replace(now, flags=frozenset())))
    return [whole, *map(line, FLAGS)]


def _confidence_lines(now: ListFilter, choose: Callable[[ListFilter], None]) -> list[_Line]:
    def line(words: str, below_percent: int) -> _Line:
        chosen = now.below_percent == below_percent
        return _Line(words, chosen, lambda: choose(replace(now, below_percent=below_percent)))

    return [line("Any", 0), *(line(f"Below {percent}\u00a0%", percent) for percent in _BELOW_PERCENT)]


def _empty(menu: QMenu) -> None:
    # clear() deletes lines, but leaves the menus below as hidden children: one set more each time it opens.
    for action in menu.actions():
        below = action.menu()
        if isinstance(below, QMenu):
            below.deleteLater()
    menu.clear()


def _add_submenu(menu: QMenu, title: str, lines: Sequence[_Line]) -> None:
    _add_lines(menu.addMenu(title), lines)


def _add_lines(menu: QMenu, lines: Sequence[_Line]) -> None:
    for line in lines:
        action = menu.addAction(line.words)
        action.setCheckable(True)
        action.setChecked(line.chosen)
        action.triggered.connect(lambda _checked=False, line=line: line.choose())


def _add_remark(menu: QMenu, words: str) -> None:
    menu.addSeparator()
    menu.addAction(words).setEnabled(False)
