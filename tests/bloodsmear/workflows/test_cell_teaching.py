"""Named cells teach: exported as crops, taught with honest figures, measured on an audit set, refused for images."""

import csv
from pathlib import Path

import numpy as np
import pytest

from bloodsmear import paths
from bloodsmear.adding.installing import add_classifier
from bloodsmear.cells.reader_cells import CellPlace
from bloodsmear.classifiers.folder import open_cell_classifier, open_classifier
from bloodsmear.errors import ClassifierError, DataSetError, ReportError
from bloodsmear.images.cell_look import LEARNED_PX, crop_of
from bloodsmear.images.cells import find_cells
from bloodsmear.images.decode import decode_image
from bloodsmear.images.image_names import picture_name
from bloodsmear.images.region import Region
from bloodsmear.images.scan import FoundImage
from bloodsmear.jobs import Cancel, report_nowhere
from bloodsmear.review.audit import Drawn
from bloodsmear.teaching.audit import may_suggest
from bloodsmear.teaching.labelled_folder import CROPS_FILE, read_labelled_folder
from bloodsmear.teaching.taught_card import TaughtTarget, write_taught
from bloodsmear.teaching.teach import Base, Material, teach
from bloodsmear.workflows.auditing import draw_audit
from bloodsmear.workflows.cell_crops import Namer, export_cell_crops
from bloodsmear.workflows.cell_teaching import CellLesson, cells_to_name, mark_of, teach_cells, unnamed_cells
from bloodsmear.workflows.reviewing import Reviewing
from bloodsmear.workflows.signed_cells import DrawnFrame, SignedCell, read_signed_cells
from tests.bloodsmear.teaching.conftest import base, base_folder  # noqa: F401 - fixtures
from tests.bloodsmear.workflows.cells_to_teach import LARGE, SMALL, for_writing, make_study, name_cells

CASES, OF_A_CASE = 5, 3


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "in"


@pytest.fixture
def study(tmp_path: Path, root: Path) -> Path:
    """Five cases with three images each; Ada has named all cells, and signed nothing off."""
    names = make_study(root, tmp_path / "s", CASES, OF_A_CASE)
    with for_writing(tmp_path / "s") as store:
        name_cells(Reviewing(store, "Ada"), root, names)
    return tmp_path / "s"


def taught(study: Path, base: Base, signed_only: bool = False) -> CellLesson:  # noqa: F811
    return teach_cells([study], base, signed_only, report_nowhere, Cancel())


def test_crops_of_named_cells_lie_in_folders_by_name_and_case_and_are_known_as_cells(
    study: Path, root: Path, tmp_path: Path
) -> None:
    made = export_cell_crops(study, tmp_path / "crops")
    assert made.counts == {"Lymphocyte": 15, "Monocyte": 15}
    with (tmp_path / "crops" / CROPS_FILE).open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 30
    row = next(row for row in rows if row["file"] == "Lymphocyte/case-1/4 a.png")
    assert (row["image"], row["name"], row["readers"], row["signed_off"]) == (
        "case-1/4.png",
        "Lymphocyte",
        "Ada",
        "no",
    )
    pixels = decode_image(root / "case-1/4.png").pixels
    box = Region(*(int(row[f"{side}_px"]) for side in ("left", "top", "width", "height")))
    crop = decode_image(tmp_path / "crops" / row["file"]).pixels
    assert np.array_equal(crop, crop_of(pixels, box, find_cells(pixels).red_cell_px))
    assert crop.shape == (LEARNED_PX, LEARNED_PX, 3)
    labelled = read_labelled_folder(tmp_path / "crops")
    assert (labelled.answers_for, len(set(labelled.cases))) == ("cell", CASES)
    with pytest.raises(ReportError, match="is not an empty folder"):
        export_cell_crops(study, tmp_path / "crops")


def test_crops_that_were_exported_teach_the_same_as_the_study(
    study: Path,
    tmp_path: Path,
    base: Base,  # noqa: F811
) -> None:
    export_cell_crops(study, tmp_path / "crops")
    from_crops = teach(Material(read_labelled_folder(tmp_path / "crops")), base)
    from_study = taught(study, base).lesson
    assert from_crops.measured == from_study.measured
    assert write_taught(from_crops, TaughtTarget(tmp_path / "made", "ours", "Ours")).answers_for == "cell"


def test_cells_at_the_same_place_of_two_pages_of_a_file_are_two() -> None:
    nobody, box = frozenset[str](), Region(1, 2, 3, 4)
    pages = [FoundImage(Path("a.tif"), picture_name("a.tif", page), "", page) for page in (0, 1)]
    cells = [SignedCell(page, "ab", box, nobody, nobody, is_signed=False) for page in pages]
    assert mark_of(cells[0]) != mark_of(cells[1])


def test_cells_to_name_are_counted_in_each_study_though_their_images_have_one_name() -> None:
    drawn = Drawn("a.png", "", "ab")
    frames = [
        DrawnFrame(
            FoundImage(Path(folder, "a.png"), "a.png", ""), drawn, is_there, (), (), (Region(1, 2, 3, 4),)
        )
        for folder, is_there in (("one", True), ("other", True), ("gone", False))
    ]
    assert cells_to_name(frames, {}) == [("a.png", 1), ("a.png", 1)]


def test_a_crop_lies_in_no_folder_that_windows_takes_for_a_device() -> None:
    found, said = FoundImage(Path("a.png"), "a.png", "case"), frozenset({"con"})
    cell = SignedCell(found, "ab", Region(1, 2, 3, 4), said, frozenset(), is_signed=False)
    assert Namer(Path("crops"), {"con": "Con"}).file_of(cell).parts[0] == "Con_"


def test_what_was_taught_of_cells_is_refused_for_images_and_says_so(
    study: Path,
    root: Path,
    tmp_path: Path,
    base: Base,  # noqa: F811
) -> None:
    lesson = taught(study, base).lesson
    assert lesson.measured.shares["accuracy"].value > 0.75
    assert set(lesson.images.cases) == {f"case-{case}" for case in range(CASES)}
    card = write_taught(lesson, TaughtTarget(tmp_path / "ours", "ours", "Ours"))
    assert card.answers_for == "cell"
    assert any("crops of single cells" in limit for limit in card.limits)
    assert [(label.key, label.name) for label in card.labels] == [(SMALL, "Lymphocyte"), (LARGE, "Monocyte")]
    assert "Ada" not in card.trained_on.data_set
    with pytest.raises(ClassifierError, match="answers for single cells, and not for whole images"):
        open_classifier(tmp_path / "ours")
    pixels = decode_image(root / "case-0/1.png").pixels
    seen = find_cells(pixels)
    answers = open_cell_classifier(tmp_path / "ours")
    said = [answers.predict(crop_of(pixels, cell.box, seen.red_cell_px)).probabilities for cell in seen.cells]
    assert [int(np.argmax(one)) for one in said] == [int(cell.box.left_px > 160) for cell in seen.cells]
    assert not may_suggest(card)
    with pytest.raises(ClassifierError, match="answers for whole images"):
        open_cell_classifier(paths.user_classifiers() / "tiny")


def test_only_names_that_all_gave_alike_and_signed_are_taught(study: Path, root: Path, base: Base) -> None:  # noqa: F811
    with pytest.raises(DataSetError, match="0 names were given to 10 signed cells or more"):
        taught(study, base, signed_only=True)
    with for_writing(study) as store:
        ada, ben = Reviewing(store, "Ada"), Reviewing(store, "Ben")
        box = find_cells(decode_image(root / "case-0/0.png").pixels).cells[0].box
        ben.name_cells([CellPlace("case-0/0.png", box)], "blast")
        box = find_cells(decode_image(root / "case-0/1.png").pixels).cells[0].box
        ada.name_cells([CellPlace("case-0/1.png", box)], "unidentified")
    lesson = taught(study, base)
    assert lesson.left_out == (
        "1 cell was left out: nobody could name them.",
        "1 cell was left out: their names are not the same.",
    )
    assert len(lesson.lesson.images.images) == 28


def test_names_that_differ_by_a_sign_alone_are_not_taught_as_one_label(study: Path, root: Path) -> None:
    boxes = [cell.box for cell in find_cells(decode_image(root / "case-0/0.png").pixels).cells]
    for names, are_one in ((("T cell", "t-Cell"), True), (("CD5+", "CD5-"), False), (("Monocyte?",), False)):
        with for_writing(study) as store:
            for name, box in zip(names, boxes, strict=False):
                Reviewing(store, "Ada").name_cells([CellPlace("case-0/0.png", box)], name)
        if not are_one:
            with pytest.raises(DataSetError, match="would be one label"):
                read_signed_cells([study], signed_only=False)
        else:
            assert "t_cell" in read_signed_cells([study], signed_only=False).names


def test_a_head_of_cells_is_measured_on_cells_that_were_named_after_the_draw(
    root: Path,
    tmp_path: Path,
    base: Base,  # noqa: F811
) -> None:
    study, names = tmp_path / "s", make_study(root, tmp_path / "s", 18, 4)
    with for_writing(study) as store:
        ada = Reviewing(store, "Ada")
        name_cells(ada, root, names[:30])
        drawn = draw_audit(store, "Ada", 20).audit
        assert drawn is not None
        apart = {one.case for one in drawn.images}
        ada.refresh()
        name_cells(ada, root, [name for name in names[30:] if name not in drawn.names])
    assert set(unnamed_cells(study, report_nowhere, Cancel())[1]) == set(drawn.names)
    with for_writing(study) as store:
        name_cells(Reviewing(store, "Ada"), root, sorted(drawn.names))
    assert unnamed_cells(study, report_nowhere, Cancel())[1] == {}
    measured = taught(study, base).lesson
    assert not apart & set(measured.images.cases)
    assert measured.audit is not None
    assert (measured.audit.measured, measured.audit.drawn) == (40, 40)
    assert measured.audit.offer.stands, measured.audit.offer.sentence
    card = write_taught(measured, TaughtTarget(tmp_path / "ours", "ours", "Ours"))
    assert may_suggest(card)
    # The next one is measured against it, for it suggests by now.
    add_classifier(tmp_path / "ours")
    again = taught(study, base).lesson
    assert again.audit is not None
    assert "over Ours" in again.audit.offer.sentence
