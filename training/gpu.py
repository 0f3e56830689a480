"""What the chosen backend computes on. The backend is imported when it is asked, and no other."""

import importlib
import importlib.util
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from training.backend import has_gpu_driver
from training.fitting.config import FitConfig, Precision

# Compute capability from which NVIDIA's GPUs multiply in bfloat16 (Ampere), and in float16 with gain (Volta).
_BFLOAT16_SINCE = (8, 0)
_FLOAT16_SINCE = (7, 0)
_NO_DRIVER = "This PC has no driver of a GPU: if a GPU is in it, install the driver of the GPU's maker."
# What PyTorch says of NVIDIA's drivers (c10/cuda/CUDAFunctions.cpp).
_OLD_DRIVER, _MISSING_DRIVER = "driver on your system is too old", "Found no NVIDIA driver"


@dataclass(frozen=True, slots=True)
class Gpu:
    """A GPU's name, and the precision that it fits fastest in."""

    name: str
    precision: Precision


def find_gpu(backend: str) -> Gpu | None:
    """The first GPU that `backend` sees; None without one, or where the backend cannot be loaded.

    Without a GPU's driver nothing is imported: TensorFlow alone takes eight seconds of a processor.
    """
    if not has_gpu_driver():
        return None
    try:
        return _FINDERS[backend](importlib.import_module(backend))
    except (ImportError, OSError, RuntimeError, AttributeError):
        return None


def why_no_gpu(backend: str) -> str:
    """A sentence on why `backend` sees no GPU and what to do; empty where nothing is known, or it is not installed."""
    if importlib.util.find_spec(backend) is None:
        return ""
    if not has_gpu_driver():
        return _NO_DRIVER
    try:
        return _why_torch_sees_none(importlib.import_module(backend)) if backend == "torch" else ""
    except (ImportError, OSError, AttributeError):
        return ""


def device_name(gpu: Gpu | None) -> str:
    """In words, what a fit computes on."""
    return gpu.name if gpu else f"{os.cpu_count()} processor cores"


def device_on_card(gpu: Gpu | None) -> str:
    """The same for a card, which travels: nothing that is this PC's alone."""
    return gpu.name if gpu else "a processor"


def precision_of(config: FitConfig, gpu: Gpu | None) -> Precision:
    """The precision to fit in: `auto` is half of it on a GPU that gains by it, else float32.

    A processor without bfloat16 instructions emulates it, and a step takes minutes. A head on deviations is fitted on
    what its convolutions see where they are used: in float32.
    """
    if config.precision != "auto":
        return config.precision
    if config.pooled_as == "deviations":
        return "float32"
    return gpu.precision if gpu else "float32"


def _of_tensorflow(tensorflow: Any) -> Gpu | None:
    gpus = tensorflow.config.list_physical_devices("GPU")
    if not gpus:
        return None
    details = tensorflow.config.experimental.get_device_details(gpus[0])
    return Gpu(details.get("device_name", "GPU"), _fastest(details.get("compute_capability")))


def _of_jax(jax: Any) -> Gpu | None:
    gpus = [device for device in jax.devices() if device.platform in ("gpu", "cuda", "rocm")]
    if not gpus:
        return None
    capability = str(getattr(gpus[0], "compute_capability", ""))
    numbers = [int(number) for number in capability.split(".") if number.isdigit()]
    return Gpu(gpus[0].device_kind, _fastest(tuple(numbers)))


def _of_torch(torch: Any) -> Gpu | None:
    if torch.cuda.is_available():
        return Gpu(torch.cuda.get_device_name(0), _fastest(torch.cuda.get_device_capability(0)))
    if torch.backends.mps.is_available():
        return Gpu("Apple GPU", "float32")
    return None


def _why_torch_sees_none(torch: Any) -> str:
    if torch.version.cuda is None:
        return "This PyTorch was built for the processor alone: take one that was built for your GPU."
    try:
        torch.cuda.init()
    except RuntimeError as error:
        if _OLD_DRIVER in str(error):
            return f"The GPU's driver is too old for this PyTorch (CUDA {torch.version.cuda}): install a newer one."
        if _MISSING_DRIVER in str(error):
            return _NO_DRIVER
    return ""


_FINDERS: dict[str, Callable[[Any], Gpu | None]] = {
    "tensorflow": _of_tensorflow,
    "jax": _of_jax,
    "torch": _of_torch,
}


def _fastest(capability: tuple[int, ...] | None) -> Precision:
    # Without a capability it is nobody's card that we know: full precision is right everywhere.
    if not capability or capability < _FLOAT16_SINCE:
        return "float32"
    return "mixed_bfloat16" if capability >= _BFLOAT16_SINCE else "mixed_float16"
