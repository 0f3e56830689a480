"""The caption of a map of where a classifier looked."""

from bloodsmear.classifiers.labels import NO_NAMES, Names, label_name, unbroken
from bloodsmear.explaining.activation_map import ActivationMap, NucleusShare


def activation_sentence(
    activation: ActivationMap, share: NucleusShare | None, names: Names = NO_NAMES
) -> str:
    """The caption that stands beside a map: where, not why. `names` are the classifier's."""
    label = unbroken(label_name(activation.label_key, names))
    if not (activation.values > 0).any():
        return f"Where, not why: no part of the image speaks for {label}."
    rows, columns = activation.values.shape
    words = f"Where, not why: what speaks for {label}, in {rows} × {columns} parts."
    if share is None:
        return words
    return (
        f"{words} {_percent(share.of_map)} of it lies on stained nuclei, "
        f"which cover {_percent(share.of_image)} of the image."
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f}\u00a0%"
