"""Texts that Qt takes as they are. By itself it takes `<img src=…>` in a name for a picture, and opens its file."""

import re
import textwrap
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget


class PlainLabel(QLabel):
    """A label whose text is never markup. Every label of the window is one, or one of its kinds."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)


_LONGEST_LINE = 76
# Controls, breaks, and what turns the direction of what follows; the joiners of Persian and Arabic stay.
_NOT_IN_A_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def plain_tooltip(text: str) -> str:
    """The text for a tooltip, which Qt has no plain form of: escaped where Qt could take it for markup.

    Long lines are broken: Qt lets one be as wide as the screen.
    """
    text = "\n".join(_broken(line) for line in text.split("\n"))
    if "<" not in text and "&" not in text:
        return text
    return f'<p style="white-space:pre-wrap">{escape(text)}</p>'


def _broken(line: str) -> str:
    if len(line) <= _LONGEST_LINE:
        return line
    return textwrap.fill(line, _LONGEST_LINE, break_long_words=False, break_on_hyphens=False)


def one_line(text: str) -> str:
    """The text without what breaks a line or turns its direction, as a file's name may hold: such signs as U+FFFD."""
    return _NOT_IN_A_LINE.sub("\N{REPLACEMENT CHARACTER}", text)
