"""VGG16 for transfer learning: its convolutions, then a small head."""

import keras
from keras import layers

FEATURE_LAYER = "pooled_features"


def build_vgg16(height_px: int, width_px: int, label_count: int) -> keras.Model:
    """VGG16 without top (Simonyan and Zisserman 2014), global average pooling, Dense 256 relu, softmax.

    Input float32 [n, height_px, width_px, 3] as the recipe scales it, output [n, label_count]. The weights are
    He-initialised: Keras' own glorot start stalls in a network of this depth without batch norm.
    """
    base = keras.applications.VGG16(include_top=False, weights=None, input_shape=(height_px, width_px, 3))
    _start_as_he(base)
    pooled = layers.GlobalAveragePooling2D(name=FEATURE_LAYER)(base.output)
    hidden = layers.Dense(256, activation="relu", kernel_initializer="he_normal", name="hidden")(pooled)
    # float32 whatever the policy: a softmax in bfloat16 has two digits.
    answer = layers.Dense(label_count, activation="softmax", dtype="float32", name="probabilities")(hidden)
    return keras.Model(base.input, answer, name="vgg16")


def _start_as_he(base: keras.Model) -> None:
    for layer in base.layers:
        if isinstance(layer, layers.Conv2D):
            # Keras draws from its global seed, which the fit has set: the start is the same every time.
            layer.kernel.assign(keras.initializers.HeNormal(keras.random.SeedGenerator())(layer.kernel.shape))
