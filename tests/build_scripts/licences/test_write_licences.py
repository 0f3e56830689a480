"""The folder of licences: the report names every part, the offer every one whose source is owed."""

import json
from pathlib import Path

import pytest
from licences.parts import Part
from licences.write_licences import OFFER_NAME, REPORT_NAME, SBOM_NAME, Release, write_licences


@pytest.fixture
def parts(tmp_path: Path) -> list[Part]:
    texts = []
    for folder, content in (("a", "one"), ("b", "another")):
        text = tmp_path / folder / "LICENSE"
        text.parent.mkdir()
        text.write_text(content)
        texts.append(text)
    return [
        Part(
            "PySide6_Essentials",
            "6.11.3",
            "LGPL-3.0-only",
            (texts[0],),
            ("libQt6Core",),
            "pkg:pypi/pyside6@6.11.3",
        ),
        Part("numpy", "2.4.6", "BSD-3-Clause AND MIT", tuple(texts), purl="pkg:pypi/numpy@2.4.6"),
        Part("opencv-python-headless", "5.0", "Apache 2.0", (texts[0],)),
    ]


@pytest.fixture
def folder(tmp_path: Path, parts: list[Part]) -> Path:
    target = tmp_path / "licences"
    write_licences(target, Release("1.2.0", "Review", "source@example.org"), parts)
    return target


def test_the_report_names_every_part_with_its_licence(folder: Path, parts: list[Part]) -> None:
    report = (folder / REPORT_NAME).read_text(encoding="utf-8")
    for part in parts:
        assert f"{part.name} {part.version}\n    licence: {part.licence}" in report
    assert "libQt6Core" in report
    assert "Bloodsmear 1.2.0, edition Review" in report


def test_the_offer_names_what_the_lgpl_covers_and_whom_to_ask(folder: Path) -> None:
    offer = (folder / OFFER_NAME).read_text(encoding="utf-8")
    assert "PySide6_Essentials 6.11.3 (LGPL-3.0-only)" in offer
    assert "FFmpeg, inside opencv-python-headless" in offer
    assert "numpy" not in offer
    assert "Ask: source@example.org" in offer


def test_two_texts_of_one_name_are_both_kept(folder: Path) -> None:
    assert {path.read_text() for path in (folder / "numpy").iterdir()} == {"one", "another"}


def test_the_texts_of_the_lgpl_and_the_gpl_come_along(folder: Path) -> None:
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in (folder / "LGPL-3.0.txt").read_text(encoding="utf-8")
    assert "GNU GENERAL PUBLIC LICENSE" in (folder / "GPL-3.0.txt").read_text(encoding="utf-8")


def test_the_list_of_parts_is_cyclonedx_and_names_each(folder: Path, parts: list[Part]) -> None:
    content = json.loads((folder / SBOM_NAME).read_text(encoding="utf-8"))
    assert content["bomFormat"] == "CycloneDX"
    assert content["metadata"]["component"]["version"] == "1.2.0"
    assert {one["name"] for one in content["components"]} == {part.name for part in parts}
    numpy = next(one for one in content["components"] if one["name"] == "numpy")
    assert numpy["licenses"] == [{"expression": "BSD-3-Clause AND MIT"}]
    assert numpy["purl"] == "pkg:pypi/numpy@2.4.6"
