"""Keras 3 layers for the layers of older files: the allow-list. What is not here is refused by name.

Each layer takes the settings that change its answer; those that only training needs are left out, and a setting that
is unknown refuses the file: it might change the answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bloodsmear.classifiers.keras_side.older_files.keras_ops import module_of_operation
from bloodsmear.classifiers.keras_side.older_files.network_config import LayerConfig
from bloodsmear.errors import ClassifierError

# Settings without a say in an answer: names, training, how weights began.
_WITHOUT_EFFECT = {
    "name", "trainable", "dtype", "batch_input_shape", "batch_shape", "input_shape", "sparse", "ragged", "optional",
    "seed", "noise_shape", "momentum", "synchronized", "input_dim", "build_input_shape", "training", "fused",
    "renorm_clipping", "renorm_momentum",
}  # fmt: skip
_SUFFIXES_WITHOUT_EFFECT = ("_initializer", "_regularizer", "_constraint")
# Settings that were saved though their layer has no other value; another one is refused.
_ONLY = {
    "data_format": (None, "channels_last"), "renorm": (False,), "virtual_batch_size": (None,), "adjustment": (None,),
    "lora_rank": (None,), "quantization_config": (None,), "rms_scaling": (False,),
}  # fmt: skip
_PLAIN_ACTIVATIONS = {
    "linear", "relu", "relu6", "elu", "selu", "softmax", "softplus", "softsign", "tanh", "sigmoid", "swish", "silu",
    "gelu", "exponential",
}  # fmt: skip
_SAME_AS = {"swish": "silu", "hard_swish": "hard_silu"}
# Keras 2 has none of them, or another function of that name.
_SINCE_KERAS_3 = {
    "hard_sigmoid", "hard_silu", "hard_swish", "leaky_relu", "celu", "mish", "log_sigmoid", "log_softmax", "hard_tanh",
    "tanh_shrink", "hard_shrink", "soft_shrink", "squareplus",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Kind:
    """A class of Keras, the settings that it takes over, and those that have another name there now."""

    class_name: str
    settings: tuple[str, ...] = ()
    renamed: Mapping[str, str] | None = None
    groups_of_one: bool = False


_CONVOLUTION = ("filters", "kernel_size", "strides", "padding", "dilation_rate", "use_bias")
_POOLING = ("pool_size", "strides", "padding")
_NORM = ("axis", "epsilon", "center", "scale")
_KINDS = {
    "Conv2D": _Kind("Conv2D", (*_CONVOLUTION, "groups")),
    "Conv2DTranspose": _Kind("Conv2DTranspose", (*_CONVOLUTION, "output_padding"), groups_of_one=True),
    "SeparableConv2D": _Kind("SeparableConv2D", (*_CONVOLUTION, "depth_multiplier"), groups_of_one=True),
    "DepthwiseConv2D": _Kind(
        "DepthwiseConv2D",
        ("kernel_size", "strides", "padding", "dilation_rate", "use_bias", "depth_multiplier"),
        groups_of_one=True,
    ),
    "Dense": _Kind("Dense", ("units", "use_bias")),
    "BatchNormalization": _Kind("BatchNormalization", _NORM),
    "LayerNormalization": _Kind("LayerNormalization", _NORM),
    "GroupNormalization": _Kind("GroupNormalization", ("groups", *_NORM)),
    "Addons>GroupNormalization": _Kind("GroupNormalization", ("groups", *_NORM)),
    "Activation": _Kind("Activation"),
    "ReLU": _Kind("ReLU", ("max_value", "negative_slope", "threshold")),
    "LeakyReLU": _Kind("LeakyReLU", ("negative_slope",), {"alpha": "negative_slope"}),
    "PReLU": _Kind("PReLU", ("shared_axes",)),
    "ELU": _Kind("ELU", ("alpha",)),
    "Softmax": _Kind("Softmax", ("axis",)),
    "MaxPooling2D": _Kind("MaxPooling2D", _POOLING),
    "AveragePooling2D": _Kind("AveragePooling2D", _POOLING),
    "GlobalMaxPooling2D": _Kind("GlobalMaxPooling2D", ("keepdims",)),
    "GlobalAveragePooling2D": _Kind("GlobalAveragePooling2D", ("keepdims",)),
    "Flatten": _Kind("Flatten"),
    "Reshape": _Kind("Reshape", ("target_shape",)),
    "Permute": _Kind("Permute", ("dims",)),
    "ZeroPadding2D": _Kind("ZeroPadding2D", ("padding",)),
    "Cropping2D": _Kind("Cropping2D", ("cropping",)),
    "UpSampling2D": _Kind("UpSampling2D", ("size", "interpolation")),
    "Concatenate": _Kind("Concatenate", ("axis",)),
    "Add": _Kind("Add"),
    "Subtract": _Kind("Subtract"),
    "Multiply": _Kind("Multiply"),
    "Average": _Kind("Average"),
    "Maximum": _Kind("Maximum"),
    "Minimum": _Kind("Minimum"),
    "Rescaling": _Kind("Rescaling", ("scale", "offset")),
    "Resizing": _Kind(
        "Resizing", ("height", "width", "interpolation", "crop_to_aspect_ratio", "pad_to_aspect_ratio", "antialias",
                     "fill_mode", "fill_value"),
    ),
    "CenterCrop": _Kind("CenterCrop", ("height", "width")),
}  # fmt: skip
# What changes images in training only, and hands them on unchanged afterwards.
TRAINING_ONLY = frozenset({
    "Dropout", "SpatialDropout2D", "GaussianDropout", "GaussianNoise", "AlphaDropout", "ActivityRegularization",
    "RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation", "RandomContrast", "RandomBrightness",
    "RandomHeight", "RandomWidth", "RandomHue", "RandomSaturation", "RandomColorJitter", "RandomColorDegeneration",
    "RandomGrayscale", "RandomInvert", "RandomPosterization", "RandomSharpness", "RandomShear", "RandomPerspective",
    "RandomElasticTransform", "RandomGaussianBlur", "RandomErasing", "AugMix", "RandAugment",
})  # fmt: skip
# An input is made without its class; an operation and a Normalization are built by rules of their own.
_WITHOUT_CLASS = frozenset({"InputLayer", "TFOpLambda", "SlicingOpLambda", "Normalization"})
OLD_NAMES = {"BatchNormalizationV1": "BatchNormalization", "SyncBatchNormalization": "BatchNormalization"}


def known_class(class_name: str) -> str:
    """The class's present name: `BatchNormalizationV2` and `experimental.preprocessing` spellings are old ones."""
    short = class_name.removesuffix("V2") if class_name not in _KINDS else class_name
    return OLD_NAMES.get(short, short)


def is_known_class(class_name: str) -> bool:
    """Whether a layer of this class is on the list, as one that answers or one that works in training only."""
    short = known_class(class_name)
    return short in _KINDS or short in TRAINING_ONLY


def require_known(layer: LayerConfig) -> None:
    """ClassifierError, which names the layer and its class, for one that is not on the list."""
    if module_of_operation(layer) is not None:
        return
    if known_class(layer.class_name) not in _WITHOUT_CLASS and not is_known_class(layer.class_name):
        raise ClassifierError(
            f"its layer {layer.name!r} is a {layer.class_name}, which is not on the list of known layers and may be "
            "code"
        )


def build_layers(keras: Any, layer: LayerConfig, saved_by_keras_2: bool) -> list[Any]:
    """The Keras layers, in a chain, that answer as the saved layer did. ClassifierError names what is refused.

    The first carries the saved layer's name and takes its weights; a second one is its activation, where today's
    function of that name is another one.
    """
    require_known(layer)
    kind = _KINDS[known_class(layer.class_name)]
    wanted, activation = _settings_of(layer, kind)
    built = getattr(keras.layers, kind.class_name)
    if kind.class_name == "Activation":
        return _activation_layers(keras, layer, activation, saved_by_keras_2)
    if activation is None:
        return [built(name=layer.keras_name, **wanted)]
    if isinstance(activation, str) and activation in _PLAIN_ACTIVATIONS:
        return [built(name=layer.keras_name, activation=_SAME_AS.get(activation, activation), **wanted)]
    return [
        built(name=layer.keras_name, **wanted),
        *_activation_layers(keras, layer, activation, saved_by_keras_2),
    ]


def _settings_of(layer: LayerConfig, kind: _Kind) -> tuple[dict[str, Any], Any]:
    wanted: dict[str, Any] = {}
    renamed = kind.renamed or {}
    for key, value in layer.settings.items():
        name = renamed.get(key, key)
        if name in kind.settings:
            wanted[name] = _plain(layer, key, value)
        elif key == "groups" and kind.groups_of_one:
            _require(layer, key, value, (1,))
        elif key in _ONLY:
            _require(layer, key, value, _ONLY[key])
        elif not (key == "activation" or key in _WITHOUT_EFFECT or key.endswith(_SUFFIXES_WITHOUT_EFFECT)):
            raise ClassifierError(
                f"its layer {layer.name!r} sets {key!r}, which is not known for {layer.class_name}"
            )
    if kind.class_name in ("BatchNormalization", "GroupNormalization") and isinstance(
        wanted.get("axis"), list
    ):
        (wanted["axis"],) = wanted["axis"]
    return wanted, layer.settings.get("activation")


def _require(layer: LayerConfig, key: str, value: Any, allowed: tuple[Any, ...]) -> None:
    if value not in allowed:
        raise ClassifierError(f"its layer {layer.name!r} sets {key} = {value!r}, which cannot be taken over")


def _plain(layer: LayerConfig, key: str, value: Any) -> Any:
    """Numbers, words, and lists of them. Keras 2 saved some numbers as little arrays."""
    if isinstance(value, dict) and value.get("type") == "ndarray":
        value = value["value"]
    if (
        isinstance(value, dict)
        and set(value) >= {"class_name", "config"}
        and "value" in (value["config"] or {})
    ):
        value = value["config"]["value"]
    parts = value if isinstance(value, list) else [value]
    flat = [one for part in parts for one in (part if isinstance(part, list) else [part])]
    if not all(one is None or isinstance(one, bool | int | float | str) for one in flat):
        raise ClassifierError(
            f"its layer {layer.name!r} sets {key!r} to something that is neither a number nor a word"
        )
    return value


def _activation_layers(keras: Any, layer: LayerConfig, activation: Any, saved_by_keras_2: bool) -> list[Any]:
    name = f"{layer.keras_name}_activation" if layer.class_name != "Activation" else layer.keras_name
    if isinstance(activation, dict) and activation.get("registered_name") in (
        None,
        activation.get("class_name"),
    ):
        activation = activation.get("config") if isinstance(activation.get("config"), str) else None
    if activation in _PLAIN_ACTIVATIONS:
        return [keras.layers.Activation(_SAME_AS.get(activation, activation), name=name)]
    if activation in _SINCE_KERAS_3 and not saved_by_keras_2:
        return [keras.layers.Activation(_SAME_AS.get(activation, activation), name=name)]
    if activation == "hard_sigmoid":
        # Until Keras 3 this was clip(0.2 x + 0.5, 0, 1); today's is relu6(x + 3) / 6.
        return [
            keras.layers.Rescaling(0.2, 0.5, name=name),
            keras.layers.ReLU(max_value=1.0, name=f"{name}_limit"),
        ]
    raise ClassifierError(
        f"its layer {layer.name!r} has the activation {activation!r}, which is not on the list of known ones"
    )
