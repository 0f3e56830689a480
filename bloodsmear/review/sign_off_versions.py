"""With which classifiers' answers before the reader a review was signed off, and whether others stand there now."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from bloodsmear.review.events import Event
from bloodsmear.review.records import ClassifierMark, version_words

# An event's text has room for 10,000 characters; an event that has more is taken for a damaged one.
_LONGEST_TEXT = 4000
_NOT_KEPT = (
    "The answers shown are newer than the sign-off. Which version it was signed off with was not kept then."
)


def versions_to_keep(marks: Iterable[ClassifierMark]) -> str:
    """The text of a sign-off's event: `[["vgg16", "1.0+1a2b3c4d"]]`; empty where it would be too long to be kept."""
    text = json.dumps([[mark.id, mark.version_mark] for mark in marks])
    return text if len(text) <= _LONGEST_TEXT else ""


def signed_versions(sign_off: Event) -> dict[str, str]:
    """The version of each classifier, by id, in whose answers' sight it was signed off; empty where that was not kept.

    The sign-offs of older programs keep none.
    """
    try:
        kept = json.loads(sign_off.entry.text)
        return {id_: version for id_, version in kept if isinstance(id_, str) and isinstance(version, str)}
    except (TypeError, ValueError, RecursionError):
        return {}


def was_signed_with_others(sign_off: Event, marks: Iterable[ClassifierMark]) -> bool:
    """Whether other classifiers than these, or other versions, answered when it was signed off; False where unknown."""
    kept = signed_versions(sign_off)
    return bool(kept) and kept != {mark.id: mark.version_mark for mark in marks}


def signed_with_sentence(
    sign_off: Event, marks: Sequence[ClassifierMark], answered_at: datetime | None
) -> str:
    """With what it was signed off, where the answers shown (those of `marks`) are of others; empty where they are not.

    `answered_at` is when the classifiers answered, None where they have not: it tells for sign-offs that kept nothing.
    """
    kept = signed_versions(sign_off)
    if not kept:
        return _NOT_KEPT if answered_at is not None and answered_at > sign_off.at else ""
    if not was_signed_with_others(sign_off, marks):
        return ""
    names = {mark.id: mark.name for mark in marks}
    now = {mark.id: mark.version_mark for mark in marks}
    # Those that are alike need no words, unless the others are only more or fewer.
    before, after = _without(kept, now), _without(now, kept)
    if not (before and after):
        before, after = kept, now
    # Where the figures alone are alike, as of a lab's own classifier fitted anew, the begin of the sha256 tells.
    whole = any(
        version_words(kept[id_]) == version_words(now[id_]) and kept[id_] != now[id_]
        for id_ in kept.keys() & now.keys()
    )

    def words(versions: dict[str, str]) -> str:
        told = (
            f"{names.get(id_, id_)} {version if whole else version_words(version)}"
            for id_, version in versions.items()
        )
        return " and ".join(told)

    return f"Signed off with {words(before)}. The answers shown are of {words(after)}."


def _without(versions: dict[str, str], others: dict[str, str]) -> dict[str, str]:
    return {id_: version for id_, version in versions.items() if others.get(id_) != version}
