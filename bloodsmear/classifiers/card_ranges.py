"""What the numbers and texts of a card may be: a card comes from anywhere, and its types alone allow nonsense.

A temperature of 5e-324 is above 0 and makes every answer certain, or no number; thousands of golden images take
minutes.
"""

import math
from collections.abc import Iterator

import msgspec

from bloodsmear.classifiers.card import Card, Figure, Spread, TrainedOn

_Finding = tuple[str, str]
# Far outside of what a fit gives (0.5 to 3), far inside of what computes.
_TEMPERATURE = (0.05, 20.0)
_SCALE = (1e-6, 1e3)
_MOST_OFFSET = 1e6
_SPREAD = (1e-30, 1e30)
_MOST_GOLDEN, _MOST_LABELS, _MOST_LISTED = 50, 100, 1_000
_MOST_IMAGES = 1_000_000_000
_MOST_FEATURES, _MOST_FINGERPRINTS = 100_000, 1_000_000
_LARGEST_SEED = 2**63 - 1
# One line in a list, and a paragraph.
LONGEST_NAME, _LONGEST_TEXT = 200, 20_000
_NAMES = ("id", "name", "version", "architecture")
_NAMES_OF_BASE = ("id", "version_mark")


def range_findings(card: Card) -> Iterator[_Finding]:
    """Each field that is out of range, and what is wrong with it."""
    yield from _text_findings(card)
    for field, number in (
        ("labels", len(card.labels)),
        ("golden", len(card.golden)),
        ("figures", len(card.figures)),
    ):
        most = {"labels": _MOST_LABELS, "golden": _MOST_GOLDEN}.get(field, _MOST_LISTED)
        if number > most:
            yield field, f"must have {most} entries at most, got {number}"
    yield from _within("temperature", card.temperature, *_TEMPERATURE)
    yield from _within("recipe.scale", abs(card.recipe.scale), *_SCALE)
    yield from _within("recipe.offset", card.recipe.offset, -_MOST_OFFSET, _MOST_OFFSET)
    for index, case in enumerate(card.golden):
        for value in case.probabilities:
            yield from _within(f"golden[{index}].probabilities", value, 0.0, 1.0)
    yield from _origin_findings(card.trained_on)
    for index, figure in enumerate(card.figures):
        yield from _figure_findings(f"figures[{index}]", figure)
    if card.unlike_training is not None:
        yield from _spread_findings("unlike_training.features", card.unlike_training.features)
        if card.unlike_training.appearance is not None:
            yield from _spread_findings("unlike_training.appearance", card.unlike_training.appearance)


def _origin_findings(origin: TrainedOn) -> Iterator[_Finding]:
    # numpy does not take a seed below 0.
    yield from _within("trained_on.seed", origin.seed, 0, _LARGEST_SEED)
    if len(origin.fingerprints) > _MOST_FINGERPRINTS:
        yield "trained_on.fingerprints", f"must have {_MOST_FINGERPRINTS:,} entries at most"
    for index, count in enumerate(origin.counts):
        for value in (count.train, count.validation, count.held_out):
            yield from _within(f"trained_on.counts[{index}]", value, 0, _MOST_IMAGES)


def _within(field: str, value: float, least: float, most: float) -> Iterator[_Finding]:
    if not least <= value <= most:
        yield field, f"must be from {least:g} to {most:g}, got {value:g}"


def _figure_findings(field: str, figure: Figure) -> Iterator[_Finding]:
    yield from _within(f"{field}.images", figure.images, 0, _MOST_IMAGES)
    for value in (figure.value, figure.low, figure.high):
        if value is not None and not math.isfinite(value):
            yield field, f"must hold numbers, got {value}"


def _spread_findings(field: str, spread: Spread) -> Iterator[_Finding]:
    if not len(spread.components) <= len(spread.mean) <= _MOST_FEATURES:
        yield f"{field}.mean", f"must have {_MOST_FEATURES:,} values at most, and no fewer than components"
    yield from _within(f"{field}.residual_variance", spread.residual_variance, *_SPREAD)
    yield from _within(f"{field}.threshold", spread.threshold, *_SPREAD)
    if not all(abs(value) <= _SPREAD[1] for row in (spread.mean, *spread.components) for value in row):
        yield field, f"must hold numbers up to {_SPREAD[1]:g}"


def _text_findings(card: Card) -> Iterator[_Finding]:
    texts = [(field, getattr(card, field)) for field in _NAMES]
    if card.base is not None:
        texts += [(f"base.{field}", getattr(card.base, field)) for field in _NAMES_OF_BASE]
    for field, text in texts:
        if len(text) > LONGEST_NAME or not text.isprintable():
            yield field, f"must be one line of {LONGEST_NAME} letters at most, got {text[:60]!r}"
    for index, label in enumerate(card.labels):
        if max(len(label.key), len(label.name)) > LONGEST_NAME or not label.name.isprintable():
            yield (
                f"labels[{index}]",
                f"must be one line of {LONGEST_NAME} letters at most, got {label.name[:60]!r}",
            )
    for field in ("licence", "citation", "limits", "trained_on", "figures", "cross_validation"):
        longest = max(map(len, _texts(msgspec.to_builtins(getattr(card, field)))), default=0)
        if longest > _LONGEST_TEXT:
            yield field, f"must have texts of {_LONGEST_TEXT:,} letters at most, got one of {longest:,}"
    if len(card.limits) > _MOST_LISTED:
        yield "limits", f"must have {_MOST_LISTED} entries at most, got {len(card.limits)}"


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
