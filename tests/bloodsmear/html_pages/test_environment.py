"""Whatever text comes into a page stays text, and a template that asks for what is not there fails."""

from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Template, TemplateNotFound, UndefinedError

from bloodsmear.html_pages.environment import find_template

PAGE = '{% from "parts.html" import label_mark %}<p title="{{ value }}">{{ inside }}</p>'


@pytest.fixture(scope="module")
def page(folder: Path) -> Template:
    return find_template(folder, "page.html", {})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("templates")
    (folder / "page.html").write_text(PAGE, encoding="utf-8")
    (folder / "note.html").write_text("{{ note | with_breaks }}", encoding="utf-8")
    return folder


@settings(max_examples=60)
@given(st.text(), st.text())
def test_any_text_comes_back_as_text_and_leaves_its_element_alone(
    page: Template, inside: str, value: str
) -> None:
    seen: list[tuple[str, str]] = []

    class Seen(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append(("tag", tag))
            seen.extend(("attribute", name) for name, _ in attrs)

    Seen().feed(page.render(inside=inside, value=value))

    assert seen == [("tag", "p"), ("attribute", "title")]


def test_what_turns_a_line_around_is_written_out_and_a_note_keeps_its_lines(
    page: Template, folder: Path
) -> None:
    html = page.render(inside="a\u202eb\n", value="\x1b\udcff")
    note = find_template(folder, "note.html", {}).render(note="first\n<b>\u202esecond")

    assert html == '<p title="\\x1b\\udcff">a\\u202eb\\n</p>'
    assert note == "first\n&lt;b&gt;\\u202esecond"


def test_a_word_that_nobody_gave_fails(page: Template, folder: Path) -> None:
    with pytest.raises(UndefinedError, match="inside"):
        page.render(value="1")
    with pytest.raises(TemplateNotFound):
        find_template(folder, "elsewhere.html", {})
