"""Cards of older versions, brought into the newest form."""

import json
from typing import Any

from bloodsmear.classifiers.card import CARD_VERSION


def in_newest_form(content: bytes, head: dict[str, Any]) -> bytes:
    """The card's JSON bytes in the newest form; `head` is what they hold. What is no such card is left as it is."""
    if head.get("card_version") != 1:
        return content
    return json.dumps(_from_1(head), ensure_ascii=False).encode()


def _from_1(head: dict[str, Any]) -> dict[str, Any]:
    """Version 1 knew the features only, and their statistics stood beside the layer."""
    statistics = head.get("unlike_training")
    if isinstance(statistics, dict):
        spread = {name: value for name, value in statistics.items() if name != "layer"}
        layer = {"layer": statistics["layer"]} if "layer" in statistics else {}
        statistics = {**layer, "features": spread, "appearance": None}
    newest = {**head, "card_version": CARD_VERSION}
    return newest if statistics is None else {**newest, "unlike_training": statistics}
