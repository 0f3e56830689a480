"""`bloodsmear-train fit`: prepare a run and fit its network."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.label_set import LabelSet
from bloodsmear.jobs import Cancel, Progress
from bloodsmear.jobs.training_messages import EpochDone, Finished, FitStarted, Note, TrainingMessage
from training.backend import BackendChoice
from training.command_output import Speaker
from training.data.pictures import LabelledPictures
from training.fitting.config import FitConfig
from training.fitting.fitted_on import FittedOn, write_fitted_on
from training.fitting.history import read_history
from training.fitting.prepared_run import PreparedRun
from training.fitting.run import RunRequest, precision_of_run, prepare_run
from training.fitting.run_lock import hold_run
from training.gpu import Gpu, device_name, device_on_card, find_gpu, precision_of

_ENOUGH = 100


@dataclass(frozen=True, slots=True)
class FitOptions:
    """What to fit, and the backend that was chosen for it. Where `ships` is not set it is measured alone."""

    request: RunRequest
    backend: BackendChoice
    ships: bool = True


def fit(options: FitOptions, speaker: Speaker, cancel: Cancel) -> None:
    """Fit a network, or go on with the run that lies in the request's folder.

    Asked to stop, it keeps the finished epochs and the best weights among them (JobCancelled). TrainingError where
    another process works on the run.
    """
    with hold_run(options.request.run):
        _fit(options, speaker, cancel)


def _fit(options: FitOptions, speaker: Speaker, cancel: Cancel) -> None:
    def report(progress: Progress) -> None:
        cancel.checkpoint()
        speaker.report(progress)

    gpu = find_gpu(options.backend.name)
    config = _settle_precision(options.request, gpu)
    request = dataclasses.replace(options.request, config=config)
    prepared = prepare_run(request, report)
    if not options.ships:
        prepared = dataclasses.replace(prepared, whole_ships=False)
    _say_parts(prepared, speaker)
    if prepared.earlier is None and (
        sentence := few_images(prepared.data_set.label_set, prepared.part("train")[1])
    ):
        speaker.say(Note(sentence))
    speaker.say(_started(options.backend, gpu, config, prepared))
    _fit_prepared(prepared, config, gpu, speaker, cancel)
    speaker.say(Finished(f"The run in {request.run} is fitted.", run=str(request.run)))


def _fit_prepared(
    prepared: PreparedRun, config: FitConfig, gpu: Gpu | None, speaker: Speaker, cancel: Cancel
) -> None:
    # Here, because it brings Keras, which takes seconds: what can be refused has been refused by now.
    import keras

    from training.fitting.fit import FitRequest, fit_network
    from training.fitting.head_fit import fit_head_alone
    from training.fitting.start_weights import StartWeights

    keys, earlier, start = prepared.data_set.label_keys, prepared.earlier, None
    if earlier is not None:
        # A head on deviations is made anew for each set of images, also where the labels are the same.
        anew = bool(earlier.label_keys) and config.pooled_as == "deviations"
        start = StartWeights(Path(earlier.weights), anew or earlier.has_other_labels(keys))
    fit_request = FitRequest(
        run=prepared.run,
        recipe=prepared.recipe,
        train=LabelledPictures(*prepared.large_part("train")),
        validation=LabelledPictures(*prepared.part("validation")),
        # Named now, or when the run was begun.
        start_weights=start,
        groups=prepared.groups() if config.pooled_as == "deviations" else None,
        rest=LabelledPictures(*prepared.large_rest()) if prepared.whole_ships else None,
    )
    fitted_on = FittedOn(keras.__version__, keras.backend.backend(), device_on_card(gpu))

    def tell(message: TrainingMessage) -> None:
        # Once an epoch of this PC is kept: a finished run that is given again stays of where it was fitted.
        if isinstance(message, EpochDone):
            write_fitted_on(prepared.run, fitted_on)
        speaker.say(message)

    (fit_head_alone if config.pooled_as == "deviations" else fit_network)(fit_request, config, tell, cancel)


def _settle_precision(request: RunRequest, gpu: Gpu | None) -> FitConfig:
    """The config with a real precision: the run's own where it has begun, maybe on another PC."""
    config = request.config
    if config.precision == "auto":
        precision = precision_of_run(request.run) or precision_of(config, gpu)
        config = dataclasses.replace(config, precision=precision)
    return config


def _started(backend: BackendChoice, gpu: Gpu | None, config: FitConfig, prepared: PreparedRun) -> FitStarted:
    return FitStarted(
        backend=backend.name,
        device=device_name(gpu),
        reason=f"{backend.reason}; {config.precision}",
        architecture=config.architecture,
        train_images=len(prepared.part("train")[1]),
        epochs=config.epochs,
        finished_epochs=len(read_history(prepared.run)),
        gpu=gpu is not None,
    )


def few_images(label_set: LabelSet, targets: npt.NDArray[np.int64]) -> str:
    """What to say of training images (`targets` int64 N) that are too few to fit from scratch; empty: nothing."""
    counts = np.bincount(targets, minlength=len(label_set.labels))
    least = int(counts.argmin())
    if counts[least] >= _ENOUGH:
        return ""
    return (
        f"{label_set.labels[least].name} has {counts[least]} training images. From fewer than {_ENOUGH} of a label a "
        "network learns little from scratch: the preset few, which begins with the VGG16 that ships, and `bloodsmear "
        "teach` are made for that."
    )


def _say_parts(prepared: PreparedRun, speaker: Speaker) -> None:
    for sentence in prepared.data_set.told:
        speaker.say(Note(sentence))
    if prepared.kept is not None:
        speaker.say(Note(prepared.kept.record.in_words()))
    for part in ("train", "validation", "held_out", "left_out"):
        counts = np.bincount(prepared.part(part)[1], minlength=len(prepared.data_set.label_keys))
        named = zip(prepared.data_set.label_keys, counts, strict=True)
        speaker.say(Note(f"{part}: " + ", ".join(f"{count} {key}" for key, count in named)))
