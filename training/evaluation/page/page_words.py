"""What the page says and the data must not hold."""

from collections.abc import Sequence
from dataclasses import dataclass

from training.evaluation.mistakes import Thumbnail


@dataclass(frozen=True, slots=True)
class PageWords:
    """The folder measured on, the command, and a picture of each of the evaluation's mistakes, in their order."""

    folder: str
    command: str
    thumbnails: Sequence[Thumbnail]
