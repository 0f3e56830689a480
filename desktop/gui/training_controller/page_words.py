"""Sentences of the training program as the page says them: it has buttons, and no words of a command line."""

import re

from desktop.gui.training_controller.commands import PROGRAM

# What the program says, and what the page says in its place.
_IN_PLACE: tuple[tuple[str, str], ...] = (
    (r" and give the command again\.", ", then try again."),
    (r"\b(?:Name a(?:nother| new)|Fit again in a new) folder(?: for the run)?\.", "Begin anew."),
    (r"\bname a(?:nother| new) folder(?: for the run)?\.", "begin anew."),
    (r", or name another split\.", "."),
    (rf"\bmade by {PROGRAM}\b", "made by Bloodsmear"),
)
# A word such as --batch, or the program's name: advice that can be followed at a terminal only.
_AT_A_TERMINAL = re.compile(rf"(?:^|\s|\(|`){PROGRAM}\b|(?:^|\s|\()--[a-z]")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def words_for_page(said: str) -> str:
    """What the training program said, without its name and without advice that needs a terminal."""
    lines = said.removeprefix(f"{PROGRAM}: ").splitlines()
    return "\n".join(filter(None, map(_line_for_page, lines)))


def _line_for_page(line: str) -> str:
    for pattern, words in _IN_PLACE:
        line = re.sub(pattern, words, line)
    sentences = _SENTENCE_END.split(line)
    # Better a word too many than no reason at all.
    return " ".join(sentence for sentence in sentences if not _AT_A_TERMINAL.search(sentence)) or line
