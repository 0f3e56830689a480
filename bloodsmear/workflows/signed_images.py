"""The images of studies whose decisions were signed off, to teach from."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bloodsmear.classifiers.card import CardLabel
from bloodsmear.classifiers.labels import DECIDED_BESIDE_LABELS, label_name, reading_order
from bloodsmear.errors import DataSetError, UsageError
from bloodsmear.images.image_names import file_and_page
from bloodsmear.images.natural_order import natural_key
from bloodsmear.images.scan import FoundImage
from bloodsmear.review.records import ListedImage
from bloodsmear.review.replay import Replay
from bloodsmear.review.standing import settled_decision, standing_decision
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.teaching.labelled_folder import FEWEST_IMAGES, FEWEST_LABELS, MOST_LABELS, LabelledImages
from bloodsmear.workflows.export import changed_sentence


@dataclass(frozen=True, slots=True)
class SignedImages:
    """The images to teach from, and a sentence on each kind of decision that was left out."""

    images: LabelledImages
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Signed:
    """`said` is what `readers` signed for it, in whichever study."""

    found: FoundImage
    said: frozenset[str]
    readers: frozenset[str]
    sha256: str

    @property
    def label(self) -> str:
        (label,) = self.said
        return label

    @property
    def why_left_out(self) -> str:
        """Words why it is not taught; empty where it is."""
        if len(self.said) > 1:
            return "their signed decisions are not the same"
        return "what was decided is not a label" if self.said & set(DECIDED_BESIDE_LABELS) else ""


def read_signed_images(studies: Sequence[Path]) -> SignedImages:
    """The images that somebody decided and signed off, each once, where all who signed say the same label.

    Equal names of cases in several studies count as one case. UsageError for a study that was changed outside of
    Bloodsmear, DataSetError where fewer than two labels have enough images, StudyError.
    """
    signed: dict[tuple[Path, int], _Signed] = {}
    chains: list[str] = []
    for study in studies:
        with StudyStore.open_existing(study) as store:
            check = store.events.check()
            if complaint := changed_sentence(check):
                raise UsageError(f"{study}: {complaint} Nothing was taught from it.")
            chains.append(check.hashes[-1] if check.hashes else "none")
            replay = Replay(store.events.readable())
            for one in _signed_in(store, replay):
                place = one.found.path, one.found.page
                there = signed.get(place, one)
                signed[place] = replace(
                    there, said=there.said | one.said, readers=there.readers | one.readers
                )
    left_out = Counter(one.why_left_out for one in signed.values() if one.why_left_out)
    agreed = [one for one in signed.values() if not one.why_left_out]
    counts = Counter(one.label for one in agreed)
    few = sorted(label for label, count in counts.items() if count < FEWEST_IMAGES)
    kept = [one for one in agreed if one.label not in few]
    keys = reading_order(tuple(sorted(set(counts) - set(few), key=natural_key)))
    if not FEWEST_LABELS <= len(keys) <= MOST_LABELS:
        raise DataSetError(
            f"{len(keys)} labels have {FEWEST_IMAGES} signed images or more; {FEWEST_LABELS} to {MOST_LABELS} are "
            "needed. Decide more images and sign them off."
        )
    kept.sort(key=lambda one: (keys.index(one.label), natural_key(one.found.image)))
    cases = tuple(one.found.case for one in kept)
    readers = {reader for one in kept for reader in one.readers}
    words = f"the signed decisions of {len(readers)} readers (chains {', '.join(chains)})"
    images = LabelledImages(
        origin=", ".join(map(str, studies)),
        in_card=words,
        command="STUDY",
        labels=tuple(CardLabel(key=key, name=label_name(key)) for key in keys),
        images=tuple(one.found for one in kept),
        targets=np.array([keys.index(one.label) for one in kept], np.int64),
        cases=cases if len(set(cases)) > 1 else ("",) * len(cases),
        sha256s=tuple(one.sha256 for one in kept),
    )
    sentences = [f"{count} images were left out: {why}." for why, count in sorted(left_out.items())]
    sentences += [
        f"{label_name(label)} was left out: {counts[label]} signed images, at least {FEWEST_IMAGES} are needed."
        for label in few
    ]
    return SignedImages(images, tuple(sentences))


def _signed_in(store: StudyStore, replay: Replay) -> Iterator[_Signed]:
    head, camera_bits = store.head, store.camera_bits_now()
    for record in store.records():
        listed = ListedImage(record.image, record.case, record.status, record.sha256)
        signed_by = [
            reader for reader in replay.readers if replay.case_sign_off(reader, record.case) is not None
        ]
        said = {
            reader: decision.value
            for reader in signed_by
            if (decision := standing_decision(replay, reader, listed)) is not None
        }
        # What was settled after both were seen holds in place of what they differed on.
        if (settled := settled_decision(replay, listed)) is not None and settled.reader in signed_by:
            said = {settled.reader: settled.value}
        if said and record.status == "ok":
            file, page = file_and_page(head.root, record.image)
            found = FoundImage(file, record.image, record.case, page, camera_bits)
            yield _Signed(found, frozenset(said.values()), frozenset(said), record.sha256)
