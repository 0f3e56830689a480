"""What an older decoder had read is read again and counted; what was signed off is not changed silently."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bloodsmear.images.formats.reader_contract import DECODER
from bloodsmear.jobs import Cancel
from bloodsmear.storage.study_store import StudyHead, StudyStore
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.reviewing import Reviewing
from bloodsmear.workflows.screening import ScreeningEvents, ScreeningPlan, ScreeningSummary, screen

CASES = ("case 1", "case 2")


@pytest.fixture
def folder(tmp_path: Path, draw_image: Callable[..., Path]) -> Path:
    for case in CASES:
        draw_image(tmp_path / "smears" / case / "1.png", red=100)
    return tmp_path / "smears"


@pytest.fixture
def classifiers(make_classifier: Callable[..., ClassifierSet]) -> ClassifierSet:
    return ClassifierSet((make_classifier("vgg16"),))  # type: ignore[arg-type]  # a fake one


def screened(folder: Path, classifiers: ClassifierSet) -> ScreeningSummary:
    return screen(ScreeningPlan((folder,), folder.parent / "s"), classifiers, ScreeningEvents(), Cancel())


def open_study(folder: Path, classifiers: ClassifierSet) -> StudyStore:
    return StudyStore.open_or_create(folder.parent / "s", StudyHead(folder, (folder,), classifiers.marks))


def as_by_an_older_decoder(folder: Path, classifiers: ClassifierSet) -> None:
    """Both images as an older program kept them: of another width, which only its decoder gave them."""
    screened(folder, classifiers)
    with open_study(folder, classifiers) as store:
        for record in list(store.records()):
            store.put(replace(record, decoder=DECODER - 1, width_px=999))


def widths(folder: Path, classifiers: ClassifierSet) -> list[int | None]:
    with open_study(folder, classifiers) as store:
        assert store.events.check().whole
        return [record.width_px for record in store.records()]


def test_what_an_older_decoder_read_is_read_again_once_and_counted(
    folder: Path, classifiers: ClassifierSet
) -> None:
    as_by_an_older_decoder(folder, classifiers)

    summary = screened(folder, classifiers)

    assert (summary.screened, summary.kept, summary.read_again) == (2, 0, 2)
    assert summary.decoder_sentence == (
        "2 images were read again, because an older version of Bloodsmear had read them."
    )
    assert 999 not in widths(folder, classifiers)
    again = screened(folder, classifiers)
    assert (again.screened, again.kept, again.read_again, again.decoder_sentence) == (0, 2, 0, "")


def test_a_signed_off_case_keeps_its_answers_until_it_is_reopened(
    folder: Path, classifiers: ClassifierSet
) -> None:
    as_by_an_older_decoder(folder, classifiers)
    with open_study(folder, classifiers) as store:
        ada = Reviewing(store, "Ada")
        ada.decide(["case 1/1.png"], "benign")
        ada.sign_off_case("case 1")

    summary = screened(folder, classifiers)

    assert (summary.screened, summary.kept, summary.read_again, summary.kept_as_signed) == (1, 1, 1, 1)
    assert "1 image was not read again, although an older version had read it" in summary.decoder_sentence
    assert widths(folder, classifiers)[0] == 999
    with open_study(folder, classifiers) as store:
        Reviewing(store, "Ada").reopen_case("case 1", "the decoder is newer")
    assert screened(folder, classifiers).read_again == 1
    assert 999 not in widths(folder, classifiers)


def test_answers_of_a_classifier_that_is_not_in_use_go_with_the_older_pixels(
    folder: Path, classifiers: ClassifierSet, make_classifier: Callable[..., ClassifierSet]
) -> None:
    as_by_an_older_decoder(folder, classifiers)
    others = ClassifierSet((make_classifier("unet"),))  # type: ignore[arg-type]  # a fake one
    screened(folder, others)

    with open_study(folder, classifiers) as store:
        assert store.done_record("case 1/1.png") is None
