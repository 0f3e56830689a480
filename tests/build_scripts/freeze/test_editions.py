"""Names and versions of what is handed on."""

import itertools

import pytest
from freeze.editions import EDITIONS, FULL, REVIEW, ROOT, file_stem, page_templates, system_name, version

from bloodsmear import __version__


def test_the_version_is_the_packages_own() -> None:
    assert version() == __version__


def test_no_two_programs_differ_by_capitals_alone() -> None:
    for edition in EDITIONS.values():
        names = [program.name for program in edition.programs]
        assert not [pair for pair in itertools.combinations(names, 2) if pair[0].lower() == pair[1].lower()]


def test_every_program_has_its_script_and_only_full_trains() -> None:
    assert all((ROOT / program.script).is_file() for program in FULL.programs)
    assert {program.name for program in FULL.programs} - {program.name for program in REVIEW.programs} == {
        "bloodsmear-train"
    }


def test_only_the_window_has_no_console() -> None:
    assert [program.name for program in FULL.programs if not program.console] == ["Bloodsmear"]


@pytest.mark.parametrize(
    ("platform", "machine", "name"),
    [
        ("win32", "AMD64", "windows-x86_64"),
        ("darwin", "arm64", "macos-arm64"),
        ("linux", "x86_64", "linux-x86_64"),
        ("linux", "aarch64", "linux-arm64"),
    ],
)
def test_a_file_names_its_system_in_one_way(platform: str, machine: str, name: str) -> None:
    assert system_name(platform, machine) == name
    assert file_stem(REVIEW, "1.2.0", name) == f"Bloodsmear-1.2.0-review-{name}"


def test_each_edition_has_the_templates_of_the_pages_that_it_writes() -> None:
    shared = ["bloodsmear/html_pages/templates", "bloodsmear/reports/html_report/templates"]
    assert [folder for _source, folder in page_templates(REVIEW)] == shared
    assert [folder for _source, folder in page_templates(FULL)] == [
        *shared,
        "training/evaluation/page/templates",
    ]
