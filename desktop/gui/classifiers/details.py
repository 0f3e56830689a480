"""All that is known of the selected classifier, and what can be done with it."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.gui.classifiers.figures_box import FiguresBox
from desktop.gui.classifiers.state import ListedClassifier
from desktop.gui.classifiers.words import origin_words, size_words
from desktop.gui.theme.page_parts import NoticeBox, button, button_row, page_column, paragraph, scrolling
from desktop.gui.theme.wrapped_text import WrappedText

# The figures with their intervals, or a table of four labels.
_NARROWEST_PX = 356


class ClassifierDetails(QWidget):
    """`verify_wanted(id)`, `order_wanted(id)`, `remove_wanted(id)` once it was confirmed, `page_wanted(Path)`."""

    verify_wanted = Signal(str)
    order_wanted = Signal(str)
    remove_wanted = Signal(str)
    page_wanted = Signal(Path)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._one: ListedClassifier | None = None
        self._busy = self._asking = False
        self._name = paragraph("", "title")
        self._name.setObjectName("details_name")
        self._facts = paragraph("", "muted")
        self._facts.setObjectName("details_facts")
        self._refused = NoticeBox("refused", amber=True)
        self._figures = FiguresBox()
        self._card = WrappedText()
        self._card.setObjectName("details_card")
        self._limits = WrappedText()
        self._limits.setObjectName("limits")
        self._no_page = WrappedText("wrapped_muted")
        self._no_page.setObjectName("no_page")
        self._question = NoticeBox("remove_question", amber=True)
        self._verify = button("verify", "Verify")
        self._verify.setToolTip("Compute the files' sha256 and answer the golden test again.")
        self._order = button("try_order", "Try label order…")
        self._order.setToolTip("On a folder of labelled images: whether its labels stand in the right order.")
        self._page = button("evaluation_page", "Evaluation page")
        self._remove = button("remove", "Remove…")
        self._really = button("really_remove", "Remove it")
        self._keep = button("keep", "Keep it")
        self._lay_out()
        self._connect()
        self.show_classifier(None, busy=False)

    def show_classifier(self, one: ListedClassifier | None, busy: bool) -> None:
        """Show this one; None where none is selected. While something is under way nothing can be asked for."""
        same = one is not None and self._one is not None and one.id == self._one.id
        self._asking = self._asking and same and not busy
        self._one, self._busy = one, busy
        self._refused.say(one.refused if one is not None else "")
        for part in (self._name, self._facts, self._figures):
            part.setVisible(one is not None)
        if one is not None:
            self._name.setText(f"{one.name} {one.version}".rstrip())
            self._facts.setText(_facts(one))
            self._figures.setVisible(one.origin != "missing")
            self._figures.show_figures(one)
        self._card.say(_card_words(one) if one is not None and one.labels else "")
        self._limits.say(_limit_words(one) if one is not None and one.limits else "")
        self._no_page.say(_no_page_words(one) if one is not None else "")
        self._show_buttons()

    def _show_buttons(self) -> None:
        one = self._one
        there = one is not None and one.origin != "missing"
        own = one is not None and one.origin == "own"
        self._question.say(_question(one) if one is not None and self._asking else "")
        for part in (self._verify, self._order):
            part.setVisible(there and not self._asking)
        self._page.setVisible(one is not None and one.page is not None and not self._asking)
        self._remove.setVisible(own and not self._asking)
        for part in (self._really, self._keep):
            part.setVisible(self._asking)
        for part in (self._verify, self._order, self._remove, self._really):
            part.setEnabled(not self._busy)

    def _ask(self, asking: bool) -> None:
        self._asking = asking
        self._show_buttons()
        if asking:
            # Enter or Space must not remove what was only asked about.
            self._keep.setFocus()

    def _lay_out(self) -> None:
        body = QWidget()
        column = page_column(body)
        # The button beside the name: below, a laptop at 200 % has no room for it beside the others.
        head = QHBoxLayout()
        head.addWidget(self._name, 1)
        head.addWidget(self._page)
        column.addLayout(head)
        parts = (
            self._facts,
            self._refused,
            self._figures,
            self._card,
            self._limits,
            self._no_page,
        )
        for part in parts:
            column.addWidget(part)
        column.addStretch(1)
        whole = page_column(self)
        self.setMinimumWidth(_NARROWEST_PX)
        whole.addWidget(scrolling(body), 1)
        whole.addWidget(self._question)
        whole.addLayout(button_row([self._remove, self._really, self._keep], [self._order, self._verify]))

    def _connect(self) -> None:
        self._verify.clicked.connect(lambda _checked=False: self.verify_wanted.emit(self._id()))
        self._order.clicked.connect(lambda _checked=False: self.order_wanted.emit(self._id()))
        self._remove.clicked.connect(lambda _checked=False: self._ask(True))
        self._keep.clicked.connect(lambda _checked=False: self._ask(False))
        self._really.clicked.connect(lambda _checked=False: self.remove_wanted.emit(self._id()))
        self._page.clicked.connect(lambda _checked=False: self._want_page())

    def _id(self) -> str:
        return self._one.id if self._one is not None else ""

    def _want_page(self) -> None:
        if self._one is not None and self._one.page is not None:
            self.page_wanted.emit(self._one.page)


def _facts(one: ListedClassifier) -> str:
    facts = [one.architecture, origin_words(one), size_words(one.size_bytes) if one.size_bytes else ""]
    return " · ".join(fact for fact in (*facts, f"id {one.id}") if fact)


def _card_words(one: ListedClassifier) -> str:
    return (
        f"Labels in the order of its outputs: {', '.join(one.labels)}.\n"
        f"How an image is prepared: {one.recipe}.\n"
        f"Trained on: {one.came_from}.\n"
        f"Licence: {one.licence}."
    )


def _limit_words(one: ListedClassifier) -> str:
    return "\n".join(
        ["What it must not be used for, and its limits:", *(f"–  {limit}" for limit in one.limits)]
    )


def _no_page_words(one: ListedClassifier) -> str:
    """Nothing for one that has a page, or that cannot be measured."""
    if one.page is not None or one.refused or not one.page_command:
        return ""
    return (
        "It has no evaluation page on this PC: the page shows small pictures of images, so it stays where they are. "
        "From a folder of labelled images that it was not trained on, this command makes one, and it opens here then:\n"
        f"{one.page_command}"
    )


def _question(one: ListedClassifier) -> str:
    after = (
        "The one that ships with the program answers then."
        if one.in_place_of_shipped
        else "To have it again you need its file."
    )
    return f"Remove {one.name} from this PC? Studies keep what it answered. {after}"
