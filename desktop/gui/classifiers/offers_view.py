"""The published classifiers that can be downloaded: what the reader agrees to stands beside each button."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.gui.classifiers.state import ClassifiersState, OfferedClassifier
from desktop.gui.classifiers.words import MessageRows
from desktop.gui.theme.page_parts import NoticeBox, button, button_row, page_column, paragraph, scrolling

_INTRODUCTION = (
    "Bloodsmear opens this network connection only when you agree to it. The only other one is that of "
    "`screen --executor` in a terminal, to the computers that are named there."
)
_BY_HAND = (
    "Without internet here: on another PC open {pages} in a browser, copy the files onto a stick, and add each of them "
    "here with “Add a file…” and the order “The published models”."
)


class OffersView(QWidget):
    """`download_wanted(OfferedClassifier)`: the reader agrees. `back_wanted()`."""

    download_wanted = Signal(OfferedClassifier)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offers: tuple[OfferedClassifier, ...] = ()
        self._boxes = QVBoxLayout()
        self._by_hand = NoticeBox("by_hand", amber=False)
        self.messages = MessageRows()
        self._back = button("offers_back", "Back")
        self._downloads: dict[str, QWidget] = {}
        body = QWidget()
        inside = page_column(body)
        inside.addWidget(paragraph(_INTRODUCTION, "muted"))
        inside.addLayout(self._boxes)
        inside.addWidget(self._by_hand)
        inside.addStretch(1)
        column = page_column(self)
        column.addWidget(paragraph("Published classifiers", "title"))
        column.addWidget(scrolling(body), 1)
        column.addWidget(self.messages)
        column.addLayout(button_row([self._back], []))
        self.back_wanted = self._back.clicked

    def show_state(self, state: ClassifiersState) -> None:
        """Show what can be downloaded, and how far a download is."""
        if state.offers != self._offers:
            self._fill(state.offers)
        self.messages.show_state(state)
        for download in self._downloads.values():
            download.setEnabled(state.work is None)

    def _fill(self, offers: tuple[OfferedClassifier, ...]) -> None:
        while (item := self._boxes.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._offers, self._downloads = offers, {}
        for offer in offers:
            self._boxes.addWidget(self._box(offer))
        self._by_hand.say(
            _BY_HAND.format(pages=" and ".join(offer.page for offer in offers)) if offers else ""
        )

    def _box(self, offer: OfferedClassifier) -> QWidget:
        box = QWidget()
        terms = paragraph("\n".join(offer.terms))
        terms.setObjectName(f"terms_{offer.id}")
        download = button(f"download_{offer.id}", f"Agree and download {offer.name}")
        download.clicked.connect(lambda _checked=False: self.download_wanted.emit(offer))
        self._downloads[offer.id] = download
        column = page_column(box)
        column.addWidget(terms)
        column.addLayout(button_row([download], []))
        return box
