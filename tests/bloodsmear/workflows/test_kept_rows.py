"""What teaching computes of a study's images: kept in it by screening or teaching, and the same whoever computed it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.classifiers.deviations import TAUGHT_ON
from bloodsmear.classifiers.folder import open_classifier, open_screening_classifier
from bloodsmear.images.decode import decode_image
from bloodsmear.jobs import Cancel, report_nowhere
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.teaching.teach import Base, open_base, row_reader
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.screening import ScreeningEvents, ScreeningPlan, screen
from bloodsmear.workflows.signed_images import undecided_images
from bloodsmear.workflows.study_teaching import StudyRows
from tests.bloodsmear.teaching.conftest import make_base, noise, write_picture


@pytest.fixture
def taught_on(home_of_its_own: Path, card: Card) -> Path:
    """The folder of a tiny classifier under the id of that which is taught on."""
    return make_base(
        home_of_its_own / "data" / "classifiers" / TAUGHT_ON, msgspec.structs.replace(card, id=TAUGHT_ON)
    )


def screened(folder: Path, *classifiers: Classifier) -> Path:
    study = folder.parent / "s"
    plan = ScreeningPlan((folder,), study, jobs=2)
    screen(plan, ClassifierSet(classifiers), ScreeningEvents(), Cancel())
    return study


def draw(folder: Path) -> Path:
    for number in range(4):
        write_picture(folder / f"{number}.png", noise("platelet", number))
    return folder


def kept_in(study: Path, base: Base) -> list[bytes | None]:
    """The row of each image, in the images' order."""
    wanted = list(zip(*undecided_images(study), strict=True))
    rows = StudyRows([study], base.card, wanted)
    return [None if row is None else row.to_bytes() for row in (rows.get(*one) for one in wanted)]


def computed(study: Path, base: Base) -> list[bytes]:
    """The same as teaching computes it of the files."""
    found, _ = undecided_images(study)
    reader = row_reader(base)
    pictures = [decode_image(one.path, asked=one.asked).pixels for one in found]
    return [reader.row_of(picture).to_bytes() for picture in pictures]


def test_screening_keeps_byte_for_byte_what_teaching_computes_and_answers_as_without(
    tmp_path: Path, taught_on: Path, make_classifier: Callable[[str], Classifier]
) -> None:
    base = open_base(taught_on)
    draw(tmp_path / "in")
    study = screened(tmp_path / "in", make_classifier("unet"), open_screening_classifier(taught_on))
    assert kept_in(study, base) == computed(study, base)
    shutil.copytree(tmp_path / "in", tmp_path / "without" / "in")
    without = screened(tmp_path / "without" / "in", make_classifier("unet"), open_classifier(taught_on))
    assert kept_in(without, base) == [None] * 4
    with StudyStore.open_existing(study) as one, StudyStore.open_existing(without) as other:
        assert [record.answers for record in one.records()] == [record.answers for record in other.records()]
        assert one.events.check().whole


def test_teaching_reads_no_file_where_screening_kept_the_rows(
    tmp_path: Path, taught_on: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = open_base(taught_on)
    study = screened(draw(tmp_path / "in"), open_screening_classifier(taught_on))
    found, sha256s = undecided_images(study)
    shutil.rmtree(tmp_path / "in")
    rows = StudyRows([study], base.card, zip(found, sha256s, strict=True))
    assert len(row_reader(base, rows).read(found, sha256s, report_nowhere, Cancel())) == 4
    assert not rows.made


def test_a_file_with_other_bytes_is_kept_anew(tmp_path: Path, taught_on: Path) -> None:
    base = open_base(taught_on)
    classifier = open_screening_classifier(taught_on)
    study = screened(draw(tmp_path / "in"), classifier)
    write_picture(tmp_path / "in" / "2.png", noise("basophil", 9))
    screened(tmp_path / "in", classifier)
    assert kept_in(study, base) == computed(study, base)
