"""What each system's Python does of the exchange (exchange.py): a program of its own, told by its words.

exchange_program.py decide STUDY READER     decide, note, undo and sign a case off
exchange_program.py events STUDY            print the events and every image's record, one JSON a line
exchange_program.py pack FOLDER ID ARCHIVE  pack the classifier of a folder under another id
exchange_program.py add ARCHIVE             add it to the user's own and have it answer; print its golden answers
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import msgspec

from bloodsmear import paths
from bloodsmear.adding.archive import pack_classifier
from bloodsmear.adding.installing import add_classifier
from bloodsmear.classifiers.card_file import read_card, write_card
from bloodsmear.classifiers.folder import verify_classifier
from bloodsmear.images.decode import decode_image
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.classifier_set import load_default_classifiers
from bloodsmear.workflows.reviewing import Reviewing


def decide(study: str, reader: str) -> None:
    """A reader's evening: every kind of event that most studies have."""
    with StudyStore.open_existing(Path(study)) as there:
        head = there.head
    with StudyStore.open_or_create(Path(study), head) as store:
        reviewing = Reviewing(store, reader)
        images = [one.image for one in store.listed_images()]
        reviewing.decide(images, "benign", answers_hidden=True)
        reviewing.decide(images[:1], "unsure")
        reviewing.undo()
        reviewing.note(images[-1], "Größe Кровь 血液")
        for case in sorted({one.case for one in store.listed_images()}):
            reviewing.sign_off_case(case)


def events(study: str) -> None:
    """Everything that the study holds, and whether its chain is whole."""
    with StudyStore.open_existing(Path(study)) as store:
        print(json.dumps({"whole": store.events.check().whole, "damage": store.damage()}))
        rows = [asdict(one) for one in store.events.read()] + [asdict(one) for one in store.records()]
        for row in rows:
            print(json.dumps(row, default=str, sort_keys=True))


def pack(folder: str, classifier_id: str, archive: str) -> None:
    """Pack a classifier as one of another name, as `bloodsmear-train export` does."""
    with tempfile.TemporaryDirectory() as scratch:
        copied = Path(scratch) / classifier_id
        shutil.copytree(folder, copied)
        write_card(copied, msgspec.structs.replace(read_card(copied), id=classifier_id, name=classifier_id))
        pack_classifier(copied, Path(archive))


def add(archive: str) -> None:
    """Add it, and let it answer its golden images through the program's own set of classifiers."""
    added = add_classifier(Path(archive))
    verify_classifier(added.folder)
    (classifier,) = load_default_classifiers(ids=(added.card.id,)).classifiers
    for golden in added.card.golden:
        pixels = decode_image(paths.demo_images() / golden.image).pixels
        print(json.dumps([golden.image, *classifier.predict(pixels).probabilities]))


if __name__ == "__main__":
    parts: dict[str, Callable[..., None]] = {"decide": decide, "events": events, "pack": pack, "add": add}
    parts[sys.argv[1]](*sys.argv[2:])
