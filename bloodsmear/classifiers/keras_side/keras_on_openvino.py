"""Keras 3 on its OpenVINO backend, in a process of its own: without a network, a user's settings, or half precision."""

import functools
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from bloodsmear.classifiers.openvino_engine import load_openvino
from bloodsmear.errors import ClassifierError


def load_keras(scratch: Path) -> Any:
    """Keras' module; it writes into the folder `scratch` only. ClassifierError on another backend."""
    openvino = load_openvino()
    os.environ["KERAS_BACKEND"] = "openvino"
    # Else Keras would take over the user's ~/.keras/keras.json (channels first, another float type) or write one.
    os.environ["KERAS_HOME"] = str(scratch)
    # Keras takes `requests` for one callback only and does without; its import alone opens a socket to see whether the
    # PC has IPv6. OpenVINO's converter takes JAX in where it is installed, for networks of JAX. Matplotlib writes a
    # list of the PC's fonts into the user's home, and scikit-learn makes semaphores. None makes an import fail, as
    # Python documents.
    for needless in ("requests", "jax", "matplotlib", "sklearn"):
        sys.modules[needless] = None  # type: ignore[assignment]  # the stubs know modules only
    # Keras' backend imports it at its head, for the windows of spectrograms, which no network of images has. It would
    # be 76 MB of the installed folder and a second of each conversion.
    scipy = {name: ModuleType(name) for name in ("scipy", "scipy.signal")}
    sys.modules.update(scipy)
    import keras

    for name in scipy:
        del sys.modules[name]
    if keras.config.backend() != "openvino":
        raise ClassifierError(
            f"Keras runs on {keras.config.backend()} here; convert in a process of its own."
        )
    # `predict` leaves the precision to OpenVINO, which takes bfloat16 where the processor has it (AMX, Zen 4): of
    # probabilities that are three digits, and their sum is off by more than rounding.
    openvino.compile_model = functools.partial(
        openvino.compile_model, config={"INFERENCE_PRECISION_HINT": "f32"}
    )
    return keras
