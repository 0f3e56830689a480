"""Operations between layers that would change an answer are refused, not passed over."""

from typing import Any

import pytest

from bloodsmear.classifiers.keras_side.older_files.network_config import LayerConfig
from bloodsmear.classifiers.keras_side.older_files.plain_ops import apply_operation
from bloodsmear.errors import ClassifierError


@pytest.mark.parametrize(
    ("function", "named"),
    [
        ("cast", {"dtype": "uint8"}),
        ("cast", {}),
        ("image.resize", {"size": [10, 10], "preserve_aspect_ratio": True}),
        ("image.resize", {"size": [10, 10], "method": "lanczos3"}),
        ("nn.softmax", {"axis": 1}),
        ("clip_by_value", {"clip_value_min": -1.0, "clip_value_max": 1.0}),
        ("math.reduce_mean", {"axis": [0]}),
        ("math.truediv", {"x": "one"}),
        ("reverse", {"axis": [1]}),
        ("py_function", {}),
    ],
)
def test_a_call_that_cannot_be_taken_over_is_refused_by_name(function: str, named: dict[str, Any]) -> None:
    layer = LayerConfig("TFOpLambda", "tf.op", {"function": function}, ())
    with pytest.raises(ClassifierError, match=function.replace(".", r"\.")):
        apply_operation(None, layer, [None], named)
