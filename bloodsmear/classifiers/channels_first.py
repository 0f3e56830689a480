"""A graph without the transposes that Keras' export puts around every layer: channels stay in front all the way.

Keras computes height × width × channels, OpenVINO channels × height × width, and the export goes there and back at each
convolution, each pooling and each batch norm. A processor moves a third of the U-Net's time in memory for it, and the
bias and relu behind a convolution cannot be computed along with it.

Nothing is computed that was not computed before: a transpose is not carried out but remembered, and a step whose values
don't depend on their places works on what lies there.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

# Where each axis of a value lies.
_Order = tuple[int, ...]

# Steps that treat each value alike, wherever it stands.
_OF_ONE = frozenset(
    ("Relu", "Sqrt", "Negative", "Abs", "Exp", "Sigmoid", "Tanh", "Elu", "Gelu", "HSwish", "Swish")
)
_OF_TWO = frozenset(("Add", "Subtract", "Multiply", "Divide", "Power", "Maximum", "Minimum"))
_HEIGHT_WIDTH_CHANNELS: _Order = (0, 2, 3, 1)
# For a group norm: channels fall into groups.
_HEIGHT_WIDTH_GROUPS: _Order = (0, 3, 4, 1, 2)


@dataclass(frozen=True, slots=True)
class _Laid:
    """A value of the old graph as it lies in the new one: axis i of the old is axis `order[i]` of `output`."""

    output: Any
    order: _Order

    @property
    def is_as_before(self) -> bool:
        return self.order == tuple(range(len(self.order)))


def keep_channels_first(openvino: Any, model: Any) -> None:
    """Rewrite OpenVINO's model, whose sizes are static, in place. RuntimeError as OpenVINO raises it.

    `openvino` is the loaded package. Inputs, outputs and what they mean stay.
    """
    rewriting = _Rewriting(openvino.opset13)
    for node in model.get_ordered_ops():
        rewriting.take_over(node)
    model.validate_nodes_and_infer_types()


class _Rewriting:
    """What became of each value so far."""

    def __init__(self, ops: Any) -> None:
        self._ops = ops
        self._laid: dict[tuple[str, int], _Laid] = {}
        self._turned: dict[tuple[str, int], Any] = {}

    def take_over(self, node: Any) -> None:
        """Bring a node into the new graph, whose inputs were taken over before."""
        laid = self._moved(node)
        if laid is not None:
            self._laid[node.get_name(), 0] = laid
            return
        _feed(node, [self.as_before(node.input_value(index)) for index in range(node.get_input_size())])
        for index in range(node.get_output_size()):
            output = node.output(index)
            rank = output.get_partial_shape().rank
            order = tuple(range(rank.get_length())) if rank.is_static else ()
            self._laid[node.get_name(), index] = _Laid(output, order)

    def as_before(self, output: Any) -> Any:
        """A value with its axes in the old order; transposed once, however many ask."""
        key = _key(output)
        laid = self._laid[key]
        if laid.is_as_before:
            return laid.output
        if key not in self._turned:
            order = self._ops.constant(np.array(laid.order, np.int64))
            self._turned[key] = self._ops.transpose(laid.output, order).output(0)
        return self._turned[key]

    def _moved(self, node: Any) -> _Laid | None:
        """The node's value without carrying out a transpose; None where it needs its inputs as they were."""
        kind = node.get_type_name()
        if kind == "Transpose":
            return self._transpose(node)
        if kind == "Convert" and node.get_element_type() == node.input_value(0).get_element_type():
            return self._laid[_key(node.input_value(0))]
        if kind in _OF_ONE and node.get_input_size() == 1:
            laid = self._laid[_key(node.input_value(0))]
            return _Laid(_feed(node, [laid.output]), laid.order)
        if kind in _OF_TWO:
            return self._of_two(node)
        if kind == "BatchNormInference":
            return self._batch_norm(node)
        if kind == "Concat":
            return self._concat(node)
        if kind == "ReduceMean":
            return self._mean(node)
        return self._groups(node) if kind == "Reshape" else None

    def _transpose(self, node: Any) -> _Laid | None:
        wanted = _constant(node.input_value(1))
        if wanted is None:
            return None
        laid = self._laid[_key(node.input_value(0))]
        values = _constant(node.input_value(0))
        if values is not None:
            turned = self._ops.constant(np.ascontiguousarray(np.transpose(values, wanted)))
            return _Laid(turned.output(0), tuple(range(values.ndim)))
        return _Laid(laid.output, tuple(laid.order[axis] for axis in wanted))

    def _of_two(self, node: Any) -> _Laid | None:
        outputs = [node.input_value(0), node.input_value(1)]
        orders = {self._laid[_key(output)].order for output in outputs if _constant(output) is None}
        if len(orders) != 1:
            return None
        (order,) = orders
        inputs = []
        for output in outputs:
            values = _constant(output)
            laid = self._laid[_key(output)]
            if values is None or values.ndim == 0 or laid.order == order == tuple(range(len(order))):
                inputs.append(laid.output)
            elif values.ndim > len(order):
                return None
            else:
                spread = values.reshape((1,) * (len(order) - values.ndim) + values.shape)
                turned = np.transpose(spread, np.argsort(order))
                inputs.append(self._ops.constant(np.ascontiguousarray(turned)).output(0))
        return _Laid(_feed(node, inputs), order)

    def _batch_norm(self, node: Any) -> _Laid | None:
        laid = self._laid[_key(node.input_value(0))]
        if laid.order[:2] != (0, 1):
            return None
        statistics = [self.as_before(node.input_value(index)) for index in range(1, 5)]
        return _Laid(_feed(node, [laid.output, *statistics]), laid.order)

    def _concat(self, node: Any) -> _Laid | None:
        parts = [self._laid[_key(node.input_value(index))] for index in range(node.get_input_size())]
        order = parts[0].order
        if any(part.order != order for part in parts):
            return None
        axis = order[node.get_attributes()["axis"]]
        return _Laid(self._ops.concat([part.output for part in parts], axis).output(0), order)

    def _mean(self, node: Any) -> _Laid | None:
        axes = _constant(node.input_value(1))
        laid = self._laid[_key(node.input_value(0))]
        if axes is None:
            return None
        kept = bool(node.get_attributes()["keep_dims"])
        moved = sorted(laid.order[axis] for axis in axes.ravel())
        rest = [
            axis for place, axis in enumerate(laid.order) if place not in set(axes.ravel() % len(laid.order))
        ]
        if not kept and rest != sorted(rest):
            return None
        mean = self._ops.reduce_mean(laid.output, self._ops.constant(np.array(moved, np.int64)), kept)
        return _Laid(mean.output(0), laid.order if kept else tuple(range(len(rest))))

    def _groups(self, node: Any) -> _Laid | None:
        """The step of a group norm that makes groups of channels, and the one that takes them apart."""
        laid = self._laid[_key(node.input_value(0))]
        if laid.order not in (_HEIGHT_WIDTH_CHANNELS, _HEIGHT_WIDTH_GROUPS):
            return None
        # The input's own shape is that of the new graph by now.
        lying = [int(size) for size in laid.output.get_shape()]
        before = [lying[axis] for axis in laid.order]
        after = [int(size) for size in node.output(0).get_shape()]
        apart = laid.order == _HEIGHT_WIDTH_CHANNELS
        if len(after) != (5 if apart else 4) or before[:3] != after[:3]:
            return None
        size = [after[0], *after[3:], *after[1:3]]
        order = _HEIGHT_WIDTH_GROUPS if apart else _HEIGHT_WIDTH_CHANNELS
        target = self._ops.constant(np.array(size, np.int64))
        return _Laid(self._ops.reshape(laid.output, target, False).output(0), order)


def _feed(node: Any, inputs: list[Any]) -> Any:
    """Give a node these inputs; returns its first output, None of a result."""
    for index, output in enumerate(inputs):
        node.input(index).replace_source_output(output)
    node.validate_and_infer_types()
    return node.output(0) if node.get_output_size() > 0 else None


def _key(output: Any) -> tuple[str, int]:
    return output.get_node().get_name(), output.get_index()


def _constant(output: Any) -> Any:
    """A constant's values, steps that do nothing left out; None if it is not a constant."""
    node = output.get_node()
    while (
        node.get_type_name() == "Convert"
        and node.get_element_type() == node.input_value(0).get_element_type()
    ):
        node = node.input_value(0).get_node()
    return np.asarray(node.get_data()) if node.get_type_name() == "Constant" else None
