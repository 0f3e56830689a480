"""What an export measures on the graph that will answer."""

from dataclasses import dataclass

from bloodsmear.classifiers.card import UnlikeTraining
from bloodsmear.classifiers.engine import Engine
from bloodsmear.classifiers.feature_distance import fit_feature_statistics, with_threshold
from bloodsmear.errors import TrainingError
from bloodsmear.jobs import Report
from training.architectures.unet import FEATURE_LAYER
from training.data.pictures import LabelledPictures
from training.evaluation.answers import answer_pictures
from training.evaluation.cases import cases_of
from training.evaluation.evaluate import EvaluationRequest, evaluate_network
from training.evaluation.evaluation import Evaluation
from training.evaluation.figures import fit_temperature
from training.fitting.prepared_run import PreparedRun

# Of the validation images, which are as ordinary as those that will be read.
_ACCEPTED_SHARE = 0.98


@dataclass(frozen=True, slots=True)
class Measured:
    """Temperature and threshold from the validation images, feature statistics from the training's, and the figures."""

    temperature: float
    unlike_training: UnlikeTraining
    evaluation: Evaluation


def measure(engine: Engine, prepared: PreparedRun, command: str, report: Report) -> Measured:
    """Measure a graph on the parts of its run. TrainingError when the graph gives no features."""
    train_pixels, _ = prepared.part("train")
    validation_pixels, validation_targets = prepared.part("validation")
    validation = answer_pictures(engine, validation_pixels, prepared.recipe)
    train = answer_pictures(engine, train_pixels, prepared.recipe)
    if train.features is None or validation.features is None:
        raise TrainingError(f"The graph gives no features after its layer {FEATURE_LAYER}; convert it again.")
    temperature = fit_temperature(validation.probabilities, validation_targets)
    request = EvaluationRequest(
        predict=lambda pixels: answer_pictures(engine, pixels, prepared.recipe).probabilities,
        temperature=temperature,
        label_keys=prepared.data_set.label_keys,
        # Without images kept in, as anybody measures it again on the folder.
        train=LabelledPictures(*prepared.own_part("train")),
        held_out=LabelledPictures(*prepared.part("held_out")),
        command=command,
        report=report,
        cases=cases_of(prepared.data_set, prepared.split.indices(prepared.data_set, "held_out")),
    )
    statistics = fit_feature_statistics(train.features, FEATURE_LAYER)
    unlike = with_threshold(statistics, validation.features, accepted_share=_ACCEPTED_SHARE)
    return Measured(temperature, unlike, evaluate_network(request))
