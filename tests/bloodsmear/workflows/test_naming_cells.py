"""Cells of a review: named many at once, added, removed, counted; undone, locked, and kept over a restart."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bloodsmear.cells.reader_cells import CellPlace, reader_cells
from bloodsmear.errors import ReviewError
from bloodsmear.images.region import Region
from bloodsmear.review.records import ClassifierMark, ImageRecord, ListedImage
from bloodsmear.storage.study_store import StudyHead, StudyStore
from bloodsmear.workflows.reviewing import Reviewing

CLASSIFIER = ClassifierMark("vgg16", "VGG16", "1.0+1a", "1a" * 32, ("benign", "pre_b"))
IMAGE, NEXT, TORN = "case 1/1.png", "case 1/2.png", "case 1/torn.png"
ONE, OTHER = Region(10, 10, 20, 20), Region(100, 10, 20, 20)


def open_study(path: Path) -> StudyStore:
    return StudyStore.open_or_create(path, StudyHead(path.parent, (path.parent,), (CLASSIFIER,)))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StudyStore]:
    with open_study(tmp_path / "s") as study:
        study.list_images([(IMAGE, "case 1"), (NEXT, "case 1"), (TORN, "case 1"), ("case 2/3.png", "case 2")])
        study.put(ImageRecord(TORN, "case 1", "unreadable", error="cut"))
        yield study


@pytest.fixture
def ada(store: StudyStore) -> Reviewing:
    return Reviewing(store, "Ada")


def names_of(reviewing: Reviewing, image: str = IMAGE) -> list[str]:
    return [one.name for one in reader_cells(reviewing.replay, "Ada", ListedImage(image, "case 1", "ok"))]


def counts_of(reviewing: Reviewing, case: str = "case 1", reader: str = "Ada") -> Counter[str]:
    return Counter(event.entry.decision for event in reviewing.replay.counted(reader, case))


def test_many_cells_of_several_images_are_named_in_one_act_and_one_undo(ada: Reviewing) -> None:
    ada.name_cells([CellPlace(IMAGE, ONE), CellPlace(NEXT, ONE), CellPlace(IMAGE, OTHER)], "blast")
    assert (names_of(ada), names_of(ada, NEXT)) == (["blast", "blast"], ["blast"])
    ada.undo()
    assert (names_of(ada), names_of(ada, NEXT)) == ([], [])


def test_names_added_and_removed_cells_are_there_after_a_restart(tmp_path: Path) -> None:
    with open_study(tmp_path / "s") as store:
        store.list_images([(IMAGE, "case 1")])
        ada = Reviewing(store, "Ada")
        ada.name_cells([CellPlace(IMAGE, ONE)], "Hairy cell")
        ada.remove_cells([CellPlace(IMAGE, OTHER)])
        ada.add_cell(CellPlace(IMAGE, Region(300, 10, 20, 20)))
        assert store.events.check().whole

    with open_study(tmp_path / "s") as store:
        said = reader_cells(Reviewing(store, "Ada").replay, "Ada", ListedImage(IMAGE, "case 1", "ok"))
        assert [(one.box, one.name, one.is_added, one.is_removed) for one in said] == [
            (ONE, "Hairy cell", False, False),
            (OTHER, "", False, True),
            (Region(300, 10, 20, 20), "", True, False),
        ]


def test_many_cells_are_noted_in_one_act_and_one_undo_and_the_notes_are_there_after_a_restart(
    store: StudyStore, ada: Reviewing
) -> None:
    def notes() -> list[str]:
        listed = ListedImage(IMAGE, "case 1", "ok")
        return [one.note for one in reader_cells(Reviewing(store, "Ada").replay, "Ada", listed)]

    ada.note_cells([CellPlace(IMAGE, ONE), CellPlace(IMAGE, OTHER)], " Auer rods\n")
    assert notes() == ["Auer rods"] * 2
    assert store.events.check().whole
    ada.undo()
    assert notes() == []
    with pytest.raises(ReviewError, match="The note has 5,000 characters"):
        ada.note_cells([CellPlace(IMAGE, ONE)], "a" * 5000)


def test_what_cannot_be_said_of_a_cell_is_refused_and_nothing_is_written(
    store: StudyStore, ada: Reviewing
) -> None:
    with pytest.raises(ReviewError, match="cannot be read"):
        ada.name_cells([CellPlace(IMAGE, ONE), CellPlace(TORN, ONE)], "blast")
    with pytest.raises(ReviewError, match="is not a name"):
        ada.name_cells([CellPlace(IMAGE, ONE)], "")
    with pytest.raises(ReviewError, match="is not a name"):
        ada.count_cell("case 1", "a\u202eb")
    with pytest.raises(ReviewError, match="has no case"):
        ada.count_cell("case 9", "blast")
    assert store.events.read() == ()


def test_counts_are_of_a_case_and_a_reader_and_the_last_is_taken_back(
    store: StudyStore, ada: Reviewing
) -> None:
    ben = Reviewing(store, "Ben")
    for name in ("neutrophil", "neutrophil", "lymphocyte"):
        ada.count_cell("case 1", name)
    ada.count_cell("case 2", "blast")
    ben.count_cell("case 1", "monocyte")
    ada.take_back_count("case 1")
    assert counts_of(ada) == {"neutrophil": 2}
    assert counts_of(ada, "case 2") == {"blast": 1}
    assert counts_of(ben, reader="Ben") == {"monocyte": 1}
    ada.take_back_count("case 1", whole=True)
    assert counts_of(ada) == {}
    with pytest.raises(ReviewError, match="nothing to take back"):
        ada.take_back_count("case 1")


def test_undo_of_the_review_takes_back_no_count(ada: Reviewing) -> None:
    ada.name_cells([CellPlace(IMAGE, ONE)], "blast")
    ada.count_cell("case 1", "neutrophil")
    ada.undo()
    assert names_of(ada) == []
    assert counts_of(ada) == {"neutrophil": 1}
    with pytest.raises(ReviewError, match="nothing to undo"):
        ada.undo()


def test_a_signed_off_case_keeps_its_names_and_counts_as_they_are(ada: Reviewing) -> None:
    ada.count_cell("case 1", "neutrophil")
    ada.name_cells([CellPlace(IMAGE, ONE)], "blast")
    ada.decide([IMAGE, NEXT], "benign")
    ada.acknowledge([TORN])
    ada.sign_off_case("case 1")
    acts: tuple[Callable[[], object], ...] = (
        lambda: ada.name_cells([CellPlace(IMAGE, ONE)], "monocyte"),
        lambda: ada.remove_cells([CellPlace(IMAGE, ONE)]),
        lambda: ada.count_cell("case 1", "neutrophil"),
        lambda: ada.take_back_count("case 1"),
    )
    for act in acts:
        with pytest.raises(ReviewError, match="signed off"):
            act()
    assert (names_of(ada), counts_of(ada)) == (["blast"], {"neutrophil": 1})


def test_what_is_said_of_a_cell_is_kept_with_the_bytes_in_which_it_was_seen(
    store: StudyStore, ada: Reviewing
) -> None:
    # Not read yet: the record has no bytes, the gallery has.
    (event,) = ada.name_cells([CellPlace(IMAGE, ONE, "ab" * 32)], "blast")
    assert event.entry.sha256 == "ab" * 32
    store.put(ImageRecord(IMAGE, "case 1", "ok", sha256="ab" * 32))
    (event,) = ada.name_cells([CellPlace(IMAGE, ONE, "ab" * 32)], "monocyte")
    assert event.entry.sha256 == "ab" * 32


def test_nothing_is_said_of_a_cell_whose_image_the_study_knows_with_other_bytes(
    store: StudyStore, ada: Reviewing
) -> None:
    store.put(ImageRecord(IMAGE, "case 1", "ok", sha256="ab" * 32))
    seen, read = CellPlace(IMAGE, ONE, "cd" * 32), CellPlace(NEXT, ONE, "ef" * 32)
    acts: tuple[Callable[[], object], ...] = (
        lambda: ada.name_cells([read, seen], "blast"),
        lambda: ada.add_cell(seen),
        lambda: ada.remove_cells([seen]),
    )
    for act in acts:
        with pytest.raises(
            ReviewError, match=f"cells of {IMAGE}: its file was replaced.*Choose another image"
        ):
            act()
    assert store.events.read() == ()
