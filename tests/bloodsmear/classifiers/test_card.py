"""What version 4 of the card brought: from when on an answer is sure, and how figures differ from run to run."""

import json
from typing import Any

import msgspec
import pytest

from bloodsmear.classifiers.card import Card
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
