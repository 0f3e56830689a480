"""Why an image is flagged, with the numbers in words: for tooltips and reports."""

from collections.abc import Callable

from bloodsmear.classifiers.labels import label_name, unbroken
from bloodsmear.images.image_quality import (
    BRIGHT_SHARE_ABOVE,
    DARK_SHARE_ABOVE,
    OUT_OF_FOCUS_BELOW,
)
from bloodsmear.review.consensus import consensus_of, sure_from
from bloodsmear.review.records import Answer, Flag, ImageRecord
from bloodsmear.review.sentences import flag_sentences, percent

# A line that begins with the sign is misread.
_PERCENT = "\u00a0%"


def flag_reasons(record: ImageRecord) -> list[str]:
    """Why each of the record's flags was raised, in the flags' order; empty without a consensus.

    Where the record doesn't hold the numbers, it is the flag's plain sentence.
    """
    if record.consensus is None:
        return []
    return [_REASONS[flag](record) or flag_sentences((flag,))[0] for flag in record.consensus.flags]


def _disagreement(record: ImageRecord) -> str:
    said = [
        f"{answer.classifier.name} says {unbroken(answer.label_name)} ({percent(answer.confidence)}{_PERCENT})"
        for answer in record.answers
    ]
    return f"{_listed(said)}." if said else ""


def _low_confidence(record: ImageRecord) -> str:
    consensus = record.consensus
    if consensus is None or consensus.label is None or consensus.confidence is None or not record.answers:
        return ""
    limit = sure_from(record.answers, consensus.label)
    label = unbroken(label_name(consensus.label, record.answers[0].classifier.names))
    return (
        f"The probability of {label}, the most probable label, is "
        f"{percent(consensus.confidence)}{_PERCENT} in the mean; below {percent(limit)}{_PERCENT} a look is asked for."
    )


def _out_of_focus(record: ImageRecord) -> str:
    if record.quality is None:
        return ""
    return (
        f"The sharpest parts reach {record.quality.sharpness:.2f} on a scale from 1 (no detail) to 4 (a perfect edge), "
        f"in the direction that is least sharp; below {OUT_OF_FOCUS_BELOW:.2f} the image counts as out of focus."
    )


def _exposure(record: ImageRecord) -> str:
    quality = record.quality
    if quality is None:
        return ""
    parts = []
    if quality.dark_share > DARK_SHARE_ABOVE:
        parts.append(
            f"{_whole_percent(quality.dark_share)} of the image is nearly black "
            f"(the limit is {_whole_percent(DARK_SHARE_ABOVE)})"
        )
    if quality.bright_share > BRIGHT_SHARE_ABOVE:
        parts.append(
            f"{_whole_percent(quality.bright_share)} of the image is burnt out to white "
            f"(the limit is {_whole_percent(BRIGHT_SHARE_ABOVE)})"
        )
    return f"{_listed(parts)}." if parts else ""


def _unlike_training(record: ImageRecord) -> str:
    names = [answer.classifier.name for answer in record.answers if answer.prediction.unlike_training]
    if not names:
        return ""
    # A card's threshold lets 95 or more of a hundred ordinary images pass, of every label (docs/card.md).
    return (
        f"The image is further from the images that {_listed(names)} learned from than at least 95 in 100 like them "
        "are. Another stain, light, camera or magnification does that, and the probabilities may mean little."
    )


def _changes_when_denoised(record: ImageRecord) -> str:
    before = {answer.classifier: answer for answer in record.answers}
    changed = [
        _changed(after.classifier.name, before[after.classifier].label_name, after.label_name)
        for after in record.denoised_answers
        if after.classifier in before and before[after.classifier].label != after.label
    ]
    if not record.answers or not record.denoised_answers:
        return ""
    if not changed:
        changed = [_changed("the mean", _mean_label(record.answers), _mean_label(record.denoised_answers))]
    return f"Denoised, {_listed(changed)}."


def _changed(who: str, before: str, after: str) -> str:
    return f"{who} says {unbroken(after)} instead of {unbroken(before)}"


def _mean_label(answers: tuple[Answer, ...]) -> str:
    return label_name(consensus_of(answers, None).label or "", answers[0].classifier.names)


def _whole_percent(share: float) -> str:
    return f"{100 * share:.0f}{_PERCENT}"


def _listed(parts: list[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


_REASONS: dict[Flag, Callable[[ImageRecord], str]] = {
    "disagreement": _disagreement,
    "low_confidence": _low_confidence,
    "out_of_focus": _out_of_focus,
    "exposure": _exposure,
    "unlike_training": _unlike_training,
    "changes_when_denoised": _changes_when_denoised,
}
