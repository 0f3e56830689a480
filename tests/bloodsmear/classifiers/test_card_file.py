"""Reading cards strictly: what is wrong is named, with its value."""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bloodsmear.classifiers.appearance import APPEARANCE_COUNT
from bloodsmear.classifiers.card import (
    CARD_VERSION,
    BaseClassifier,
    Card,
    CardFile,
    CardLabel,
    CrossValidation,
    FastFigures,
    Figure,
    GoldenCase,
    LabelCount,
    RunFigures,
    Spread,
    TrainedOn,
    UnlikeTraining,
)
from bloodsmear.classifiers.card_file import parse_card, read_card, write_card
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.errors import CardError


def as_json(card: Card) -> dict[str, Any]:
    builtins: dict[str, Any] = msgspec.to_builtins(card)
    return builtins


def as_older(card: Card, version: int) -> dict[str, Any]:
    """As a card of that version, without the fields that versions 4 to 7 brought."""
    new = ["answers_for"]
    new += ["base"] if version < 6 else []
    new += ["sure_from", "cross_validation"] if version < 4 else []
    older = {name: value for name, value in as_json(card).items() if name not in new}
    if version < 5:
        del older["recipe"]["fill_scale_bar"]
    return older | {"card_version": version}


def refusal(data: object) -> str:
    with pytest.raises(CardError) as caught:
        parse_card(json.dumps(data).encode(), "card.json")
    return str(caught.value)


def field_refusal(data: object) -> str:
    """The sentence about a field, without what every such sentence ends with: what to do."""
    sentence, advice, rest = refusal(data).partition(" Correct the card, or install the classifier again.")
    assert (bool(advice), rest) == (True, "")
    return sentence


def statistics() -> UnlikeTraining:
    """Of three features, and of an appearance of which only the lightness varies."""
    return UnlikeTraining(
        layer="pooled",
        features=Spread(
            mean=(0.1, -2e-05, 3.0), components=((1.0, 0.0, 0.5),), residual_variance=0.25, threshold=4.0
        ),
        appearance=Spread(
            mean=(0.5,) * APPEARANCE_COUNT,
            components=((2.0,) + (0.0,) * (APPEARANCE_COUNT - 1),),
            residual_variance=0.01,
            threshold=3.0,
        ),
    )


def test_a_card_is_read_as_it_was_written(card: Card, tmp_path: Path) -> None:
    card = msgspec.structs.replace(card, unlike_training=statistics(), name="Ünïté 白血病")
    write_card(tmp_path, card)
    assert read_card(tmp_path) == card
    assert "[0.1, -2e-05, 3.0]" in (tmp_path / "card.json").read_text(encoding="utf-8")


def test_a_missing_card_is_named(tmp_path: Path) -> None:
    with pytest.raises(CardError, match=r"card\.json cannot be read \(No such file or directory\)"):
        read_card(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_pipe_in_a_cards_place_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "card.json")
    with pytest.raises(CardError, match="it is not a plain file"):
        read_card(tmp_path)


def test_a_card_of_a_gigabyte_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "card.json").open("wb") as file:
        file.truncate(1_000_000_000)
    with pytest.raises(CardError, match="is not a card: it has more than 67 MB"):
        read_card(tmp_path)


def test_an_unknown_field_is_named(card: Card) -> None:
    assert (
        field_refusal(as_json(card) | {"colour": "red"})
        == "card.json: the card has the unknown field `colour`."
    )


def test_an_unknown_field_inside_is_named_with_its_place(card: Card) -> None:
    data = as_json(card)
    data["recipe"]["gamma"] = 2
    assert field_refusal(data) == "card.json: recipe has the unknown field `gamma`."


def test_a_missing_field_is_named(card: Card) -> None:
    data = as_json(card)
    del data["files"][0]["sha256"]
    assert field_refusal(data) == "card.json: files[0] lacks the required field `sha256`."


def test_a_value_of_the_wrong_type_is_named_and_shown(card: Card) -> None:
    data = as_json(card)
    data["recipe"]["width_px"] = "96"
    assert field_refusal(data) == 'card.json: recipe.width_px: expected `int`, got `str`, got "96".'


def test_a_resize_method_that_is_not_ours_is_named_and_shown(card: Card) -> None:
    data = as_json(card)
    data["recipe"]["resize"] = "lanczos"
    assert field_refusal(data) == "card.json: recipe.resize: invalid enum value 'lanczos', got \"lanczos\"."


def test_a_newer_card_asks_for_an_update_whatever_its_fields(card: Card) -> None:
    message = refusal(as_json(card) | {"card_version": 8, "new": 1})
    assert message == "card.json: card_version is 8, this program reads up to 7; update Bloodsmear."


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe{}", b'{"id": NaN}', b"[" * 100_000])
def test_what_is_not_json_is_refused(content: bytes) -> None:
    with pytest.raises(CardError, match=r"card\.json is not valid JSON"):
        parse_card(content, "card.json")


def test_a_list_is_not_a_card() -> None:
    with pytest.raises(CardError, match="must hold one JSON object, got list"):
        parse_card(b"[]", "card.json")


WRONG = [
    (("id",), "Tiny Net", "id must be small letters"),
    (("id",), "../tiny", "got '../tiny'"),
    (("id",), "-tiny", "got '-tiny'"),
    (("name",), " ", "name must not be empty"),
    (("version",), "", "version must not be empty"),
    (("card_version",), 0, "card_version must be 7, got 0"),
    (("recipe", "height_px"), 0, "must be two numbers from 1 to 4096, got [22, 0]"),
    (("recipe", "width_px"), 100000, "got [100000, 18]"),
    (("recipe", "scale"), 0.0, "recipe.scale must not be zero"),
    (("temperature",), 0.0, "temperature must be above 0, got 0.0"),
    (("temperature",), -1.5, "got -1.5"),
    (("labels", 1, "key"), "benign", "labels must have each key once"),
    (("labels", 1, "key"), "Pre-B", "labels[1].key must be small letters"),
    (
        ("labels", 1, "key"),
        "other",
        "labels[1].key must not be what a reader decides in place of a label, got 'other'",
    ),
    (
        ("labels", 1, "key"),
        "unsure",
        "labels[1].key must not be what a reader decides in place of a label, got 'unsure'",
    ),
    (("labels", 1, "key"), "not_evaluable", "in place of a label, got 'not_evaluable'"),
    (("labels", 1, "name"), "", "labels[1].name must not be empty"),
    (("labels", 0, "name"), "Pro-B", "labels[0].name must be 'Benign' for the key 'benign', got 'Pro-B'"),
    (("files", 0, "name"), "model.h5", "files must list model.keras, got ['model.h5']"),
    (("files", 0, "sha256"), "abc", "files[0].sha256 must be 64 small hex digits, got 'abc'"),
    (("files", 0, "bytes"), 0, "files[0].bytes must be positive, got 0"),
    (("golden", 0, "probabilities"), [0.5, 0.5], "must have one value per label (4), got 2"),
    (("golden", 0, "probabilities"), [0.5, 0.5, 0.5, 0.5], "must sum to 1, got 2.0"),
    (("golden", 0, "image"), "../../secret.png", "must name a file below its folder"),
    (("golden", 0, "image"), "C:/secret.png", "must name a file below its folder"),
    (("golden",), [], "golden must hold at least one image"),
    (("trained_on", "date"), "yesterday", "trained_on.date must look like 2026-11-23"),
    (("trained_on", "fingerprints"), ["xyz"], "trained_on.fingerprints[0] must be 16 small hex digits"),
    (
        ("trained_on", "counts"),
        [{"label": "cat", "train": 1, "validation": 1, "held_out": 1}],
        "must be one of the card's labels, got 'cat'",
    ),
]


@pytest.mark.parametrize(("place", "value", "complaint"), WRONG, ids=[case[2] for case in WRONG])
def test_a_value_that_makes_no_sense_is_named(card: Card, place: str, value: object, complaint: str) -> None:
    data = as_json(card)
    part = data
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value
    assert complaint in refusal(data)


@pytest.mark.parametrize("name", ["../graph.xml", "sub/graph.xml", "sub\\graph.xml", "C:graph.xml", "..", ""])
def test_a_listed_file_never_leads_out_of_the_folder(card: Card, name: str) -> None:
    data = as_json(card)
    data["files"] = [*data["files"], {"name": name, "sha256": "0" * 64, "bytes": 1}]
    assert "files[1].name must name a file below its folder" in refusal(data)


@pytest.mark.parametrize(
    ("part", "field", "value", "complaint"),
    [
        ("features", "components", [[1.0]], "unlike_training.features.components[0] must have 3 values"),
        ("features", "mean", [], "unlike_training.features.mean must hold at least one value"),
        (
            "appearance",
            "residual_variance",
            0.0,
            "unlike_training.appearance.residual_variance must be above 0",
        ),
        ("appearance", "threshold", -1.0, "unlike_training.appearance.threshold must be above 0, got -1.0"),
        ("appearance", "components", [[0.0] * 30], "components[0] must have 30 values that are not all zero"),
    ],
)
def test_statistics_that_make_no_sense_are_refused(
    card: Card, part: str, field: str, value: object, complaint: str
) -> None:
    data = as_json(msgspec.structs.replace(card, unlike_training=statistics()))
    data["unlike_training"][part][field] = value
    assert complaint in refusal(data)


def test_an_appearance_of_other_numbers_than_this_program_takes_is_refused(card: Card) -> None:
    data = as_json(msgspec.structs.replace(card, unlike_training=statistics()))
    data["unlike_training"]["appearance"] |= {"mean": [0.5], "components": []}
    assert "unlike_training.appearance.mean must have 30 values, got 1" in refusal(data)


def test_a_card_of_version_1_is_read_and_knows_no_appearance(card: Card, tmp_path: Path) -> None:
    data = as_older(msgspec.structs.replace(card, unlike_training=statistics()), 1)
    data["unlike_training"] = {"layer": "pooled"} | data["unlike_training"]["features"]
    read = parse_card(json.dumps(data).encode(), "card.json")
    assert read.card_version == CARD_VERSION
    assert read.unlike_training == msgspec.structs.replace(statistics(), appearance=None)
    write_card(tmp_path, read)
    assert read_card(tmp_path) == read


def test_a_card_of_version_1_without_statistics_is_read(card: Card) -> None:
    assert parse_card(json.dumps(as_older(card, 1)).encode(), "card.json") == card


def test_a_card_of_version_2_did_not_measure_how_many_int8_answers(
    card: Card, offered_figures: FastFigures
) -> None:
    data = as_older(msgspec.structs.replace(card, fast=offered_figures), 2)
    for name in ("int8_share", "unlike_changed", "golden"):
        del data["fast"][name]
    read = parse_card(json.dumps(data).encode(), "card.json")
    assert read.card_version == CARD_VERSION
    assert read.fast == msgspec.structs.replace(
        offered_figures, int8_share=None, unlike_changed=None, golden=None
    )
    assert parse_card(json.dumps(as_older(card, 2)).encode(), "card.json") == card
    data["fast"]["int8_share"] = 0.1
    assert "has the unknown field `int8_share (card_version 2)`" in refusal(data)


def test_a_card_of_version_3_does_not_say_from_when_on_it_is_sure_nor_how_runs_differ(card: Card) -> None:
    assert parse_card(json.dumps(as_older(card, 3)).encode(), "card.json") == card
    said = as_older(card, 3) | {"sure_from": [0.7] * len(card.labels)}
    assert "has the unknown field `sure_from (card_version 3)`" in refusal(said)


def test_a_card_of_version_4_leaves_the_scale_bar_in_the_picture(card: Card) -> None:
    assert parse_card(json.dumps(as_older(card, 4)).encode(), "card.json") == card
    said = as_older(card, 4)
    said["recipe"]["fill_scale_bar"] = True
    assert "has the unknown field `fill_scale_bar (card_version 4)`" in refusal(said)
    del said["recipe"]
    assert "lacks the required field `recipe`" in refusal(said)


def test_a_card_of_version_5_knows_no_taught_classifiers(card: Card) -> None:
    assert parse_card(json.dumps(as_older(card, 5)).encode(), "card.json") == card
    said = as_older(card, 5) | {"base": None}
    assert "has the unknown field `base (card_version 5)`" in refusal(said)


def test_a_card_of_version_6_answers_for_images(card: Card) -> None:
    assert parse_card(json.dumps(as_older(card, 6)).encode(), "card.json") == card
    said = as_older(card, 6) | {"answers_for": "cell"}
    assert "has the unknown field `answers_for (card_version 6)`" in refusal(said)


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("labels_changed", -0.1, "fast.labels_changed must be from 0 to 1, got -0.1"),
        ("largest_move", 1.5, "fast.largest_move must be from 0 to 1, got 1.5"),
        ("int8_share", 2.0, "fast.int8_share must be from 0 to 1, got 2.0"),
        ("unlike_changed", -1.0, "fast.unlike_changed must be from 0 to 1, got -1.0"),
        ("images", 0, "fast.images must be positive, got 0"),
        ("golden", [[0.5, 0.5]], "fast.golden must have a value per label for each of"),
        ("command", " ", "fast.command must not be empty, got ' '"),
    ],
)
def test_figures_of_fast_answers_that_cannot_be_are_refused(
    card: Card, offered_figures: FastFigures, field: str, value: object, complaint: str
) -> None:
    data = as_json(msgspec.structs.replace(card, fast=offered_figures))
    data["fast"][field] = value
    assert complaint in refusal(data)


def test_a_card_of_version_1_is_read_as_strictly(card: Card) -> None:
    data = as_older(card, 1)
    wrong = {"layer": "pooled", "mean": [0.0], "components": [], "residual_variance": 1.0}
    assert "lacks the required field `threshold`" in refusal(data | {"unlike_training": wrong})
    assert "has the unknown field `appearance`" in refusal(
        data | {"unlike_training": wrong | {"threshold": 1.0, "appearance": None}}
    )
    assert "has the unknown field `mood`" in refusal(data | {"mood": 1})
    del data["unlike_training"]
    assert "lacks the required field `unlike_training`" in refusal(data)


def test_a_wrong_card_is_not_written(card: Card, tmp_path: Path) -> None:
    with pytest.raises(CardError, match="temperature"):
        write_card(tmp_path, msgspec.structs.replace(card, temperature=float("nan")))
    assert list(tmp_path.iterdir()) == []


def test_the_page_on_cards_names_every_field_and_its_example_is_a_valid_card() -> None:
    page = (Path(__file__).parents[3] / "docs" / "card.md").read_text(encoding="utf-8")
    table, _, example = page.partition("## An example")
    parse_card(example.split("```json")[1].split("```")[0].encode(), "docs/card.md")
    for kind in (
        Card,
        CardLabel,
        CardFile,
        Recipe,
        TrainedOn,
        LabelCount,
        Figure,
        Spread,
        UnlikeTraining,
        GoldenCase,
        FastFigures,
        CrossValidation,
        RunFigures,
        BaseClassifier,
    ):
        for field in kind.__struct_fields__:
            assert re.search(rf"[`.]{field}`", table), f"docs/card.md does not name {kind.__name__}.{field}"
