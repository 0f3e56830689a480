"""`bloodsmear-train fit`: prepare a run and fit its network."""

from pathlib import Path

import numpy as np

from bloodsmear.jobs import Cancel
from bloodsmear.jobs.training_messages import Finished, Note
from training.data.pictures import LabelledPictures
from training.fitting.fit import FitRequest, fit_network
from training.fitting.run import PreparedRun, RunRequest, prepare_run
from training.speaker import Speaker


def fit(request: RunRequest, weights: Path | None, speaker: Speaker, cancel: Cancel) -> None:
    """Fit a network, or go on with the run that lies in the request's folder."""
    prepared = prepare_run(request, speaker.report)
    _say_parts(prepared, speaker)
    fit_request = FitRequest(
        run=request.run,
        recipe=prepared.recipe,
        train=LabelledPictures(*prepared.part("train")),
        validation=LabelledPictures(*prepared.part("validation")),
        start_weights=weights,
    )
    fit_network(fit_request, request.config, speaker.report, cancel)
    speaker.say(Finished(f"The run in {request.run} is fitted.", run=str(request.run)))


def _say_parts(prepared: PreparedRun, speaker: Speaker) -> None:
    for part in ("train", "validation", "held_out", "left_out"):
        counts = np.bincount(prepared.part(part)[1], minlength=len(prepared.data_set.label_keys))
        named = zip(prepared.data_set.label_keys, counts, strict=True)
        speaker.say(Note(f"{part}: " + ", ".join(f"{count} {key}" for key, count in named)))
