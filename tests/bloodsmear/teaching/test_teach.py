"""A head from a labelled folder: what it is measured on, and that its classifier is one like any other."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from bloodsmear.adding.installing import add_classifier, remove_classifier
from bloodsmear.classifiers.card import Card, CardLabel, GoldenCase
from bloodsmear.classifiers.card_file import read_card, write_card
from bloodsmear.classifiers.folder import open_classifier, verify_classifier
from bloodsmear.errors import ClassifierError, DataSetError, UsageError
from bloodsmear.images.decode import decode_image
from bloodsmear.teaching.labelled_folder import read_labelled_folder
from bloodsmear.teaching.ridge import softmax
from bloodsmear.teaching.taught_card import TaughtTarget, golden_disagreement, write_taught
from bloodsmear.teaching.teach import Base, Lesson, Material, open_base, teach
from tests.bloodsmear.teaching.conftest import noise, write_picture

Change = Callable[[np.ndarray], np.ndarray]


def teach_folder(root: Path, base: Base) -> Lesson:
    return teach(Material(read_labelled_folder(root)), base)


WAYS = ("copied", "mirrored", "turned", "enlarged", "brightened")


def test_a_head_learns_what_colour_tells_and_says_what_it_is_worth(labelled: Path, base: Base) -> None:
    lesson = teach_folder(labelled, base)
    shares = lesson.measured.shares
    assert shares["accuracy"].value > 0.9
    assert shares["accuracy"].cases == 4
    assert shares["accuracy_majority"].value == pytest.approx(1 / 3)
    assert {f"sensitivity_{label}" for label in ("basophil", "lymphocyte", "platelet")} < set(shares)
    assert "accuracy_base_classifier" not in shares
    assert not lesson.with_answers


def test_the_base_is_measured_on_the_same_images_where_it_has_the_same_labels(
    labelled: Path, base: Base, tmp_path: Path
) -> None:
    for place, name in enumerate(("Benign", "Early", "Pre", "Pro")):
        for case in range(3):
            for number in range(4):
                picture = noise("basophil", 100 * place + 10 * case + number) // (place + 1)
                write_picture(tmp_path / "four" / name / f"{case}" / f"{number}.png", picture)
    lesson = teach_folder(tmp_path / "four", base)
    shares = lesson.measured.shares
    assert 0 <= shares["accuracy_base_classifier"].value <= 1
    difference = shares["accuracy"].value - shares["accuracy_base_classifier"].value
    assert shares["gain_over_base_classifier"].value == pytest.approx(difference)
    _is_taught_on_what_the_base_answers(lesson, tmp_path)
    _card_keeps_what_it_calls_otherwise(lesson, tmp_path)


def _is_taught_on_what_the_base_answers(lesson: Lesson, tmp_path: Path) -> None:
    assert lesson.with_answers
    columns = lesson.examples.taught_on(with_answers=True)
    assert columns.shape[1] == lesson.examples.features.shape[1] + 4
    write_taught(lesson, TaughtTarget(tmp_path / "our-lab", "our-lab", "Ours"))
    classifier = open_classifier(tmp_path / "our-lab")
    wanted = softmax(lesson.taught.head.logits(columns) / lesson.taught.temperature)
    for place in (0, 20, 40):
        prediction = classifier.predict(decode_image(lesson.images.images[place].path).pixels)
        # The examples' features are kept in half precision.
        assert prediction.probabilities == pytest.approx(wanted[place].tolist(), abs=0.01)


def _card_keeps_what_it_calls_otherwise(lesson: Lesson, tmp_path: Path) -> None:
    target = TaughtTarget(tmp_path / "made", "our-lab", "Ours")
    card = write_taught(lesson, target)
    called = card.label_keys[int(np.argmax(card.golden[0].probabilities))]
    otherwise = (np.array(lesson.base.card.label_keys) != called).astype(float) / 3
    golden = msgspec.structs.replace(lesson.base.card.golden[0], probabilities=tuple(otherwise.tolist()))
    base = msgspec.structs.replace(lesson.base.card, golden=(golden,))
    card = write_taught(replace(lesson, base=replace(lesson.base, card=base)), target)
    assert card.limits[-1].startswith("On 1 of the 1 drawn test images")


@pytest.mark.parametrize("way", WAYS)
def test_a_picture_that_lies_in_another_case_once_more_is_held_out_with_itself(
    labelled: Path, base: Base, turned_copies: dict[str, Change], way: str
) -> None:
    picture = decode_image(labelled / "platelet" / "case-0" / "1.png").pixels
    ending = "jpg" if way == "brightened" else "png"
    write_picture(labelled / "platelet" / "case-4" / f"other-name.{ending}", turned_copies[way](picture))
    lesson = teach_folder(labelled, base)
    names = [found.path.name for found in lesson.images.images]
    copy = names.index(f"other-name.{ending}")
    original = next(
        place
        for place, found in enumerate(lesson.images.images)
        if found.path == labelled / "platelet" / "case-0" / "1.png"
    )
    assert lesson.folds[copy] == lesson.folds[original]
    assert lesson.groups[copy] == lesson.groups[original]


def test_different_fields_of_one_strong_stain_are_not_duplicates(tmp_path: Path, base: Base) -> None:
    for place, label in enumerate(("one", "another")):
        for number in range(12):
            picture = noise("platelet", 1000 * place + number).astype(np.int64)
            # Hardly a cell, and nearly one colour.
            stained = np.clip((picture - 180) // 4 + (250, 60, 180), 0, 255).astype(np.uint8)
            write_picture(tmp_path / "stained" / label / f"case-{number}" / "a.png", stained)
    lesson = teach_folder(tmp_path / "stained", base)
    assert len(set(lesson.examples.duplicates.tolist())) == 24


def test_a_picture_under_two_labels_is_refused_by_name(labelled: Path, base: Base) -> None:
    picture = decode_image(labelled / "platelet" / "case-0" / "1.png").pixels
    write_picture(labelled / "basophil" / "case-2" / "again.png", picture[:, ::-1])
    with pytest.raises(DataSetError, match=r"again\.png and .*1\.png show the same picture under two labels"):
        teach_folder(labelled, base)


def test_images_that_the_base_was_trained_on_are_taught_and_not_measured_on(
    labelled: Path, base_folder: Path, base: Base
) -> None:
    known = teach_folder(labelled, base).examples.fingerprints[:5]
    card = read_card(base_folder)
    write_card(
        base_folder,
        msgspec.structs.replace(
            card, trained_on=msgspec.structs.replace(card.trained_on, fingerprints=tuple(sorted(known)))
        ),
    )
    lesson = teach_folder(labelled, open_base(base_folder))
    assert np.flatnonzero(lesson.known).tolist() == [0, 1, 2, 3, 4]
    assert lesson.measured.shares["accuracy"].images == 43


def test_a_head_of_random_labels_is_measured_as_knowing_nothing(tmp_path: Path, base: Base) -> None:
    for place, label in enumerate(("one", "another")):
        for number in range(60):
            picture = noise("platelet", 1000 * place + number)
            write_picture(tmp_path / "chance" / label / f"case-{number}" / "a.png", picture)
    accuracy = teach_folder(tmp_path / "chance", base).measured.shares["accuracy"]
    assert accuracy.low is not None
    assert accuracy.low < 0.5


def test_whole_images_are_not_taught_on_a_classifier_of_cells(labelled: Path, base: Base) -> None:
    of_cells = replace(base, card=msgspec.structs.replace(base.card, answers_for="cell"))
    with pytest.raises(ClassifierError, match=r"answers for single cells, and .* has whole images"):
        teach_folder(labelled, of_cells)


def test_an_image_that_cannot_be_read_is_named(labelled: Path, base: Base) -> None:
    (labelled / "platelet" / "case-1" / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\nrest")
    with pytest.raises(DataSetError, match=r"1 image cannot be read\. Repair or remove each: .*torn\.png"):
        teach_folder(labelled, base)


def test_the_written_classifier_is_added_answers_as_it_was_measured_and_goes(
    labelled: Path, base: Base, tmp_path: Path
) -> None:
    lesson = teach_folder(labelled, base)
    card = write_taught(lesson, TaughtTarget(tmp_path / "made", "our-lab", "Our laboratory"))
    assert card.base is not None
    assert (card.base.id, card.base.sha256) == ("tiny", base.card.model_sha256)
    assert [count.train for count in card.trained_on.counts] == [16, 16, 16]
    assert card.cross_validation is not None
    assert sum(run.images for run in card.cross_validation.runs) == 48
    added = add_classifier(tmp_path / "made")
    assert verify_classifier(added.folder).largest_difference < 1e-6
    classifier = open_classifier(added.folder)
    right = 0
    for found, target in zip(lesson.images.images, lesson.images.targets, strict=True):
        prediction = classifier.predict(decode_image(found.path).pixels)
        right += int(np.argmax(prediction.probabilities)) == target
    assert right >= 45
    assert remove_classifier("our-lab").id == "our-lab"


def test_another_laboratorys_pictures_are_unlike_those_it_was_taught_on(
    labelled: Path, base: Base, tmp_path: Path
) -> None:
    write_taught(teach_folder(labelled, base), TaughtTarget(tmp_path / "made", "our-lab", "Our laboratory"))
    classifier = open_classifier(add_classifier(tmp_path / "made").folder)
    assert classifier.predict(255 - noise("basophil", 1)).unlike_training
    assert not classifier.predict(noise("basophil", 9999)).unlike_training


def test_the_same_images_make_the_same_classifier(labelled: Path, base: Base, tmp_path: Path) -> None:
    first, second = (
        write_taught(teach_folder(labelled, base), TaughtTarget(tmp_path / place, "our-lab", "Ours"))
        for place in ("a", "b")
    )
    assert first == second


def test_a_head_that_calls_shipped_golden_images_otherwise_than_its_base_says_so(card: Card) -> None:
    def answering(labels: tuple[str, ...], *called: int) -> Card:
        golden = tuple(
            GoldenCase(image=f"{place}.png", sha256="0" * 64, probabilities=tuple(np.eye(4)[each].tolist()))
            for place, each in enumerate(called)
        )
        named = tuple(CardLabel(key=key, name=key) for key in labels)
        return msgspec.structs.replace(card, golden=golden, labels=named)

    base = answering(("a", "b", "c", "d"), 0, 1, 2)
    # The same labels in another order: a, b, c once more, then a, d, d.
    assert golden_disagreement(answering(("d", "c", "b", "a"), 3, 2, 1), base) == ""
    told = golden_disagreement(answering(("d", "c", "b", "a"), 3, 0, 0), base)
    assert told.startswith(
        "On 2 of the 3 drawn test images that ship with Bloodsmear it gives another label than tiny"
    )
    assert golden_disagreement(answering(("a", "b", "c", "e"), 3, 0, 0), base) == ""


def test_a_zip_carries_it_and_another_graph_in_it_is_refused(
    labelled: Path, base: Base, tmp_path: Path
) -> None:
    archive = tmp_path / "made.zip"
    lesson = teach_folder(labelled, base)
    write_taught(lesson, TaughtTarget(archive, "our-lab", "Ours"))
    assert add_classifier(archive).card.id == "our-lab"
    remove_classifier("our-lab")
    write_taught(lesson, TaughtTarget(tmp_path / "made", "our-lab", "Ours"))
    with (tmp_path / "made" / "graph.bin").open("r+b") as weights:
        weights.write(b"\xff" * 16)
    with pytest.raises(ClassifierError, match="was altered"):
        add_classifier(tmp_path / "made")


def test_nothing_of_the_users_is_overwritten(labelled: Path, base: Base, tmp_path: Path) -> None:
    (tmp_path / "album").mkdir()
    (tmp_path / "album" / "holiday.jpg").write_bytes(b"x")
    lesson = teach_folder(labelled, base)
    with pytest.raises(UsageError, match=r"holds 'holiday\.jpg'"):
        write_taught(lesson, TaughtTarget(tmp_path / "album", "our-lab", "Ours"))
    with pytest.raises(UsageError, match="must be small letters"):
        write_taught(lesson, TaughtTarget(tmp_path / "made", "../our", "Ours"))
    assert not (tmp_path / "made").exists()
