"""The images of studies that can be taught: those whose decisions were signed off, and the audit set beside them."""

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from bloodsmear.classifiers.card import CardLabel
from bloodsmear.classifiers.folder import read_checked_card
from bloodsmear.classifiers.label_set import FEWEST_LABELS, MOST_LABELS
from bloodsmear.classifiers.labels import DECIDED_BESIDE_LABELS, Names, label_name, reading_order
from bloodsmear.count_words import count_words
from bloodsmear.errors import BloodsmearError, DataSetError, UsageError
from bloodsmear.images.image_names import file_and_page
from bloodsmear.images.natural_order import natural_key
from bloodsmear.images.scan import FoundImage
from bloodsmear.review.audit_read import AuditRead, read_audit
from bloodsmear.review.decisions import names_of
from bloodsmear.review.records import ClassifierMark, ListedImage
from bloodsmear.review.replay import Replay
from bloodsmear.review.standing import settled_decision, standing_decision, standing_decisions
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.teaching.audit import AuditImages, InUse
from bloodsmear.teaching.labelled_folder import FEWEST_IMAGES, LabelledImages
from bloodsmear.workflows.classifier_set import classifier_folders
from bloodsmear.workflows.export import changed_sentence

_NAMED_AT_MOST = 10


@dataclass(frozen=True, slots=True)
class SignedImages:
    """The images to teach from, and a sentence on each kind of decision that was left out, and on each label that was.

    `few` are those of them on labels with too few images. `apart` says of several studies which labels the readers of
    one could not give, and which have two names: what tells such labels apart may be the studies. `same_cases` says of
    which cases several studies of different folders have images: they count as one.
    `audit` is None where no audit set is drawn, or where one is not wholly read; `reads` say how far each is.
    """

    images: LabelledImages
    left_out: tuple[str, ...]
    few: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    same_cases: tuple[str, ...] = ()
    audit: AuditImages | None = None
    reads: tuple[AuditRead, ...] = ()

    @property
    def told(self) -> tuple[str, ...]:
        """All that is to be said of them before anything is taught."""
        return (*self.left_out, *self.same_cases, *self.apart)


@dataclass(frozen=True, slots=True)
class DecidedCounts:
    """What could be taught of a study by now: images by label, those left out by why, and how far its audit is read.

    `names` are those of the labels by key.
    """

    by_label: dict[str, int]
    left_out: dict[str, int]
    audit: AuditRead | None
    names: Names = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Signed:
    """`said` is what `readers` decided for it, in whichever study. `apart`: it belongs to an audit set."""

    found: FoundImage
    said: frozenset[str]
    readers: frozenset[str]
    sha256: str
    apart: bool = False

    @property
    def label(self) -> str:
        (label,) = self.said
        return label

    @property
    def why_left_out(self) -> str:
        """Words why it is not taught; empty where it is."""
        if self.apart:
            return "they belong to the audit set, or to its cases"
        if len(self.said) > 1:
            return "their decisions are not the same"
        return "what was decided is not a label" if self.said & set(DECIDED_BESIDE_LABELS) else ""


@dataclass(slots=True)
class _Gathered:
    """What the studies hold, one after the other."""

    signed: dict[tuple[Path, int], _Signed] = field(default_factory=dict)
    chains: list[str] = field(default_factory=list)
    reads: list[AuditRead] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    # Of each study the labels that its readers could give, with their names.
    given: list[tuple[Path, Names]] = field(default_factory=list)
    # The folders whose images a case is of.
    roots: dict[str, set[Path]] = field(default_factory=dict)
    # Of the audit sets: sums of all that were drawn, their cases, and of those that got a label image, bytes, label,
    # case or run.
    drawn_sums: set[str] = field(default_factory=set)
    drawn_cases: set[str] = field(default_factory=set)
    audited: list[tuple[FoundImage, str, str, str]] = field(default_factory=list)
    # What each classifier in use said of them, in the same order.
    answers: dict[ClassifierMark, list[str]] = field(default_factory=dict)

    def take(self, study: Path, store: StudyStore, signed_only: bool, alone: str | None = None) -> None:
        check = store.events.check()
        if complaint := changed_sentence(check):
            raise UsageError(f"{study}: {complaint} Nothing was taught from it.")
        self.chains.append(check.hashes[-1] if check.hashes else "none")
        names = names_of(store.head.classifiers)
        self.given.append((study, names))
        self.names = {**names, **self.names}
        replay = Replay(store.events.readable())
        listed = store.listed_images()
        read = read_audit(replay, listed)
        apart = frozenset[str]() if read is None else read.draw.kept_apart(listed)
        for one in _decided_in(store, replay, apart, signed_only, alone):
            place = one.found.path, one.found.page
            self.roots.setdefault(one.found.case, set()).add(store.head.root)
            there = self.signed.get(place, one)
            self.signed[place] = replace(
                there,
                said=there.said | one.said,
                readers=there.readers | one.readers,
                apart=there.apart or one.apart,
            )
        if read is not None:
            self.reads.append(read)
            self.drawn_sums |= {one.sha256 for one in read.draw.images}
            self.drawn_cases |= read.draw.cases
            self._take_audit(store, read)

    def all_signed(self) -> list[_Signed]:
        """Each image once. The same bytes may lie in another study, where nobody drew them, or said something else; and
        so may other images of a drawn case, for equal names are one patient.
        """
        said: dict[tuple[str, int], frozenset[str]] = {}
        for one in self.signed.values():
            place = one.sha256, one.found.page
            said[place] = said.get(place, frozenset()) | one.said
        return [
            replace(
                one,
                apart=one.apart or one.sha256 in self.drawn_sums or one.found.case in self.drawn_cases,
                said=said[one.sha256, one.found.page],
            )
            for one in self.signed.values()
        ]

    def same_cases(self, cases: Set[str]) -> tuple[str, ...]:
        """A sentence that names those of the cases which lie in more than one folder; none where there are none."""
        same = sorted((one for one in cases if len(self.roots[one]) > 1), key=natural_key)
        if not same:
            return ()
        more = f" and {len(same) - _NAMED_AT_MOST} more" if len(same) > _NAMED_AT_MOST else ""
        named = ", ".join(same[:_NAMED_AT_MOST])
        return (f"Cases of the same name in several studies count as one patient: {named}{more}.",)

    def apart(self, keys: Sequence[str]) -> tuple[str, ...]:
        """A sentence for each study whose readers could not give all of these labels, and for each with two names."""
        lacking = [
            f"{study} does not have {', '.join(label_name(key, self.names) for key in lacks)} among its labels, and "
            "another study has."
            for study, names in self.given
            if (lacks := [key for key in keys if key in self.names and key not in names])
        ]
        called = {key: dict.fromkeys(names[key] for _, names in self.given if key in names) for key in keys}
        return (
            *lacking,
            *(
                f"The label {key} is called {' in one study and '.join(names)} in another."
                for key, names in called.items()
                if len(names) > 1
            ),
        )

    def _take_audit(self, store: StudyStore, read: AuditRead) -> None:
        bits = store.camera_bits_now()
        for one in read.draw.images:
            values = read.said.get(one.image, frozenset())
            if len(values) != 1 or values & set(DECIDED_BESIDE_LABELS):
                continue
            (label,) = values
            found = _found(store, ListedImage(one.image, one.case, "ok", one.sha256), bits)
            self.audited.append((found, one.sha256, label, one.first or f"/{one.case}"))
            record = store.record(one.image)
            there = {each.classifier: each.label for each in record.answers} if record is not None else {}
            for mark in store.head.classifiers:
                self.answers.setdefault(mark, []).append(there.get(mark, ""))

    def audit(self) -> AuditImages | None:
        """The audit sets together; None where there is none, or one of them is not wholly read."""
        if not self.audited or not all(read.is_complete for read in self.reads):
            return None
        found, sums, said, units = zip(*self.audited, strict=True)
        # Of several studies a classifier may be in use in one alone: the other's images have no answer of it.
        answered = {mark: [*each, *[""] * (len(found) - len(each))] for mark, each in self.answers.items()}
        return AuditImages(
            found,
            sums,
            said,
            units,
            drawn=sum(len(read.draw.images) for read in self.reads),
            looks=max(read.draw.looks for read in self.reads),
            in_use=tuple(_in_use(mark, tuple(each)) for mark, each in answered.items()),
        )


def read_signed_images(studies: Sequence[Path], signed_only: bool = True) -> SignedImages:
    """The images that somebody decided and signed off, each once, where all who signed say the same label.

    Without `signed_only` decisions that are not signed off count as well. What a reader for consensus settled counts
    alone. Equal names of cases in several studies count as one case. UsageError for a study that was changed
    outside of Bloodsmear, DataSetError where fewer than two labels have enough images, StudyError.
    """
    gathered = _Gathered()
    for study in studies:
        with StudyStore.open_existing(study) as store:
            gathered.take(study, store, signed_only)
    signed = gathered.all_signed()
    left_out = Counter(one.why_left_out for one in signed if one.why_left_out)
    agreed = [one for one in signed if not one.why_left_out]
    counts = Counter(one.label for one in agreed)
    few = sorted(label for label, count in counts.items() if count < FEWEST_IMAGES)
    kept = [one for one in agreed if one.label not in few]
    keys = reading_order(tuple(sorted(set(counts) - set(few), key=natural_key)))
    done = "signed" if signed_only else "decided"
    if not FEWEST_LABELS <= len(keys) <= MOST_LABELS:
        raise DataSetError(
            f"{count_words(len(keys), 'label has', 'labels have')} {FEWEST_IMAGES} {done} images or more; "
            f"{FEWEST_LABELS} to {MOST_LABELS} are needed. "
            f"Decide more images{' and sign them off' if signed_only else ''}."
        )
    kept.sort(key=lambda one: (keys.index(one.label), natural_key(one.found.image)))
    cases = tuple(one.found.case for one in kept)
    readers = {reader for one in kept for reader in one.readers}
    words = f"the {done} decisions of {len(readers)} readers (chains {', '.join(gathered.chains)})"
    images = LabelledImages(
        origin=", ".join(map(str, studies)),
        in_card=words,
        command="STUDY" if signed_only else "STUDY --unsigned",
        labels=tuple(CardLabel(key=key, name=label_name(key, gathered.names)) for key in keys),
        images=tuple(one.found for one in kept),
        targets=np.array([keys.index(one.label) for one in kept], np.int64),
        cases=cases if len(set(cases)) > 1 else ("",) * len(cases),
        sha256s=tuple(one.sha256 for one in kept),
    )
    sentences = [
        f"{count_words(count, 'image was', 'images were')} left out: {why}."
        for why, count in sorted(left_out.items())
    ]
    few_sentences = tuple(
        f"{label_name(label, gathered.names)} was left out: {count_words(counts[label], f'{done} image')}, at least "
        f"{FEWEST_IMAGES} are needed."
        for label in few
    )
    left = (*sentences, *few_sentences)
    return SignedImages(
        images,
        left,
        few_sentences,
        gathered.apart(keys),
        gathered.same_cases(set(cases)),
        gathered.audit(),
        tuple(gathered.reads),
    )


def count_decided(study: Path, alone: str | None = None) -> DecidedCounts:
    """Counts of what `read_signed_images` would teach of this study, signed or not. UsageError, StudyError.

    For a reader who decides `alone` only their own decisions: from a count of all of them others' can be told.
    """
    gathered = _Gathered()
    with StudyStore.open_existing(study) as store:
        gathered.take(study, store, signed_only=False, alone=alone)
    signed = gathered.all_signed()
    return DecidedCounts(
        Counter(one.label for one in signed if not one.why_left_out),
        Counter(one.why_left_out for one in signed if one.why_left_out),
        next(iter(gathered.reads), None),
        gathered.names,
    )


def undecided_images(study: Path) -> tuple[list[FoundImage], list[str]]:
    """The readable images that nobody decided and no audit set keeps apart, with the sha256 of each. StudyError."""
    with StudyStore.open_existing(study) as store:
        replay, listed = Replay(store.events.readable()), store.listed_images()
        apart = frozenset[str]() if replay.audit is None else replay.audit.kept_apart(listed)
        bits = store.camera_bits_now()
        left = [
            one
            for one in listed
            if one.status == "ok" and one.image not in apart and not standing_decisions(replay, one)
        ]
        return [_found(store, one, bits) for one in left], [one.sha256 for one in left]


def _decided_in(
    store: StudyStore, replay: Replay, apart: frozenset[str], signed_only: bool, alone: str | None
) -> Iterator[_Signed]:
    bits = store.camera_bits_now()
    # Not the records: an image that a new classifier has not answered yet is decided all the same.
    for listed in store.listed_images():
        if listed.status != "ok":
            continue
        said = {
            reader: decision.value
            for reader in replay.readers
            if alone in (None, reader)
            and (not signed_only or replay.case_sign_off(reader, listed.case) is not None)
            and (decision := standing_decision(replay, reader, listed)) is not None
        }
        if not said:
            continue
        settled = settled_decision(replay, listed)
        if settled is not None and alone in (None, settled.reader):
            said = {settled.reader: settled.value}
        found = _found(store, listed, bits)
        yield _Signed(found, frozenset(said.values()), frozenset(said), listed.sha256, listed.image in apart)


def _found(store: StudyStore, listed: ListedImage, camera_bits: int | None) -> FoundImage:
    file, page = file_and_page(store.head.root, listed.image)
    return FoundImage(file, listed.image, listed.case, page, camera_bits)


def _in_use(mark: ClassifierMark, said: tuple[str, ...]) -> InUse:
    trained_on: tuple[str, ...] = ()
    # One that is not on this PC any more answered all the same.
    with suppress(BloodsmearError, KeyError):
        card = read_checked_card(classifier_folders()[mark.id])
        if card.version_mark == mark.version_mark:
            trained_on = card.trained_on.fingerprints
    return InUse(mark.id, mark.name, frozenset(mark.label_keys), said, frozenset(trained_on))
