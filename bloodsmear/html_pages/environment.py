"""HTML from templates. The one door to Jinja2: whatever text comes in is escaped, so that no name becomes a tag."""

import base64
from collections.abc import Callable, Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from bloodsmear import RESEARCH_USE, __version__
from bloodsmear.classifiers.label_colours import label_colour
from bloodsmear.classifiers.labels import label_name, unbroken
from bloodsmear.visible_text import visible

_SHARED = Path(__file__).with_name("templates")


def find_template(folder: Path, name: str, words: Mapping[str, object]) -> Template:
    """The template of that name in a document's own folder. It and what it imports may say all of `words`.

    `generate` on it gives the page in pieces. A name that nobody gave raises jinja2.UndefinedError.
    """
    environment = Environment(
        loader=FileSystemLoader([folder, _SHARED]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_seen,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= _FILTERS
    environment.globals |= {"app_version": __version__, "research_use": RESEARCH_USE, **words}
    return environment.get_template(name)


def as_drawn(markup: str) -> Markup:
    """HTML or SVG of our own making, which stands as it is."""
    return Markup(markup)


def _seen(value: object) -> object:
    # Of each value that a template writes; the environment escapes it next. Characters that HTML does not allow are
    # among those that are written out.
    return value if isinstance(value, Markup) else visible(str(value))


def _with_breaks(text: str) -> Markup:
    return escape(visible(text, breaks=True))


def _jpeg_address(jpeg: bytes) -> Markup:
    return as_drawn(f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode('ascii')}")


_FILTERS: dict[str, Callable[..., object]] = {
    "label_colour": label_colour,
    "label_name": label_name,
    "unbroken": unbroken,
    "with_breaks": _with_breaks,
    "jpeg_address": _jpeg_address,
}
