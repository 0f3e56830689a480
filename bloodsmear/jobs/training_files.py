"""The files of a training run's folder that both the training program and the window open, and the epochs in one."""

from typing import Annotated

import msgspec

# The settings that the run was begun with.
CONFIG_FILE = "config.json"
# The finished epochs, replaced after each: the window draws the curves of a run that goes on from them.
HISTORY_FILE = "history.json"
# The network of the best epoch so far.
BEST_WEIGHTS = "best.weights.h5"
# The network with a head fitted on all images, held-out ones, too: it ships where settings say so.
WHOLE_WEIGHTS = "whole.weights.h5"
# Which images are held out: classifiers in use are measured on the same ones.
SPLIT_FILE = "split.json"
# The page about the finished classifier. It is written last: where it is, the export is done.
PAGE_FILE = "evaluation.html"

# A run's folder may come from anywhere. What an older checkpoint is called is deleted: a bare name, and no other.
_Checkpoint = Annotated[str, msgspec.Meta(pattern=r"\A(?:epoch_[0-9]{3,6}\.keras)?\Z")]
_Loss = Annotated[float, msgspec.Meta(ge=0.0, le=1e9)]
_Share = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]


class EpochFigures(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One epoch: cross-entropy (nats) and accuracy (0 to 1) on both parts; the training ones while augmented.

    `checkpoint` is the network's file in the run's folder; empty outside of it.
    """

    epoch: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    loss: _Loss
    accuracy: _Share
    validation_loss: _Loss
    validation_accuracy: _Share
    checkpoint: _Checkpoint = ""
