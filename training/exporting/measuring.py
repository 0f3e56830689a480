"""What an export measures on the graph that will answer."""

from dataclasses import dataclass

from bloodsmear.classifiers.card import UnlikeTraining
from bloodsmear.classifiers.engine import Engine
from bloodsmear.classifiers.limits_of_confidence import limits_of_confidence
from bloodsmear.errors import TrainingError
from bloodsmear.jobs import Report
from training.architectures.pooled_head import FEATURE_LAYER
from training.data.case_split import cases_of
from training.data.folds import runs_of, stretches_of
from training.data.pictures import LabelledPictures
from training.evaluation.answers import answer_pictures, red_first
from training.evaluation.evaluate import evaluate_network
from training.evaluation.evaluation import Evaluation
from training.evaluation.figures import calibrated, fit_temperature
from training.evaluation.measured_part import with_changed_corners
from training.evaluation.network_answers import EvaluationRequest
from training.exporting.training_spread import SeenPart, spread_of_training
from training.fitting.prepared_run import PreparedRun


@dataclass(frozen=True, slots=True)
class MeasuredGraph:
    """Temperature and limits of confidence from the validation images, how the training images spread, the figures."""

    temperature: float
    sure_from: tuple[float, ...]
    unlike_training: UnlikeTraining
    evaluation: Evaluation


def measure(engine: Engine, prepared: PreparedRun, command: str, report: Report) -> MeasuredGraph:
    """Measure a graph on the parts of its run. TrainingError when the graph gives no features."""
    train_pixels, train_targets = prepared.part("train")
    validation_pixels, validation_targets = prepared.part("validation")
    validation = answer_pictures(engine, validation_pixels, prepared.recipe)
    train = answer_pictures(engine, train_pixels, prepared.recipe)
    if train.features is None or validation.features is None:
        raise TrainingError(
            f"The graph does not give features after its layer {FEATURE_LAYER}; convert it again."
        )
    temperature = fit_temperature(validation.probabilities, validation_targets)
    sure = limits_of_confidence(calibrated(validation.probabilities, temperature), validation_targets)
    recipe = prepared.recipe
    own_pixels, own_targets = prepared.own_part("train")
    held_out_pixels, held_out_targets = prepared.part("held_out")
    held_out_places = prepared.split.indices(prepared.data_set, "held_out")
    request = EvaluationRequest(
        predict=lambda pixels: answer_pictures(engine, red_first(pixels, recipe), recipe).probabilities,
        temperature=temperature,
        label_set=prepared.data_set.label_set,
        # Without images kept in, as anybody measures it again on the folder.
        train=LabelledPictures(red_first(own_pixels, recipe), own_targets),
        held_out=LabelledPictures(red_first(held_out_pixels, recipe), held_out_targets),
        corners=with_changed_corners(prepared.data_set, held_out_places, recipe),
        command=command,
        report=report,
        cases=cases_of(prepared.data_set, held_out_places),
        sure_from=sure,
    )
    unlike = spread_of_training(
        SeenPart(train_pixels, train_targets, train.features, runs_of(train_targets)),
        SeenPart(
            validation_pixels,
            validation_targets,
            validation.features,
            stretches_of(prepared.split.indices(prepared.data_set, "validation"), validation_targets),
        ),
        FEATURE_LAYER,
        prepared.recipe,
    )
    return MeasuredGraph(temperature, sure, unlike, evaluate_network(request))
