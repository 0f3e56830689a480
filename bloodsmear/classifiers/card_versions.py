"""Cards of older versions, brought into the newest form."""

import json
from typing import Any

from bloodsmear.classifiers.card import CARD_VERSION


def in_newest_form(content: bytes, head: dict[str, Any]) -> bytes:
    """The card's JSON bytes in the newest form; `head` is what they hold. What is no such card is left as it is."""
    version = head.get("card_version")
    if version not in (1, 2, 3, 4):
        return content
    newest = _from_1(head) if version == 1 else head
    if version in (1, 2):
        newest = _from_2(newest)
    if version != 4:
        newest = _from_3(newest, version)
    newest = _from_4(newest, version)
    return json.dumps(newest | {"card_version": CARD_VERSION}, ensure_ascii=False).encode()


def _from_1(head: dict[str, Any]) -> dict[str, Any]:
    """Version 1 knew the features only, and their statistics stood beside the layer."""
    statistics = head.get("unlike_training")
    if not isinstance(statistics, dict):
        return head
    spread = {name: value for name, value in statistics.items() if name != "layer"}
    layer = {"layer": statistics["layer"]} if "layer" in statistics else {}
    return head | {"unlike_training": {**layer, "features": spread, "appearance": None}}


def _from_2(head: dict[str, Any]) -> dict[str, Any]:
    """Version 2 did not say how many images the int8 graph answers itself, whose flag changes, and what it answers."""
    fast = head.get("fast")
    if not isinstance(fast, dict):
        return head
    new = {"int8_share": None, "unlike_changed": None, "golden": None}
    # What it cannot hold is left under a name that nobody knows, for the reader to complain of.
    odd = {f"{name} (card_version 2)": fast[name] for name in new if name in fast}
    return head | {"fast": {**fast, **new, **odd}}


def _from_3(head: dict[str, Any], version: int) -> dict[str, Any]:
    """Version 3 did not say from when on an answer is sure, nor how figures differ from run to run."""
    new = {"sure_from": None, "cross_validation": None}
    # As in `_from_2`: a field that came later is left under a name that nobody knows.
    odd = {f"{name} (card_version {version})": head[name] for name in new if name in head}
    return head | odd | new


def _from_4(head: dict[str, Any], version: int) -> dict[str, Any]:
    """Version 4 left the scale bar in the picture."""
    recipe = head.get("recipe")
    if not isinstance(recipe, dict):
        return head
    name = "fill_scale_bar"
    odd = {f"{name} (card_version {version})": recipe[name]} if name in recipe else {}
    return head | {"recipe": {name: False, **{key: recipe[key] for key in recipe if key != name}, **odd}}
