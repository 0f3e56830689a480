"""bloodsmear screen when it has to stop midway: what was finished stands in the report, and the command goes on."""

from collections.abc import Callable
from pathlib import Path

from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.errors import ClassifierError
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.cli.classifier_source import ClassifierSource
from desktop.cli.program import main

RowsOf = Callable[[Path], list[dict[str, str]]]
SaidSoFar = Callable[[], tuple[str, str]]


def test_a_classifier_that_fails_midway_ends_with_3_and_keeps_what_was_finished(
    rows_of: RowsOf, clean_folder: Path, fake_classifiers: ClassifierSet, tmp_path: Path, said: SaidSoFar
) -> None:
    class Failing:
        card = fake_classifiers.classifiers[0].card
        left = 3

        def predict(self, image: RgbImage) -> Prediction:
            if self.left == 0:
                raise ClassifierError("OpenVINO could not answer an image.")
            self.left -= 1
            return fake_classifiers.classifiers[0].predict(image)

    failing = Failing()
    classifiers = ClassifierSet((failing,))
    source = ClassifierSource(
        lambda streams: classifiers, lambda ids, streams: classifiers, lambda ids, streams: classifiers
    )
    words = ["screen", str(clean_folder), "-o", str(tmp_path / "r.csv"), "--jobs", "1"]

    assert main(words, source) == 3
    assert "What was finished is kept" in said()[1]
    assert [row["status"] for row in rows_of(tmp_path / "r.csv")] == ["ok"] * 3 + ["not_screened"] * 3

    failing.left = 100
    assert main(words, source) == 0
    assert "3 kept from before" in said()[0]


def test_a_drive_that_is_pulled_midway_ends_with_3_and_keeps_what_was_finished(
    rows_of: RowsOf, clean_folder: Path, fake_classifiers: ClassifierSet, tmp_path: Path, said: SaidSoFar
) -> None:
    class Pulling:
        card = fake_classifiers.classifiers[0].card

        def predict(self, image: RgbImage) -> Prediction:
            if clean_folder.exists():
                clean_folder.rename(tmp_path / "elsewhere")
            return fake_classifiers.classifiers[0].predict(image)

    classifiers = ClassifierSet((Pulling(),))
    source = ClassifierSource(
        lambda streams: classifiers, lambda ids, streams: classifiers, lambda ids, streams: classifiers
    )

    assert main(["screen", str(clean_folder), "-o", str(tmp_path / "r.csv"), "--jobs", "1"], source) == 3

    assert "is gone. Connect its drive or network share again." in (complaints := said()[1])
    assert "give the same command again to go on" in complaints
    assert [row["status"] for row in rows_of(tmp_path / "r.csv")] == ["ok"] + ["not_screened"] * 5
