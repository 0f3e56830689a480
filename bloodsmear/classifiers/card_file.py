"""Strict reading and writing of card.json: every refusal names the file, the field and the value."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from bloodsmear import atomic_file
from bloodsmear.classifiers.appearance import APPEARANCE_COUNT
from bloodsmear.classifiers.card import (
    CARD_VERSION,
    BaseClassifier,
    Card,
    CrossValidation,
    FastFigures,
    Spread,
)
from bloodsmear.classifiers.card_ranges import range_findings
from bloodsmear.classifiers.labels import DECIDED_BESIDE_LABELS, label_name
from bloodsmear.errors import CardError
from bloodsmear.file_names import LEADS_OUT, is_below
from bloodsmear.json_file import read_bounded

CARD_NAME = "card.json"
MODEL_NAME = "model.keras"
# A card holds statistics of features, some hundred kilobytes; more is not a card.
_MAX_BYTES = 64 * 1024 * 1024
_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FINGERPRINT = re.compile(r"[0-9a-f]{16}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_SUM_TOLERANCE = 1e-3
# Made at import: two threads that are the first to decode a type at once end the program (msgspec 0.22 may
# read a description that is half made: 4 of 30 starts under stress).
_CARDS = msgspec.json.Decoder(Card)

_ADVICE = "Correct the card, or install the classifier again."

# One finding: the field and what is wrong with its value.
_Finding = tuple[str, str]


def read_card(folder: Path) -> Card:
    """Read the card of a classifier's folder. CardError names the file, the field and the value."""
    path = Path(folder) / CARD_NAME
    try:
        content = read_bounded(path, _MAX_BYTES)
    except ValueError as error:
        raise CardError(f"{path} is not a card: {error}.") from error
    except OSError as error:
        raise CardError(
            f"{path} cannot be read ({error.strerror}); a classifier's folder holds a {CARD_NAME}."
        ) from error
    return parse_card(content, str(path))


def parse_card(content: bytes, source: str) -> Card:
    """Parse a card's JSON bytes; `source` names it in a CardError."""
    content = _in_newest_form(content, _read_head(content, source))
    try:
        card = _CARDS.decode(content)
    except msgspec.ValidationError as error:
        raise CardError(f"{source}: {_in_words(str(error), content)} {_ADVICE}") from error
    check_card(card, source)
    return card


def write_card(folder: Path, card: Card) -> None:
    """Write the card into a classifier's folder, whole or not at all. CardError for a wrong card, OSError."""
    path = Path(folder) / CARD_NAME
    check_card(card, str(path))
    text = json.dumps(msgspec.to_builtins(card), ensure_ascii=False, allow_nan=False, indent=1)
    # A number a line makes a card of statistics unreadable; rows of plain numbers go on one line.
    text = re.sub(r"\[\s*(-?[\d.eE+-]+(?:,\s*-?[\d.eE+-]+)*)\s*\]", _on_one_line, text)
    atomic_file.write(path, (text + "\n").encode())


def check_card(card: Card, source: str) -> None:
    """Check what the types alone cannot say. CardError names the first field that is wrong and its value."""
    for field, complaint in _findings(card):
        raise CardError(f"{source}: {field} {complaint}. {_ADVICE}")


def _read_head(content: bytes, source: str) -> dict[str, Any]:
    # Before anything else: a newer card has other fields, and their names would be the wrong complaint.
    try:
        head = msgspec.json.decode(content)
    except msgspec.DecodeError as error:
        raise CardError(f"{source} is not valid JSON: {error}.") from error
    except UnicodeDecodeError as error:
        raise CardError(f"{source} is not valid JSON: it is not UTF-8.") from error
    except RecursionError as error:
        raise CardError(f"{source} is not valid JSON for a card: it is nested too deep.") from error
    if not isinstance(head, dict):
        raise CardError(f"{source} is not a card: it must hold one JSON object, got {type(head).__name__}.")
    version = head.get("card_version", CARD_VERSION)
    if isinstance(version, int) and version > CARD_VERSION:
        raise CardError(
            f"{source}: card_version is {version}, this program reads up to {CARD_VERSION}; update Bloodsmear."
        )
    return head


def _in_words(message: str, content: bytes) -> str:
    # msgspec says "Object contains unknown field `x` - at `$.recipe`": the place comes first in our sentence.
    complaint, _, place = message.partition(" - at `$")
    steps = place.rstrip("`")
    field = steps.removeprefix(".") or "the card"
    value = _value_at(json.loads(content), steps)
    complaint = complaint.replace("Object contains", "has an").replace("Object missing", "lacks the")
    complaint = complaint.replace("an unknown", "the unknown")
    if complaint.startswith(("has", "lacks")):
        return f"{field} {complaint}."
    return f"{field}: {complaint[0].lower()}{complaint[1:]}, got {value}."


def _value_at(value: object, steps: str) -> str:
    for name, index in re.findall(r"\.(\w+)|\[(\d+|\.\.\.)\]", steps):
        if name and isinstance(value, dict):
            value = value.get(name)
        elif index.isdigit() and isinstance(value, list):
            value = value[int(index)]
        else:
            break
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= 80 else shown[:77] + "..."


def _on_one_line(row: re.Match[str]) -> str:
    return "[" + re.sub(r",\s*", ", ", row.group(1)) + "]"


def _findings(card: Card) -> Iterator[_Finding]:
    if card.card_version != CARD_VERSION:
        yield "card_version", f"must be {CARD_VERSION}, got {card.card_version}"
    if not _ID.fullmatch(card.id):
        yield (
            "id",
            f"must be small letters, digits, _ and -, beginning with a letter or digit, got {card.id!r}",
        )
    for field in ("name", "version", "architecture", "licence"):
        if not getattr(card, field).strip():
            yield field, f"must not be empty, got {getattr(card, field)!r}"
    yield from _label_findings(card)
    yield from _recipe_findings(card)
    yield from _file_findings(card)
    yield from _origin_findings(card)
    yield from _number_findings(card)
    yield from _golden_findings(card)
    if card.fast is not None:
        yield from _fast_findings(card, card.fast)
    if card.cross_validation is not None:
        yield from _run_findings(card, card.cross_validation)
    yield from range_findings(card)
    for index, label in enumerate(card.labels):
        # Windows and reports go by the key; the card's own name stands in lists, and would say another label there.
        usual = label_name(label.key)
        if label.name != usual != label.key:
            yield f"labels[{index}].name", f"must be {usual!r} for the key {label.key!r}, got {label.name!r}"


def _label_findings(card: Card) -> Iterator[_Finding]:
    keys = card.label_keys
    if len(keys) < 2:
        yield "labels", f"must be at least two, got {list(keys)}"
    if len(set(keys)) < len(keys):
        yield "labels", f"must have each key once, got {list(keys)}"
    for index, label in enumerate(card.labels):
        if not _ID.fullmatch(label.key):
            yield f"labels[{index}].key", f"must be small letters, digits, _ and -, got {label.key!r}"
        if label.key in DECIDED_BESIDE_LABELS:
            yield (
                f"labels[{index}].key",
                f"must not be what a reader decides in place of a label, got {label.key!r}",
            )
        if not label.name.strip():
            yield f"labels[{index}].name", f"must not be empty, got {label.name!r}"


def _recipe_findings(card: Card) -> Iterator[_Finding]:
    recipe = card.recipe
    size = [recipe.width_px, recipe.height_px]
    if min(size) <= 0 or max(size) > 4096:
        yield "recipe.width_px, recipe.height_px", f"must be two numbers from 1 to 4096, got {size}"
    if recipe.scale == 0:
        yield "recipe.scale", f"must not be zero, got {recipe.scale}"


def _file_findings(card: Card) -> Iterator[_Finding]:
    files, names = card.files, [file.name for file in card.files]
    needed = (MODEL_NAME,) if card.base is None else ("graph.xml", "graph.bin")
    if not set(needed) <= set(names):
        yield "files", f"must list {' and '.join(needed)}, got {names}"
    if card.base is not None:
        yield from _base_findings(card, card.base)
    if len({name.casefold() for name in names}) < len(names):
        yield "files", f"must list each file once, got {names}"
    for index, file in enumerate(files):
        field = f"files[{index}]"
        if not is_below(file.name, bare=True):
            yield f"{field}.name", f"{LEADS_OUT}, got {file.name!r}"
        if not _SHA256.fullmatch(file.sha256):
            yield f"{field}.sha256", f"must be 64 small hex digits, got {file.sha256!r}"
        if file.bytes <= 0:
            yield f"{field}.bytes", f"must be positive, got {file.bytes}"


def _base_findings(card: Card, base: BaseClassifier) -> Iterator[_Finding]:
    if MODEL_NAME in [file.name for file in card.files]:
        yield "base", f"must be null for a classifier that has {MODEL_NAME}, got {base.id!r}"
    if card.fast is not None:
        yield "fast", "must be null for a taught classifier, which has no int8 graph"
    if not _ID.fullmatch(base.id):
        yield "base.id", f"must be small letters, digits, _ and -, got {base.id!r}"
    if not _SHA256.fullmatch(base.sha256):
        yield "base.sha256", f"must be 64 small hex digits, got {base.sha256!r}"


def _origin_findings(card: Card) -> Iterator[_Finding]:
    origin = card.trained_on
    if origin.date and not _DATE.fullmatch(origin.date):
        yield "trained_on.date", f"must look like 2026-11-23, got {origin.date!r}"
    for index, fingerprint in enumerate(origin.fingerprints):
        if not _FINGERPRINT.fullmatch(fingerprint):
            yield f"trained_on.fingerprints[{index}]", f"must be 16 small hex digits, got {fingerprint!r}"
    for index, count in enumerate(origin.counts):
        if count.label not in card.label_keys:
            yield (
                f"trained_on.counts[{index}].label",
                f"must be one of the card's labels, got {count.label!r}",
            )
        if min(count.train, count.validation, count.held_out) < 0:
            yield f"trained_on.counts[{index}]", "must not be negative"


def _number_findings(card: Card) -> Iterator[_Finding]:
    if not card.temperature > 0:
        yield "temperature", f"must be above 0, got {card.temperature}"
    yield from _sure_findings(card)
    statistics = card.unlike_training
    if statistics is None:
        return
    if not statistics.layer:
        yield "unlike_training.layer", "must name a layer, got ''"
    yield from _spread_findings(statistics.features, "unlike_training.features")
    if statistics.appearance is not None:
        yield from _spread_findings(statistics.appearance, "unlike_training.appearance")
        if len(statistics.appearance.mean) != APPEARANCE_COUNT:
            yield (
                "unlike_training.appearance.mean",
                f"must have {APPEARANCE_COUNT} values, got {len(statistics.appearance.mean)}",
            )


def _sure_findings(card: Card) -> Iterator[_Finding]:
    limits = card.sure_from
    if limits is None:
        return
    if len(limits) != len(card.labels):
        yield "sure_from", f"must have a value per label, got {len(limits)}"
    for index, limit in enumerate(limits):
        if not 0 <= limit <= 1:
            yield f"sure_from[{index}]", f"must be from 0 to 1, got {limit}"


def _run_findings(card: Card, validation: CrossValidation) -> Iterator[_Finding]:
    for index, run in enumerate(validation.runs):
        field = f"cross_validation.runs[{index}]"
        if run.label not in card.label_keys:
            yield f"{field}.label", f"must be one of the card's labels, got {run.label!r}"
        if not 0 <= run.right <= run.images or run.images == 0:
            yield field, f"must have 0 to all of its images right, got {run.right} of {run.images}"
    if validation.date and not _DATE.fullmatch(validation.date):
        yield "cross_validation.date", f"must look like 2026-11-23, got {validation.date!r}"


def _spread_findings(spread: Spread, field: str) -> Iterator[_Finding]:
    if not spread.mean:
        yield f"{field}.mean", "must hold at least one value, got []"
    for index, row in enumerate(spread.components):
        if len(row) != len(spread.mean) or not any(row):
            yield (
                f"{field}.components[{index}]",
                f"must have {len(spread.mean)} values that are not all zero, got {len(row)}",
            )
    if not spread.residual_variance > 0:
        yield f"{field}.residual_variance", f"must be above 0, got {spread.residual_variance}"
    if not spread.threshold > 0:
        yield f"{field}.threshold", f"must be above 0, got {spread.threshold}"


def _fast_findings(card: Card, fast: FastFigures) -> Iterator[_Finding]:
    for name in ("labels_changed", "largest_move", "int8_share", "unlike_changed"):
        value = getattr(fast, name)
        if value is not None and not 0 <= value <= 1:
            yield f"fast.{name}", f"must be from 0 to 1, got {value}"
    if fast.images <= 0:
        yield "fast.images", f"must be positive, got {fast.images}"
    if not fast.command.strip():
        yield "fast.command", f"must not be empty, got {fast.command!r}"
    sums = [] if fast.golden is None else [sum(row) for row in fast.golden]
    if any(abs(one - 1) > _SUM_TOLERANCE for one in sums):
        yield "fast.golden", f"must have rows that sum to 1, got {[round(one, 6) for one in sums]}"
    if fast.golden is not None and [len(row) for row in fast.golden] != [len(card.labels)] * len(card.golden):
        yield "fast.golden", f"must have a value per label for each of {len(card.golden)} golden images"


def _golden_findings(card: Card) -> Iterator[_Finding]:
    if not card.golden:
        yield "golden", "must hold at least one image and its answer, got []"
    for index, case in enumerate(card.golden):
        field = f"golden[{index}]"
        if not is_below(case.image, everywhere=True):
            yield f"{field}.image", f"{LEADS_OUT}, got {case.image!r}"
        if not _SHA256.fullmatch(case.sha256):
            yield f"{field}.sha256", f"must be 64 small hex digits, got {case.sha256!r}"
        if len(case.probabilities) != len(card.labels):
            yield (
                f"{field}.probabilities",
                f"must have one value per label ({len(card.labels)}), got {len(case.probabilities)}",
            )
        if abs(sum(case.probabilities) - 1.0) > _SUM_TOLERANCE:
            yield f"{field}.probabilities", f"must sum to 1, got {sum(case.probabilities):.6f}"


def _in_newest_form(content: bytes, head: dict[str, Any]) -> bytes:
    """The card's JSON bytes in the newest form; `head` is what they hold. Anything else is left as it is."""
    version = head.get("card_version")
    if version not in (1, 2, 3, 4, 5, 6):
        return content
    newest = _from_1(head) if version == 1 else head
    if version in (1, 2):
        newest = _from_2(newest)
    if version in (1, 2, 3):
        newest = _from_3(newest, version)
    if version in (1, 2, 3, 4):
        newest = _from_4(newest, version)
    if version != 6:
        newest = _with_new(newest, {"base": None}, version)
    newest = _with_new(newest, {"answers_for": "image"}, version)
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
    return _with_new(head, {"sure_from": None, "cross_validation": None}, version)


def _with_new(head: dict[str, Any], new: dict[str, Any], version: int) -> dict[str, Any]:
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
