"""The configuration of a .keras file as its network is used: without what works in training only, in single precision.

Rewritten as data before Keras loads it: its OpenVINO export carries some of those layers out for every answer, and
some of them it cannot load. Imports no Keras.
"""

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

from bloodsmear.classifiers.keras_side.older_files.keras_zip_scan import CONFIG
from bloodsmear.classifiers.keras_side.older_files.layers import TRAINING_ONLY

# A network that was fitted in another precision answers in single as it would there, but for rounding.
_OTHER_PRECISIONS = {"float16", "bfloat16", "float64", "mixed_float16", "mixed_bfloat16"}


def rewrite_as_used(file: Path) -> None:
    """Put that configuration into the .keras file `file`, a copy that was checked; its weights stay. Raises OSError."""
    with zipfile.ZipFile(file) as archive:
        before = archive.read(CONFIG)
        after = config_in_use(before)
        if after == before:
            return
        rewritten = file.with_name(f"in-use-{file.name}")
        with zipfile.ZipFile(rewritten, "w") as target:
            for entry in archive.infolist():
                if entry.filename == CONFIG:
                    target.writestr(CONFIG, after)
                else:
                    with (
                        archive.open(entry) as source,
                        target.open(entry.filename, "w", force_zip64=True) as copy,
                    ):
                        shutil.copyfileobj(source, copy, 1_000_000)
    rewritten.replace(file)


def config_in_use(text: bytes) -> bytes:
    """The configuration with an Identity for each layer of training, and single precision; `text` where it has none."""
    config = json.loads(text)
    changed = _rewrite(config)
    return json.dumps(config).encode() if changed else text


def _rewrite(config: Any) -> bool:
    changed = False
    waiting: list[Any] = [config]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            if part.get("class_name") in TRAINING_ONLY and isinstance(part.get("config"), dict):
                _make_identity(part)
                changed = True
            if part.get("dtype") != (dtype := _single(part.get("dtype"))):
                part["dtype"] = dtype
                changed = True
            waiting += part.values()
    return changed


def _make_identity(layer: dict[str, Any]) -> None:
    name = layer["config"].get("name")
    layer |= {"module": "keras.layers", "class_name": "Identity", "registered_name": None}
    layer["config"] = {"name": name, "trainable": True, "dtype": "float32"}
    for call in layer.get("inbound_nodes", ()):
        # Called as in training, it would go on at work in use.
        if isinstance(call, dict) and isinstance(call.get("kwargs"), dict):
            call["kwargs"].pop("training", None)


def _single(dtype: Any) -> Any:
    """Single precision in place of another one; anything else as it is."""
    if isinstance(dtype, dict) and dtype.get("class_name") == "DTypePolicy":
        named = dtype.get("config")
        return "float32" if isinstance(named, dict) and named.get("name") in _OTHER_PRECISIONS else dtype
    return "float32" if isinstance(dtype, str) and dtype in _OTHER_PRECISIONS else dtype
