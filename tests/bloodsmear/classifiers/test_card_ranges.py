"""A card's numbers have ranges and its texts have lengths: what a fit never gives is refused, with its value."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from bloodsmear import paths
from bloodsmear.classifiers.card_file import parse_card
from bloodsmear.errors import CardError

Change = Callable[[dict[str, Any]], object]


def shipped() -> dict[str, Any]:
    card: dict[str, Any] = json.loads((paths.shipped_classifiers() / "vgg16" / "card.json").read_bytes())
    return card


def test_the_cards_that_ship_are_within_them() -> None:
    for folder in paths.shipped_classifiers().iterdir():
        if folder.is_dir():
            parse_card((folder / "card.json").read_bytes(), "card.json")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda card: card.update(temperature=5e-324), "temperature must be from 0.05 to 20"),
        (lambda card: card.update(temperature=1e300), "temperature must be from 0.05 to 20"),
        (lambda card: card["recipe"].update(scale=1e300), "recipe.scale"),
        (lambda card: card["recipe"].update(offset=-1e300), "recipe.offset"),
        (lambda card: card.update(golden=card["golden"] * 3000, fast=None), "golden must have 50 entries"),
        (
            lambda card: card["golden"][0].update(probabilities=[2.0, -1.0, 0.0, 0.0]),
            "golden[0].probabilities",
        ),
        (lambda card: card["trained_on"]["counts"][0].update(train=10**30), "trained_on.counts[0]"),
        (lambda card: card["unlike_training"]["features"].update(threshold=1e300), "features.threshold"),
        (
            lambda card: card["unlike_training"]["features"].update(residual_variance=5e-324),
            "residual_variance",
        ),
        (lambda card: card.update(name="x" * 300), "name must be one line"),
        (lambda card: card.update(name="a\u202eb"), "name must be one line"),
        (lambda card: card.update(version="1\n2"), "version must be one line"),
        (lambda card: card["labels"][0].update(name="\x1b[2J"), "labels[0] must be one line"),
        (lambda card: card.update(licence="x" * 30_000), "licence must have texts"),
        (lambda card: card.update(limits=["x"] * 2000), "limits must have"),
    ],
)
def test_what_is_out_of_range_is_refused_with_its_name(change: Change, words: str) -> None:
    card = shipped()
    change(card)

    with pytest.raises(CardError) as caught:
        parse_card(json.dumps(card).encode(), "card.json")

    assert words in str(caught.value)
    assert len(str(caught.value)) < 500
