"""`bloodsmear-train evaluate`: a classifier's figures on a labelled folder, as a page and as data."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from bloodsmear import paths
from bloodsmear.classifiers.archive import EVALUATION_NAME
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.engine import Engine, shape_of
from bloodsmear.classifiers.folder import read_checked_card
from bloodsmear.classifiers.graph_cache import user_graph_cache
from bloodsmear.classifiers.openvino_engine import OpenVinoEngine
from bloodsmear.errors import DataSetError, UsageError
from bloodsmear.jobs import Cancel, Progress, Report
from bloodsmear.jobs.training_files import SPLIT_FILE
from bloodsmear.jobs.training_messages import Finished
from training.data.data_set import DataSet, read_data_set
from training.data.picture_cache import load_pictures
from training.data.pictures import LabelledPictures, Pictures, PictureSet
from training.data.split import Split
from training.evaluation.answers import answer_pictures
from training.evaluation.cases import cases_of
from training.evaluation.describe import describe
from training.evaluation.evaluate import EvaluationRequest, Predict, evaluate_network
from training.evaluation.evaluation import Evaluation, write_evaluation
from training.evaluation.history import read_epochs
from training.evaluation.measured_part import (
    refuse_leakage,
    require_known_training,
    split_of_fit,
    subject_of,
)
from training.evaluation.mistakes import thumbnails_of
from training.evaluation.page.page_words import PageWords
from training.evaluation.page.write_page import write_page
from training.options.evaluate_options import EvaluateOptions
from training.speaker import Speaker


@dataclass(frozen=True, slots=True)
class _Measured:
    """The labelled folder, decoded; `train` and `places` say where in it the two parts lie, None: no split."""

    data_set: DataSet
    pictures: PictureSet
    split: Split | None
    train: Sequence[int]
    places: Sequence[int]


def evaluate(options: EvaluateOptions, speaker: Speaker, cancel: Cancel) -> None:
    """Measure on the held-out images of the training folder, or on all of another folder; write page and data.

    Raises DataSetError when an image to be measured on has a fingerprint that the card names as trained on, UsageError
    for a target that travels with the classifier, JobCancelled when asked to stop.
    """

    def report(progress: Progress) -> None:
        cancel.checkpoint()
        speaker.report(progress)

    card = read_checked_card(options.classifier)
    if not options.all_images:
        require_known_training(card)
    target = _target_of(options, card)
    epochs = read_epochs(options.run) if options.run is not None else ()
    measured = _parts(options, card, report)
    refuse_leakage(card, measured.pictures.fingerprints, measured.data_set, measured.places)
    engine = _engine_of(options.classifier, card)

    def predict(pixels: Pictures) -> npt.NDArray[np.float64]:
        return answer_pictures(engine, pixels, card.recipe, cancel).probabilities

    evaluation = evaluate_network(_request(predict, card, measured, options, report))
    evaluation = replace(
        evaluation,
        subject=subject_of(card, train_images=len(measured.train), split=measured.split),
        epochs=epochs,
    )
    page = _write(target, evaluation, measured, options)
    sentence = f"{describe(evaluation)}\nThe page is {page}; it names images, so it stays with you."
    speaker.say(Finished(sentence, classifier=str(options.classifier), page=str(page)))


def _engine_of(classifier: Path, card: Card) -> Engine:
    return OpenVinoEngine(user_graph_cache().graph_of(classifier, card), shape_of(card))


def _target_of(options: EvaluateOptions, card: Card) -> Path:
    """The folder to write into, made; found out before the measuring, which takes minutes."""
    target = (options.target or Path(f"evaluation-{card.id}")).absolute()
    if target.resolve().is_relative_to(options.classifier.resolve()):
        raise UsageError(
            f"{target} lies in the classifier's folder, which travels; the page shows images of the data set. "
            "Name another folder with -o."
        )
    target.mkdir(parents=True, exist_ok=True)
    return target


def _parts(options: EvaluateOptions, card: Card, report: Report) -> _Measured:
    data_set = read_data_set(options.data, options.labels)
    pictures = load_pictures(data_set.images, card.recipe, paths.cache() / "training", report)
    if options.all_images:
        return _Measured(data_set, pictures, None, [], range(len(data_set.images)))
    named = options.split or (options.run / SPLIT_FILE if options.run is not None else None)
    split = split_of_fit(card, data_set, pictures, named)
    train, held_out = split.indices(data_set, "train"), split.indices(data_set, "held_out")
    if not held_out:
        raise DataSetError(
            f"The split holds no image of {data_set.root} out. Name another one, or measure with --all."
        )
    return _Measured(data_set, pictures, split, train, held_out)


def _request(
    predict: Predict, card: Card, measured: _Measured, options: EvaluateOptions, report: Report
) -> EvaluationRequest:
    # In the card's order, which is part of the model: reading order would score three of four labels wrongly.
    targets = np.array(measured.data_set.targets_in(card.label_keys), np.int64)
    pixels = measured.pictures.pixels
    return EvaluationRequest(
        predict=predict,
        temperature=card.temperature,
        label_keys=card.label_keys,
        train=LabelledPictures(pixels[measured.train], targets[measured.train]),
        held_out=LabelledPictures(pixels[measured.places], targets[measured.places]),
        # Without a place of this PC: the data may travel.
        command=f"bloodsmear-train evaluate {card.id} --data FOLDER{' --all' if options.all_images else ''}",
        report=report,
        cases=cases_of(measured.data_set, measured.places),
    )


def _write(target: Path, evaluation: Evaluation, measured: _Measured, options: EvaluateOptions) -> Path:
    write_evaluation(target / EVALUATION_NAME, evaluation)
    words = PageWords(
        folder=measured.data_set.root.name,
        command=_command(options),
        thumbnails=thumbnails_of(evaluation.mistakes, measured.data_set, measured.places),
    )
    return write_page(target, evaluation, words)


def _command(options: EvaluateOptions) -> str:
    """The command as it may be given again."""
    words = ["bloodsmear-train", "evaluate", str(options.classifier), "--data", str(options.data)]
    words += ["--all"] if options.all_images else []
    words += ["--split", str(options.split)] if options.split is not None else []
    words += ["--run", str(options.run)] if options.run is not None else []
    return shlex.join(words)
