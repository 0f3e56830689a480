"""The consensus, its flags and a case in words, for the window and for reports."""

from bloodsmear.classifiers.labels import label_name, unbroken
from bloodsmear.review.records import Answer, Consensus, Flag

_FLAG_NAMES: dict[Flag, str] = {
    "disagreement": "disagree",
    "low_confidence": "low confidence",
    "out_of_focus": "out of focus",
    "exposure": "exposure",
    "unlike_training": "unlike training",
    "changes_when_denoised": "changes when denoised",
}
_FLAG_SENTENCES: dict[Flag, str] = {
    "disagreement": "Read this one with care.",
    "low_confidence": "The confidence is low.",
    "out_of_focus": "The image looks out of focus, or moved while it was taken.",
    "exposure": "The image is too dark or too bright in places.",
    "unlike_training": "The image is unlike the training images, so the figures may mean little.",
    "changes_when_denoised": "The answer changes when the image is denoised.",
}


def percent(probability: float) -> str:
    """A probability or a share as a figure with one decimal, without the sign: `74.1`; `100.0` where it is all of it.

    An answer of 0.9996 is not sure, and one image in 3,000 was named otherwise: neither reads as 100.0.
    """
    return f"{min(100 * probability, 99.9 if probability < 1 else 100):.1f}"


def consensus_sentence(consensus: Consensus, answers: tuple[Answer, ...]) -> str:
    """What the answers say together; empty where there is no answer."""
    if not answers:
        return ""
    if consensus.agreement == "not_comparable":
        return "The classifiers have different labels and cannot be compared."
    if consensus.label is None or consensus.confidence is None:
        return ""
    # With a no-break space: a line that begins with the sign is misread.
    label = unbroken(label_name(consensus.label, answers[0].classifier.names))
    figure = f"{percent(consensus.confidence)}\u00a0%"
    if consensus.agreement == "disagree":
        return f"The classifiers disagree. Mean: {label} {figure}."
    if consensus.agreement == "single":
        return f"One classifier answered: {label} {figure}."
    return f"The classifiers agree. Mean: {label} {figure}."


def flag_sentences(flags: tuple[Flag, ...]) -> list[str]:
    """A sentence for each flag, in the flags' order."""
    return [_FLAG_SENTENCES[flag] for flag in flags]


def flag_name(flag: Flag) -> str:
    """A flag in a word or two: `low confidence`."""
    return _FLAG_NAMES[flag]


def closed_sentence(image: str, reads_for_consensus: bool, readers_differ: bool) -> str:
    """Why an own decision stays, and what to do: the others' decisions for the image were seen (docs/adr/0042)."""
    why = f"You have seen what the others decided for {image}, so your own decision stays"
    if not readers_differ:
        return (
            f"{why}. All readers decide alike now, so nothing is to be settled. Write a note if you doubt it."
        )
    again = "Choose" if reads_for_consensus else "Read for consensus again (menu Decision), then choose"
    return f"{why}: it can only be settled. {again} what holds for this image alone; undo takes that back."


def case_words(case: str) -> str:
    """`Case Benign`: a folder's name alone could be read as a label. `case 12` is not called one twice."""
    return case if case.casefold().startswith("case") else f"Case {case}"
