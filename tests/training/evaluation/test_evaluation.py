"""An evaluation as a file."""

from pathlib import Path

import pytest

from bloodsmear import paths
from bloodsmear.json_file import read_json
from training.evaluation.evaluation import Evaluation, LabelFigures, Proportion, write_evaluation


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    share = Proportion(value=0.5, low=0.2, high=0.8)
    label = LabelFigures(label="a", images=2, answered=1, sensitivity=share, precision=None)
    evaluation = Evaluation(figures=(), label_keys=("a",), confusion=[[2]], labels=(label,))
    write_evaluation(tmp_path / "evaluation.json", evaluation)
    assert read_json(tmp_path / "evaluation.json", Evaluation) == evaluation


@pytest.mark.parametrize("classifier", ["vgg16", "unet"])
def test_the_shipped_evaluations_are_read(classifier: str) -> None:
    evaluation = read_json(paths.shipped_classifiers() / classifier / "evaluation.json", Evaluation)
    assert evaluation.figure("accuracy").images == evaluation.images
