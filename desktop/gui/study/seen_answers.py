"""Which answers a reader could see before deciding: what blind reading rests on."""

from pathlib import Path

from desktop.gui.study.open_study import OpenStudy


class SeenAnswers:
    """For each reader the images whose answers were to be seen while reading was not blind, in this run of the program.

    What an earlier run showed is not known. A program that is started again begins blind where it was blind at its
    end, and whoever looked in the run before that decides as one who has seen nothing: the study's file keeps what was
    done, not what was looked at.
    """

    def __init__(self, study: OpenStudy) -> None:
        self._study = study
        self._seen: dict[str, set[tuple[Path | None, str]]] = {}

    def add_recorded(self, reader: str) -> None:
        """Reading is not blind: the list shows the answers of every image that has a record."""
        root = self._study.root
        self._seen.setdefault(reader, set()).update((root, image) for image in self._study.records)

    def hand_over(self, reader: str, looked: str = "") -> None:
        """Who looked before any name was typed, or under another spelling, has been named."""
        self._seen.setdefault(reader, set()).update(self._seen.pop(looked, set()))

    def has_seen(self, reader: str, image: str) -> bool:
        """Whether the reader could see what the classifiers say of this image of the open study."""
        return (self._study.root, image) in self._seen.get(reader, ())
