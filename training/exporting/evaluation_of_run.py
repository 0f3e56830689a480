"""An export's evaluation: what travels with the classifier, and the page that stays in the run's folder."""

from pathlib import Path

from msgspec.structs import replace

from bloodsmear.classifiers.card import Card
from training.evaluation.evaluation import Evaluation
from training.evaluation.measured_part import subject_of
from training.evaluation.mistakes import thumbnails_of
from training.evaluation.page.page import PageWords, write_page
from training.fitting.history import read_epochs
from training.fitting.prepared_run import PreparedRun


def evaluation_of_run(measured: Evaluation, card: Card, prepared: PreparedRun) -> Evaluation:
    """What was measured, with the classifier that it was measured on and the epochs of its fit."""
    train_images = len(prepared.split.indices(prepared.data_set, "train"))
    subject = subject_of(card, train_images=train_images, split=prepared.split)
    if prepared.whole_ships:
        subject = replace(subject, split=prepared.how_split, measured_on="held_out_at_first")
    return replace(measured, subject=subject, epochs=read_epochs(prepared.run))


def write_page_of_run(evaluation: Evaluation, prepared: PreparedRun, command: str) -> Path:
    """Write the page into the run's folder, which names images already. Raises OSError, ImageError."""
    held_out = prepared.split.indices(prepared.data_set, "held_out")
    thumbnails = thumbnails_of(evaluation.mistakes, prepared.data_set, held_out)
    return write_page(prepared.run, evaluation, PageWords(prepared.data_set.root.name, command, thumbnails))
