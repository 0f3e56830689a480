"""Says of every layer that is taken for one of training only whether it hands images on unchanged in use, as JSON."""

import json
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"
import keras
import numpy as np

from bloodsmear.classifiers.keras_side.older_files.layers import TRAINING_ONLY

# Only Keras 2 had them; so only .h5 files hold them.
KERAS_2 = {"RandomHeight", "RandomWidth"}
ARGUMENTS = {
    "Dropout": (0.5,), "SpatialDropout2D": (0.5,), "GaussianDropout": (0.5,), "GaussianNoise": (0.5,),
    "AlphaDropout": (0.5,), "RandomRotation": (0.2,), "RandomZoom": (0.2,), "RandomTranslation": (0.2, 0.2),
    "RandomContrast": (0.2,), "RandomBrightness": (0.2,), "RandomHue": (0.2,), "RandomSaturation": (0.2,),
    "RandomColorDegeneration": (0.3,), "RandomPosterization": (3,), "RandomSharpness": (0.4,),
    "RandomShear": (0.2, 0.2),
}  # fmt: skip


def main() -> None:
    """Try each on random images."""
    images = np.random.default_rng(0).random((2, 24, 24, 3)).astype(np.float32) * 255
    told = {}
    for name in sorted(TRAINING_ONLY - KERAS_2):
        layer = getattr(keras.layers, name)(*ARGUMENTS.get(name, ()))
        told[name] = bool(np.array_equal(np.asarray(layer(images, training=False)), images))
    print(json.dumps(told))  # noqa: T201 - what the test reads


if __name__ == "__main__":
    main()
