"""HTML from parts: text is escaped wherever it comes in, so that no file name and no note becomes a tag."""

from collections.abc import Iterable
from html import escape

from bloodsmear.visible_text import visible

_WITHOUT_END = frozenset({"img"})


class Markup(str):
    """HTML that stands as it is. Any other str is text."""

    __slots__ = ()


def element(name: str, *content: str, **attributes: str) -> Markup:
    """An element around its content, text escaped. `class_` is the attribute class; empty attributes are left out."""
    told = "".join(
        f' {key.rstrip("_")}="{_escaped(value)}"' for key, value in attributes.items() if value != ""
    )
    end = "" if name in _WITHOUT_END else f"</{name}>"
    return Markup(f"<{name}{told}>{joined(content)}{end}")


def joined(parts: Iterable[str]) -> Markup:
    """The parts one after the other, text escaped."""
    return Markup("".join(part if isinstance(part, Markup) else _escaped(part) for part in parts))


def table(header: Iterable[str], rows: Iterable[Iterable[str]], class_: str = "") -> Markup:
    """A table whose first column names its rows."""
    head = element("tr", *(element("th", cell, scope="col") for cell in header))
    body = [_table_row(list(row)) for row in rows]
    return element("table", element("thead", head), element("tbody", *body), class_=class_)


def _table_row(cells: list[str]) -> Markup:
    return element("tr", element("th", cells[0], scope="row"), *(element("td", cell) for cell in cells[1:]))


def _escaped(text: str) -> str:
    # What HTML does not allow in a text is among what is written out. A note may have several lines.
    return escape(visible(text, breaks=True))
