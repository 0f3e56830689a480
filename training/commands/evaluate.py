"""`bloodsmear-train evaluate`: figures of a classifier, or of several together, on a labelled folder; page and data."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace as replace_fields

from bloodsmear import paths
from bloodsmear.classifiers.calibration import LEAST_SURE
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.engine import Engine, shape_of
from bloodsmear.classifiers.folder import read_checked_card
from bloodsmear.classifiers.folder_files import EVALUATION_NAME
from bloodsmear.classifiers.graph_cache import user_graph_cache
from bloodsmear.classifiers.label_set import LabelSet
from bloodsmear.classifiers.openvino_engine import OpenVinoEngine
from bloodsmear.errors import DataSetError, UsageError
from bloodsmear.jobs import Cancel, Progress, Report
from bloodsmear.jobs.training_files import SPLIT_FILE
from bloodsmear.jobs.training_messages import Finished
from training.command_output import Speaker
from training.data.case_split import cases_of
from training.data.data_set import DataSet
from training.data.folder_labels import labels_of_card
from training.data.given_images import read_given, run_of_split
from training.data.picture_cache import load_pictures
from training.data.pictures import LabelledPictures, Pictures, PictureSet
from training.data.split import Split
from training.evaluation.answers import answer_pictures, red_first
from training.evaluation.describe import describe, describe_shortly
from training.evaluation.evaluate import evaluation_of
from training.evaluation.evaluation import Evaluation, Subject, write_evaluation
from training.evaluation.measured_part import (
    refuse_leakage,
    require_known_training,
    split_of_fit,
    subject_of,
    together,
    with_changed_corners,
)
from training.evaluation.mistakes import thumbnails_of
from training.evaluation.network_answers import EvaluationRequest, ask, ask_together
from training.evaluation.page.page import PageWords, write_page
from training.fitting.history import read_epochs
from training.options.evaluate_options import EvaluateOptions


@dataclass(frozen=True, slots=True)
class _Classifier:
    """A classifier that is measured: its folder, its card, and the pictures of the data set by its recipe."""

    folder: Path
    card: Card
    pictures: PictureSet


@dataclass(frozen=True, slots=True)
class _Measured:
    """The labelled folder; `train` and `places` say where in it the two parts lie, None: no split.

    `ids` are those of the classifiers, in the order of the command.
    """

    ids: str
    data_set: DataSet
    split: Split | None
    train: Sequence[int]
    places: Sequence[int]


@dataclass(frozen=True, slots=True)
class _Heard:
    """Who hears how far it is, and who may ask to stop."""

    report: Report
    cancel: Cancel


def evaluate(options: EvaluateOptions, speaker: Speaker, cancel: Cancel) -> None:
    """Measure on the held-out images of the training folder, or on all of another folder; write page and data.

    Of several classifiers their consensus is measured, on images that none of them has seen. Raises DataSetError when
    an image to be measured on has a fingerprint that a card names as trained on, UsageError for a target that travels
    with a classifier, JobCancelled when asked to stop.
    """

    def report(progress: Progress) -> None:
        cancel.checkpoint()
        speaker.report(progress)

    cards = [read_checked_card(folder) for folder in options.classifiers]
    _require_one_set_of_labels(cards)
    if not options.all_images:
        for card in cards:
            require_known_training(card)
    target = _target_of(options, cards)
    epochs = read_epochs(options.run) if options.run is not None else ()
    labels, run = labels_of_card(cards[0], options.label_words), options.run or run_of_split(options.split)
    data_set = read_given(options.data, labels, run)
    _require_what_it_answers(cards, data_set)
    classifiers = [
        _Classifier(
            folder, card, load_pictures(data_set.images, card.recipe, paths.cache() / "training", report)
        )
        for folder, card in zip(options.classifiers, cards, strict=True)
    ]
    measured = _parts(options, data_set, classifiers)
    for one in classifiers:
        refuse_leakage(one.card, one.pictures.fingerprints, data_set, measured.places)
    evaluation, each = _measure(classifiers, measured, options, _Heard(report, cancel))
    evaluation = replace_fields(evaluation, subject=_subject_of(cards, measured), epochs=epochs)
    page = _write(target, evaluation, measured, options)
    sentence = f"{describe(evaluation)}\n{each}The page is {page}; it names images, so it stays with you."
    speaker.say(Finished(sentence, classifier=str(options.classifiers[0]), page=str(page)))


def _require_one_set_of_labels(cards: Sequence[Card]) -> None:
    for card in cards[1:]:
        if set(card.label_keys) != set(cards[0].label_keys):
            raise UsageError(
                f"{cards[0].id} and {card.id} have different labels, so they have no consensus. Measure each alone."
            )


def _require_what_it_answers(cards: Sequence[Card], data_set: DataSet) -> None:
    """UsageError for a classifier of cells on a folder that is no export of cells, and the other way round."""
    for card in cards:
        if (card.answers_for == "cell") != data_set.of_cells:
            holds = (
                "crops of single cells"
                if data_set.of_cells
                else "whole images, and is no export of named cells"
            )
            answers = "single cells" if card.answers_for == "cell" else "whole images"
            raise UsageError(f"{card.id} answers for {answers}, but {data_set.root} holds {holds}.")


def _target_of(options: EvaluateOptions, cards: Sequence[Card]) -> Path:
    """The folder to write into, made; found out before the measuring, which takes minutes."""
    named = options.target or Path(f"evaluation-{'-'.join(card.id for card in cards)}")
    target = named.absolute()
    if any(target.resolve().is_relative_to(folder.resolve()) for folder in options.classifiers):
        raise UsageError(
            f"{target} lies in the classifier's folder, which travels; the page shows images of the data set. "
            "Name another folder with -o."
        )
    target.mkdir(parents=True, exist_ok=True)
    return target


def _parts(options: EvaluateOptions, data_set: DataSet, classifiers: Sequence[_Classifier]) -> _Measured:
    ids = " ".join(one.card.id for one in classifiers)
    if options.all_images:
        return _Measured(ids, data_set, None, [], range(len(data_set.images)))
    named = options.split or (options.run / SPLIT_FILE if options.run is not None else None)
    splits = [split_of_fit(one.card, data_set, one.pictures, named) for one in classifiers]
    held_out = set.intersection(*(set(split.indices(data_set, "held_out")) for split in splits))
    if not held_out:
        raise DataSetError(
            f"The split holds no image of {data_set.root} out"
            f"{' from all of them' if len(classifiers) > 1 else ''}. Name another one, or measure with --all."
        )
    return _Measured(ids, data_set, splits[0], splits[0].indices(data_set, "train"), sorted(held_out))


def _measure(
    classifiers: Sequence[_Classifier], measured: _Measured, options: EvaluateOptions, heard: _Heard
) -> tuple[Evaluation, str]:
    """The evaluation, and of several classifiers each one's first figures in lines."""
    # In the data set's order, too, of several: the consensus takes ties to the first column of a report
    # (review/consensus.py). One alone is measured in the order of its outputs.
    label_set = measured.data_set.label_set
    if len(classifiers) == 1:
        keys = classifiers[0].card.label_keys
        label_set = replace(
            label_set, labels=tuple(sorted(label_set.labels, key=lambda one: keys.index(one.key)))
        )
    requests = [_request(one, label_set, measured, options, heard) for one in classifiers]
    asked = [ask(request) for request in requests]
    if len(classifiers) == 1:
        return evaluation_of(asked[0], requests[0]), ""
    temperatures = [request.temperature for request in requests]
    limits = np.mean([request.sure_from or () for request in requests], axis=0)
    request = replace(requests[0], temperature=1.0, sure_from=tuple(limits.tolist()))
    together = evaluation_of(ask_together(asked, temperatures), request)
    each = [
        f"{one.card.name} alone: {describe_shortly(evaluation_of(answered, request))}\n"
        for one, answered, request in zip(classifiers, asked, requests, strict=True)
    ]
    return together, "".join(each)


def _request(
    one: _Classifier, label_set: LabelSet, measured: _Measured, options: EvaluateOptions, heard: _Heard
) -> EvaluationRequest:
    card, engine, keys = one.card, _engine_of(one.folder, one.card), label_set.keys
    # The columns of the outputs are the card's, which is part of the model.
    columns = [card.label_keys.index(key) for key in keys]

    def predict(pixels: Pictures) -> npt.NDArray[np.float64]:
        answers = answer_pictures(engine, red_first(pixels, card.recipe), card.recipe, heard.cancel)
        return answers.probabilities[:, columns]

    limits = card.sure_from or (LEAST_SURE,) * len(keys)
    targets = np.array(measured.data_set.targets_in(keys), np.int64)
    pixels = red_first(one.pictures.pixels, card.recipe)
    return EvaluationRequest(
        predict=predict,
        temperature=card.temperature,
        label_set=label_set,
        train=LabelledPictures(pixels[measured.train], targets[measured.train]),
        held_out=LabelledPictures(pixels[measured.places], targets[measured.places]),
        corners=with_changed_corners(measured.data_set, measured.places, card.recipe),
        # Without a place of this PC: the data may travel.
        command=f"bloodsmear-train evaluate {measured.ids} --data FOLDER{' --all' if options.all_images else ''}",
        report=heard.report,
        cases=cases_of(measured.data_set, measured.places),
        sure_from=tuple(limits[column] for column in columns),
    )


def _engine_of(classifier: Path, card: Card) -> Engine:
    return OpenVinoEngine(user_graph_cache().graph_of(classifier, card), shape_of(card))


def _subject_of(cards: Sequence[Card], measured: _Measured) -> Subject:
    subjects = [subject_of(card, train_images=len(measured.train), split=measured.split) for card in cards]
    return subjects[0] if len(subjects) == 1 else together(subjects)


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
    words = ["bloodsmear-train", "evaluate", *map(str, options.classifiers), "--data", str(options.data)]
    words += ["--all"] if options.all_images else []
    words += ["--split", str(options.split)] if options.split is not None else []
    words += ["--run", str(options.run)] if options.run is not None else []
    return shlex.join(words)
