"""What versions 4 and 6 of the card brought: limits, figures from run to run, and taught classifiers."""

import hashlib
import json
from typing import Any

import msgspec
import pytest

from bloodsmear.classifiers.card import Card, FastFigures
from bloodsmear.classifiers.card_file import parse_card
from bloodsmear.errors import CardError


def as_json(card: Card) -> dict[str, Any]:
    builtins: dict[str, Any] = msgspec.to_builtins(card)
    return builtins


def field_refusal(data: object) -> str:
    with pytest.raises(CardError) as caught:
        parse_card(json.dumps(data).encode(), "card.json")
    return str(caught.value)


def test_limits_of_confidence_that_cannot_be_are_refused(card: Card) -> None:
    assert field_refusal(as_json(card) | {"sure_from": [0.7]}).startswith(
        "card.json: sure_from must have a value per label, got 1"
    )
    limits = [0.7] * (len(card.labels) - 1) + [1.2]
    assert f"sure_from[{len(card.labels) - 1}] must be from 0 to 1, got 1.2" in field_refusal(
        as_json(card) | {"sure_from": limits}
    )


def test_runs_with_more_right_answers_than_images_are_refused(card: Card) -> None:
    def with_run(**run: object) -> dict[str, Any]:
        whole = {"label": card.label_keys[0], "images": 41, "right": 39} | run
        validation = {"settings": "s", "groups": 5, "figures": [], "runs": [whole], "date": "2026-11-29"}
        return as_json(card) | {"cross_validation": validation}

    read = parse_card(json.dumps(with_run()).encode(), "card.json").cross_validation
    assert read is not None
    assert read.runs[0].right == 39
    assert "got 42 of 41" in field_refusal(with_run(right=42))
    assert "must be one of the card's labels, got 'basophil'" in field_refusal(with_run(label="basophil"))


def taught(card: Card) -> dict[str, Any]:
    """The card of a classifier that was taught on `vgg16`."""
    files = [
        {"name": name, "sha256": digit * 64, "bytes": 1}
        for name, digit in (("graph.xml", "a"), ("graph.bin", "b"))
    ]
    base = {"id": "vgg16", "version_mark": "2.0+1a2b3c4d", "sha256": "1a" * 32}
    return as_json(card) | {"files": files, "base": base}


def test_a_taught_classifier_has_a_graph_and_no_model_and_is_marked_by_the_graph(card: Card) -> None:
    read = parse_card(json.dumps(taught(card)).encode(), "card.json")
    assert read.model_sha256 == hashlib.sha256(("a" * 64 + "b" * 64).encode()).hexdigest()
    assert read.version_mark == f"1.0+{read.model_sha256[:8]}"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"base": None}, "files must list model.keras, got ['graph.xml', 'graph.bin']"),
        ({"files": []}, "files must list graph.xml and graph.bin, got []"),
        (
            {"base": {"id": "../vgg16", "version_mark": "1", "sha256": "1a" * 32}},
            "base.id must be small letters",
        ),
        (
            {"base": {"id": "vgg16", "version_mark": "1", "sha256": "1A"}},
            "base.sha256 must be 64 small hex digits",
        ),
        (
            {"base": {"id": "vgg16", "version_mark": "a\nb", "sha256": "1a" * 32}},
            "base.version_mark must be one line",
        ),
    ],
)
def test_a_taught_card_that_cannot_be_is_refused(card: Card, change: dict[str, Any], complaint: str) -> None:
    assert complaint in field_refusal(taught(card) | change)


def test_a_taught_card_with_a_model_or_fast_answers_is_refused(
    card: Card, offered_figures: FastFigures
) -> None:
    said = taught(card)
    model = {"name": "model.keras", "sha256": "0" * 64, "bytes": 1}
    assert "base must be null for a classifier that has model.keras" in field_refusal(
        said | {"files": [*said["files"], model]}
    )
    assert "fast must be null for a taught classifier" in field_refusal(
        said | {"fast": msgspec.to_builtins(offered_figures)}
    )
