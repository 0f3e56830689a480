"""What an earlier classifier has seen, when a fit starts from its weights: that cannot be held out any more."""

from pathlib import Path

from bloodsmear.classifiers.card_file import CARD_NAME, read_card
from bloodsmear.errors import DataSetError
from training.fitting.run import PreparedRun


def refuse_seen_images(source: Path | None, prepared: PreparedRun) -> None:
    """Raise DataSetError where held-out images were seen by the classifier that the fit starts from.

    `source` is what the weights come from: a classifier's folder, its model.keras, another file (which has no card and
    tells nothing), or None. CardError for a card that cannot be read.
    """
    folder = source if source is None or source.is_dir() else source.parent
    if folder is None or not (folder / CARD_NAME).is_file():
        return
    card = read_card(folder)
    seen = set(card.trained_on.fingerprints)
    held_out = prepared.split.indices(prepared.data_set, "held_out")
    leaked = [place for place in held_out if f"{int(prepared.pictures.fingerprints[place]):016x}" in seen]
    if leaked:
        first = prepared.data_set.images[leaked[0]].path
        raise DataSetError(
            f"{len(leaked)} of the {len(held_out)} held-out images were seen by the classifier {card.name}, which the "
            f"fit starts from, {first} first: figures on them would prove nothing. Start from scratch, or leave out "
            "the images that it was trained on."
        )
