"""What the panel says about a decision, and the action of each choice. No Qt."""

from collections.abc import Sequence
from datetime import datetime

from bloodsmear.classifiers.labels import Names, label_name, unbroken
from bloodsmear.review.decisions import BESIDE_LABELS, NOT_EVALUABLE, OTHER, UNSURE, decision_name
from bloodsmear.time_words import by_this_clock, local_words
from desktop.gui.review_state import Marked, ReviewState

# More are chosen with the mouse.
LABELS_WITH_KEY = 20
_READERS_NAMED = 3
_OTHER_ACTIONS = {UNSURE: "unsure", OTHER: "other", NOT_EVALUABLE: "not_evaluable"}


def action_of(choice: str, choices: Sequence[str]) -> str:
    """The action that decides for `choice`; empty for a label behind the twentieth, which is chosen with the mouse."""
    if choice in _OTHER_ACTIONS:
        return _OTHER_ACTIONS[choice]
    place = [each for each in choices if each not in BESIDE_LABELS].index(choice)
    return f"label_{place + 1}" if place < LABELS_WITH_KEY else ""


def standing_words(state: ReviewState, now: datetime) -> str:
    """Whether the image is decided, and when: `decided 14:03`, with the day where that was not today."""
    if not state.image or (state.waiting and not state.is_done):
        return ""
    if state.decided_at is not None:
        at = by_this_clock(state.decided_at)
        today = at.date() == now.astimezone().date()
        return f"decided {at:%H:%M}" if today else f"decided {local_words(at)}"
    if state.acknowledged:
        return "acknowledged"
    return "to acknowledge" if state.unreadable else "to decide"


def sentence_of(state: ReviewState) -> str:
    """What the reader must know before deciding; empty where there is nothing to say."""
    if state.new_reader:
        # Asked beside the name.
        return ""
    if not state.image or state.waiting:
        return state.waiting
    changed = (
        f"You decided {_unbroken(state.decided_before, state.names)}, and the file was changed since: that decision "
        "counts no more."
        if state.decided_before
        else ""
    )
    if state.locked:
        return f"{state.locked} {changed}".rstrip()
    if state.decision and state.decision not in state.choices:
        return (
            f"You decided {_unbroken(state.decision, state.names)}, a label that no classifier in use knows."
        )
    if state.others:
        others = " · ".join(
            f"{reader}: {_unbroken(decision, state.names)}" for reader, decision in state.others
        )
        mine = _unbroken(state.decision, state.names)
        if state.settled:
            return f"{others}. Settled as {mine}."
        return f"{others}. You decided {mine}. Choose what holds: it is kept as the consensus read."
    if state.for_consensus and state.disputed and not state.is_done:
        return "Readers differ on this image. Decide by yourself first; then you see what they decided."
    if state.unreadable and not state.is_done:
        return f"{changed} This image cannot be read: acknowledge it, or mark it as not evaluable.".lstrip()
    return f"{changed} Decide again." if changed else ""


def new_reader_words(name: str, readers: Sequence[str]) -> str:
    """The question about a name that nobody has read the study under; many readers are counted, not named."""
    few = len(readers) <= _READERS_NAMED
    who = _listed(readers) if few else f"{len(readers)} others"
    return f"{name} has not read this study yet; {who} {'has' if len(readers) == 1 else 'have'}. Is it somebody else?"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def confirm_words(marked: Marked, proposed: str, names: Names) -> str:
    """What the button that confirms says: with many marked images it names their number."""
    if not marked.count:
        return "Confirm and next"
    return f"{decision_name(proposed, names) if proposed else 'Decide'} for {marked.count:,} images"


def marked_sentence(marked: Marked, proposed: str, names: Names) -> str:
    """What is about to happen to the marked images; nothing is kept before it is confirmed."""
    if not proposed:
        return f"{marked.count:,} images are marked. Choose what all of them show, then confirm."
    changes = (
        ""
        if not marked.decided
        else f" {marked.decided:,} of them {'is' if marked.decided == 1 else 'are'} decided already and will change."
    )
    return f"{_unbroken(proposed, names)} for {marked.count:,} images: confirm to keep it.{changes}"


def _unbroken(decision: str, names: Names) -> str:
    """A decision's name in a sentence that wraps: a label's stays in one line."""
    return BESIDE_LABELS.get(decision) or unbroken(label_name(decision, names))
