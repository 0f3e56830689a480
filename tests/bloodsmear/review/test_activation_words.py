"""The caption of a map."""

import numpy as np

from bloodsmear.explaining.activation_map import ActivationMap, NucleusShare
from bloodsmear.review.activation_words import activation_sentence


def test_a_map_says_where_and_not_why() -> None:
    values = np.full((96, 96), 0.5, np.float32)
    found = ActivationMap(values, 1 / 96, 1 / 96, "pre_b", "class_activation")
    assert activation_sentence(found, NucleusShare(0.623, 0.14)) == (
        "Where, not why: what speaks for Pre\u2011B, in 96 × 96 parts. 62\u00a0% of it lies on stained nuclei, "
        "which cover 14\u00a0% of the image."
    )
    assert activation_sentence(found, None).endswith("in 96 × 96 parts.")
    nothing = ActivationMap(-values, 1 / 96, 1 / 96, "pre_b", "occlusion")
    assert activation_sentence(nothing, None) == "Where, not why: no part of the image speaks for Pre\u2011B."
