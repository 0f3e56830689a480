"""What a laboratory's own labels are taught on, as one more output of a network's graph (docs/adr/0035, 0048).

The standard deviations over the picture of the maps before each of the first four max-poolings: of VGG16 blocks 1 to 4.
"""

from typing import Any

import numpy as np

# The classifier that is taught on where nobody names another one: screening keeps what teaching needs of it.
TAUGHT_ON = "vgg16"
_SCALES = 4


def deviations_of(openvino: Any, model: Any) -> Any | None:
    """The output 1×D to add to OpenVINO's model; None for one without max-pooling."""
    ops = openvino.opset13
    pools = [node for node in model.get_ordered_ops() if node.get_type_name() == "MaxPool"]
    if not pools:
        return None
    # OpenVINO's pooling takes 1×C×H×W, whatever a network's own order is.
    over_the_picture = ops.constant(np.array([2, 3], np.int64))
    parts = []
    for pool in pools[:_SCALES]:
        maps = pool.input_value(0)
        height, width = (maps.get_partial_shape()[axis].get_length() for axis in (2, 3))
        # Mean of the squares less the square of the mean: nothing as large as the maps is written, which halves the
        # time. It is off by less than half precision is: 0.03 % on smears.
        length = ops.reduce_l2(maps, over_the_picture, False)
        root = ops.multiply(length, ops.constant(np.float32((height * width) ** -0.5)))
        mean = ops.reduce_mean(maps, over_the_picture, False)
        variance = ops.subtract(ops.multiply(root, root), ops.multiply(mean, mean))
        parts.append(ops.sqrt(ops.maximum(variance, ops.constant(np.float32(0.0)))))
    return ops.concat(parts, 1).output(0)
