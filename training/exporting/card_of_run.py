"""The card of a finished run."""

import datetime

import numpy as np

from bloodsmear.classifiers.card import (
    CARD_VERSION,
    Card,
    CardLabel,
    GoldenCase,
    LabelCount,
    TrainedOn,
)
from bloodsmear.teaching.labelled_folder import ANSWERS_CELLS
from training.data.split import Part
from training.exporting.measuring import MeasuredGraph
from training.exporting.request import MakersWords
from training.fitting.config import FitConfig
from training.fitting.fitted_on import read_fitted_on
from training.fitting.prepared_run import PreparedRun

_PARTS: tuple[Part, ...] = ("train", "validation", "held_out")


def make_card(
    prepared: PreparedRun,
    config: FitConfig,
    words: MakersWords,
    measured: MeasuredGraph,
    golden: tuple[GoldenCase, ...],
) -> Card:
    """The card without its files, which `listed_files` adds once they are written."""
    return Card(
        card_version=CARD_VERSION,
        id=words.id,
        name=words.name,
        version=words.version,
        architecture=config.architecture,
        labels=tuple(CardLabel(key=one.key, name=one.name) for one in prepared.data_set.label_set.labels),
        recipe=prepared.recipe,
        files=(),
        trained_on=_trained_on(prepared, config, words.data_set),
        figures=measured.evaluation.figures,
        temperature=measured.temperature,
        sure_from=measured.sure_from,
        unlike_training=measured.unlike_training,
        golden=golden,
        fast=None,
        cross_validation=None,
        licence=words.licence,
        citation=words.citation,
        answers_for="cell" if prepared.data_set.of_cells else "image",
        limits=(*words.limits, *((ANSWERS_CELLS,) if prepared.data_set.of_cells else ())),
    )


def _trained_on(prepared: PreparedRun, config: FitConfig, data_set: str) -> TrainedOn:
    keys = prepared.data_set.label_keys
    counted = {part: np.bincount(prepared.part(part)[1], minlength=len(keys)) for part in _PARTS}
    if prepared.whole_ships:
        counted = {part: np.zeros_like(count) for part, count in counted.items()}
        counted["train"] = np.bincount(
            np.concatenate([prepared.part("train")[1], prepared.large_rest()[1]]), minlength=len(keys)
        )
    return TrainedOn(
        data_set=_with_kept(data_set, prepared),
        counts=tuple(
            LabelCount(label=key, **{part: int(counts[place]) for part, counts in counted.items()})
            for place, key in enumerate(keys)
        ),
        split=prepared.how_split,
        seed=prepared.split.seed,
        backend=f"{_fitted_on(prepared)}, {config.precision}",
        date=datetime.datetime.now(datetime.UTC).date().isoformat(),
        fingerprints=prepared.seen,
    )


def _fitted_on(prepared: PreparedRun) -> str:
    fitted_on = read_fitted_on(prepared.run)
    return fitted_on.in_words() if fitted_on else "a backend that was not recorded"


def _with_kept(data_set: str, prepared: PreparedRun) -> str:
    """The data set's words, and what was kept in of another one; no folder is named, since a card travels."""
    if prepared.kept is None or prepared.earlier is None:
        return data_set
    count = len(prepared.kept.record.images)
    return (
        f"{data_set}; and, in train only, {count} images kept in that {prepared.earlier.name} was trained on"
    )
