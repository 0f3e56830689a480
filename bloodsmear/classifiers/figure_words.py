"""A card's figures in words, and the order in which they are read: what may hurt a patient comes first."""

from collections.abc import Callable, Iterable

from bloodsmear.classifiers.labels import label_name

# The two that every evaluation leads with: a hematogone taken for a blast, and a blast taken for a hematogone.
BENIGN_CALLED_OTHER, OTHER_CALLED_BENIGN = "benign_called_other", "other_called_benign"
LEADING = (BENIGN_CALLED_OTHER, OTHER_CALLED_BENIGN)
# The same of the label that a laboratory's own set says matters first; its key follows.
CALLED_OTHER, WRONGLY_CALLED = "called_other_", "wrongly_called_"
SENSITIVITY, PRECISION, ACCURACY = "sensitivity_", "precision_", "accuracy"
COLOUR_ALONE, CORNER_ALONE = "accuracy_colour_only_baseline", "accuracy_corner_only_baseline"
# Of a taught classifier: what is read beside its accuracy, on the same images.
MAJORITY, BASE, GAIN_OVER_BASE = "accuracy_majority", "accuracy_base_classifier", "gain_over_base_classifier"
# The same on an audit set, which was never taught; beside classifiers in use, by their ids.
AUDIT_ACCURACY, AUDIT_SENSITIVITY = "audit_accuracy", "audit_sensitivity_"
AUDIT_OF, AUDIT_GAIN, MOST_FREQUENT = "audit_accuracy_of_", "audit_gain_over_", "most-frequent"
NUCLEI_HIDDEN = "accuracy_nuclei_hidden"
CORNER_FILLED, CORNER_SWAPPED = "labels_changed_corner_filled", "labels_changed_corner_swapped"
CALIBRATION_ERROR, ANSWERABLE = "expected_calibration_error", "share_answerable_at_1_percent_error"
# Which answers ask for a look, and how many of the others are wrong.
UNSURE, WRONG_WHERE_SURE = "share_unsure", "wrong_where_sure"
# Of several classifiers together only.
DISAGREEMENT, WRONG_WHERE_AGREED = "share_in_disagreement", "wrong_where_they_agree"
OTHER_SOURCES = (COLOUR_ALONE, CORNER_ALONE, CORNER_FILLED, CORNER_SWAPPED, NUCLEI_HIDDEN)
ASKING_FOR_A_LOOK = (DISAGREEMENT, WRONG_WHERE_AGREED, UNSURE, WRONG_WHERE_SURE)

_WORDS = {
    BENIGN_CALLED_OTHER: "Benign called one of the other three",
    OTHER_CALLED_BENIGN: "one of the other three called Benign",
    ACCURACY: "accuracy",
    "macro_f1": "macro-F1",
    COLOUR_ALONE: "colour alone: accuracy of trees that see no cell",
    MAJORITY: "always the most frequent label: accuracy",
    BASE: "the base classifier: accuracy on the same images",
    GAIN_OVER_BASE: "gain over the base classifier",
    AUDIT_ACCURACY: "audit set: accuracy",
    f"{AUDIT_OF}{MOST_FREQUENT}": "audit set: accuracy of always the most frequent label",
    f"{AUDIT_GAIN}{MOST_FREQUENT}": "audit set: gain over the most frequent label",
    CORNER_ALONE: "the corner alone: accuracy of trees that see the scale bar only",
    NUCLEI_HIDDEN: "accuracy with every nucleus hidden",
    CORNER_FILLED: "answers changed with the corner filled",
    CORNER_SWAPPED: "answers changed with another label's corner",
    CALIBRATION_ERROR: "calibration error (ECE)",
    ANSWERABLE: "answerable at 1 % error",
    UNSURE: "unsure: a look is asked for",
    WRONG_WHERE_SURE: "wrong where they are sure",
    DISAGREEMENT: "the classifiers disagree",
    WRONG_WHERE_AGREED: "wrong where they agree",
}
_OF_AUDIT = {
    AUDIT_SENSITIVITY: "audit set: sensitivity of",
    AUDIT_OF: "audit set: accuracy of",
    AUDIT_GAIN: "audit set: gain over",
}
# Older cards have shifts that are not measured any more; they keep their words.
_SHIFTS = {
    "grey": "in grey",
    "hue_plus_12_degrees": "hue +12°",
    "hue_minus_12_degrees": "hue −12°",
    "saturation_times_0.7": "saturation × 0.7",
    "saturation_times_1.3": "saturation × 1.3",
    "saturation_times_1.35": "saturation × 1.35",
    "brightness_times_0.85": "brightness × 0.85",
    "brightness_times_1.15": "brightness × 1.15",
    "white_balance_warm": "white balance, warm",
    "white_balance_cold": "white balance, cold",
    "cast_magenta": "magenta cast",
    "cast_green": "green cast",
    "gamma_0.7": "gamma 0.7, brighter",
    "gamma_1.4": "gamma 1.4, darker",
    "vignetting": "vignetting",
    "blur_sigma_0.7_px": "blur, σ 0.7 px",
    "defocus_1_px": "defocus, radius 1 px",
    "defocus_2_px": "defocus, radius 2 px",
    "jpeg_quality_50": "JPEG, quality 50",
    "jpeg_quality_40": "JPEG, quality 40",
    "half_scale": "half the scale",
}


def is_leading(name: str) -> bool:
    """Whether it is a figure that an evaluation leads with."""
    return name in LEADING or name.startswith((CALLED_OTHER, WRONGLY_CALLED))


def figure_words(
    name: str, name_of: Callable[[str], str] = label_name, classifier_of: Callable[[str], str] = str
) -> str:
    """A figure's name for people: `sensitivity_pre_b` is the sensitivity of Pre-B. `name_of` names a label's key,
    `classifier_of` a classifier's id.
    """
    if name in _WORDS:
        return _WORDS[name]
    for kind, words in _OF_AUDIT.items():
        if name.startswith(kind):
            rest = name.removeprefix(kind)
            return f"{words} {name_of(rest) if kind == AUDIT_SENSITIVITY else classifier_of(rest)}"
    for kind in (SENSITIVITY, PRECISION):
        if name.startswith(kind):
            return f"{kind.rstrip('_')} of {name_of(name.removeprefix(kind))}"
    if name.startswith(CALLED_OTHER):
        return f"{name_of(name.removeprefix(CALLED_OTHER))} called another label"
    if name.startswith(WRONGLY_CALLED):
        return f"another label called {name_of(name.removeprefix(WRONGLY_CALLED))}"
    if name.startswith(f"{ACCURACY}_"):
        return f"accuracy: {shift_words(name.removeprefix(f'{ACCURACY}_'))}"
    return name.replace("_", " ")


def shift_words(name: str) -> str:
    """A shift's name for people: `hue_plus_12_degrees` is hue +12°."""
    return _SHIFTS.get(name, name.replace("_", " "))


def shifted(names: Iterable[str]) -> list[str]:
    """Those of the names that are accuracies under a shift."""
    others = (COLOUR_ALONE, CORNER_ALONE, NUCLEI_HIDDEN, MAJORITY, BASE)
    return [name for name in names if name.startswith(f"{ACCURACY}_") and name not in others]
