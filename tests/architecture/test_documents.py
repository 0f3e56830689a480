"""The documents: README is short, and no link leads nowhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README_LINES = 150
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "requirements").glob("*.md")])
# [words](place) and ![words](place), with or without an #anchor; not those that leave the repository.
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]+)(?:#[^)\s]*)?\)")


def test_readme_is_read_in_one_go() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= README_LINES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_no_page_holds_two_versions_of_a_passage() -> None:
    """What git leaves where two changes meet: in code it fails at once, in a page nobody sees it."""
    left = re.compile(r"^(<{7} |={7}$|>{7} )", re.MULTILINE)
    assert [page.name for page in PAGES if left.search(page.read_text(encoding="utf-8"))] == []


def test_every_page_of_the_documents_is_reached_from_another() -> None:
    reached = {
        (page.parent / link).resolve()
        for page in PAGES
        for link in LINK.findall(page.read_text(encoding="utf-8"))
        if (page.parent / link).resolve() != page
    }
    docs = [page for page in PAGES if page.parent == ROOT / "docs"]
    assert [page.name for page in docs if page not in reached] == []


def test_the_example_of_a_cluster_opens_no_dashboard() -> None:
    """It is a web page that shows paths to whoever asks."""
    lines = (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line.startswith(("dask scheduler", "dask worker"))]
    assert commands
    assert [line for line in commands if "--no-dashboard" not in line] == []
