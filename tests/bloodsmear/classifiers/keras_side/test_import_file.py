"""Strangers' files: each hostile one is refused with its own sentence, before Keras is loaded."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from bloodsmear.classifiers.keras_side.import_file import check_file
from bloodsmear.errors import ClassifierError

DENSE = {
    "module": "keras.layers", "class_name": "Dense", "registered_name": None,
    "config": {"name": "dense", "units": 4, "activation": "softmax"},
}  # fmt: skip


def a_keras_file(path: Path, layer: Any = DENSE, **more: bytes) -> Path:
    """A .keras file that holds one layer, its weights, and what else is named."""
    config = {
        "module": "keras", "class_name": "Sequential", "registered_name": None,
        "config": {"name": "network", "layers": [layer]},
    }  # fmt: skip
    weights = path.with_suffix(".weights.h5")
    with h5py.File(weights, "w") as file:
        file.create_dataset("layers/dense/vars/0", data=np.zeros((3, 4), np.float32))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("metadata.json", "{}")
        archive.writestr("config.json", json.dumps(config))
        archive.write(weights, "model.weights.h5")
        for name, content in more.items():
            archive.writestr(name, content)
    return path


def an_h5_file(path: Path, fill: Callable[[Any], None]) -> Path:
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"] = "2.14.0"
        fill(file.create_group("model_weights"))
    return path


def refusal(path: Path, tmp_path: Path) -> str:
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    with pytest.raises(ClassifierError) as refused:
        check_file(path, scratch)
    assert str(path) in str(refused.value)
    return str(refused.value)


def test_a_plain_keras_file_is_let_through(tmp_path: Path) -> None:
    assert check_file(a_keras_file(tmp_path / "plain.keras"), tmp_path).name == "network.keras"


@pytest.mark.parametrize(
    ("kind", "module"),
    [
        ("Lambda", "keras.layers"),
        ("TFSMLayer", "keras.layers"),
        ("TorchModuleWrapper", "keras.layers"),
        ("Popen", "subprocess"),
        ("Dense", "my_lab.layers"),
        ("function", "builtins"),
    ],
)
def test_a_keras_file_with_code_in_it_is_refused_by_the_name_of_its_class(
    kind: str, module: str, tmp_path: Path
) -> None:
    layer = {"module": module, "class_name": kind, "registered_name": None, "config": {"name": "evil"}}
    said = refusal(a_keras_file(tmp_path / "evil.keras", layer), tmp_path)
    assert repr(kind) in said
    assert "may be code" in said


@pytest.mark.parametrize(
    ("kind", "is_let_through"), [("Multiply", True), ("Vectorize", False), ("system", False)]
)
def test_plain_functions_of_tensors_are_let_through_and_no_others(
    kind: str, is_let_through: bool, tmp_path: Path
) -> None:
    """As keras.applications' MobileNetV3 holds them; Vectorize calls what it is given."""
    layer = {
        "module": "keras.src.ops.numpy",
        "class_name": kind,
        "registered_name": kind,
        "config": {"name": "op"},
    }
    path = a_keras_file(tmp_path / "operation.keras", layer)
    if is_let_through:
        assert check_file(path, tmp_path).name == "network.keras"
    else:
        assert repr(kind) in refusal(path, tmp_path)


def test_a_custom_class_is_refused_by_its_registered_name(tmp_path: Path) -> None:
    layer = {**DENSE, "registered_name": "MyLab>Dense"}
    assert "'Dense'" in refusal(a_keras_file(tmp_path / "custom.keras", layer), tmp_path)


def test_code_in_an_activation_is_found_too(tmp_path: Path) -> None:
    inner = {"module": "os", "class_name": "function", "config": "system", "registered_name": "function"}
    layer = {**DENSE, "config": {**DENSE["config"], "activation": inner}}  # type: ignore[dict-item]  # a config nests
    assert "'function' of 'os'" in refusal(a_keras_file(tmp_path / "deep.keras", layer), tmp_path)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", b"[" + b" " * 60_000_000 + b"]")
        archive.writestr("model.weights.h5", b"")
    assert "would unpack to" in refusal(path, tmp_path)


@pytest.mark.parametrize("name", ["../../evil.py", "/etc/evil", "assets/evil.pkl", "C:\\evil.dll"])
def test_a_name_that_leads_out_of_the_file_is_refused(name: str, tmp_path: Path) -> None:
    path = a_keras_file(tmp_path / "paths.keras", **{name: b"x"})
    assert "which a classifier's .keras file never holds" in refusal(path, tmp_path)


def test_a_pickle_is_refused_unread(tmp_path: Path) -> None:
    (tmp_path / "model.pkl").write_bytes(b"\x80\x04cos\nsystem\n")
    assert "neither an .h5 nor a .keras file" in refusal(tmp_path / "model.pkl", tmp_path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", "is a Git LFS pointer"),
        (b"<!DOCTYPE html>\n<html>", "is a web page (HTML)"),
        (b"\xef\xbb\xbf\r\n  <HTML lang=en>", "is a web page (HTML)"),
    ],
)
def test_what_was_downloaded_in_a_networks_place_is_recognised(
    content: bytes, said: str, tmp_path: Path
) -> None:
    (tmp_path / "model.h5").write_bytes(content)
    sentence = refusal(tmp_path / "model.h5", tmp_path)
    assert said in sentence
    assert "still has to be downloaded" in sentence


def test_a_saved_model_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "saved_model").mkdir()
    assert "is a folder" in refusal(tmp_path / "saved_model", tmp_path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "There is no file" in refusal(tmp_path / "gone.h5", tmp_path)


def test_a_keras_file_cut_in_half_is_refused(tmp_path: Path) -> None:
    path = a_keras_file(tmp_path / "half.keras")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert "is cut off" in refusal(path, tmp_path)


def test_weights_that_are_not_hdf5_are_not_even_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "zeros.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", "{}")
        archive.writestr("model.weights.h5", bytes(1000))
    assert "its model.weights.h5 is not an HDF5 file" in refusal(path, tmp_path)


@pytest.mark.parametrize("kind", ["Dense", "function", None])
def test_what_is_not_a_network_at_all_is_refused(kind: str | None, tmp_path: Path) -> None:
    path = tmp_path / "layer.keras"
    with zipfile.ZipFile(a_keras_file(path)) as archive:
        weights = archive.read("model.weights.h5")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps({**DENSE, "class_name": kind}))
        archive.writestr("model.weights.h5", weights)
    assert f"it is a {kind!r}, not a network" in refusal(path, tmp_path)


def test_a_prefix_makes_no_class_of_keras_out_of_somebodys_own(tmp_path: Path) -> None:
    layer = {**DENSE, "class_name": "Custom>Dense"}
    assert "'Custom>Dense'" in refusal(a_keras_file(tmp_path / "custom.keras", layer), tmp_path)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"units": 10**9}, r"units = 1,000,000,000, but no weight in it has a side of more than 4"),
        ({"batch_shape": [None, 10**6, 8, 3]}, "batch_shape = 1,000,000, but at most 4,096"),
    ],
)
def test_a_number_that_the_weights_do_not_bear_out_is_refused(
    settings: dict[str, Any], said: str, tmp_path: Path
) -> None:
    config: Any = {**DENSE["config"], **settings}  # type: ignore[dict-item]  # a config nests
    layer = {**DENSE, "config": config}
    assert said in refusal(a_keras_file(tmp_path / "huge.keras", layer), tmp_path)


def an_old_network(path: Path, *layers: dict[str, Any]) -> Path:
    """An .h5 file of Keras 2: an input of 8×8 px, and these layers without weights."""
    first = {"class_name": "InputLayer", "config": {"batch_input_shape": [None, 8, 8, 3], "name": "input"}}
    config = {"class_name": "Sequential", "config": {"name": "old", "layers": [first, *layers]}}
    an_h5_file(path, lambda _group: None)
    with h5py.File(path, "a") as file:
        file.attrs["model_config"] = json.dumps(config)
    return path


LAMBDA = {"class_name": "Lambda", "config": {"name": "run_me", "function": ["4wEAAA==", None, None]}}


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        (LAMBDA, "its layer 'run_me' is a Lambda, which is not on the list of known layers and may be code"),
        ({"class_name": "MyLab>Attention", "config": {"name": "theirs"}}, "is a MyLab>Attention"),
        ({"class_name": "Dense", "config": {"name": "huge", "units": 10**9}}, "units = 1,000,000,000"),
        (
            {"class_name": "ZeroPadding2D", "config": {"name": "huge", "padding": 10**6}},
            "padding = 1,000,000",
        ),
    ],
)
def test_an_h5_file_is_refused_before_keras_is_loaded(
    layer: dict[str, Any], said: str, tmp_path: Path
) -> None:
    assert said in refusal(an_old_network(tmp_path / "evil.h5", layer), tmp_path)
    inner = {"class_name": "Sequential", "config": {"name": "inner", "layers": [layer]}}
    assert said in refusal(an_old_network(tmp_path / "nested.h5", inner), tmp_path)


def test_a_configuration_that_is_far_too_long_is_not_parsed(tmp_path: Path) -> None:
    layer = {"class_name": "Dense", "config": {"name": "x" * 9_000_000}}
    assert "more than any classifier" in refusal(an_old_network(tmp_path / "long.h5", layer), tmp_path)


def convert(path: Path, target: Path) -> "subprocess.CompletedProcess[str]":
    command = [
        sys.executable,
        "-m",
        "bloodsmear.classifiers.keras_side.convert",
        str(path),
        str(target),
        "--rebuild",
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)


def test_the_program_refuses_a_lambda_in_an_h5_file_in_one_sentence(tmp_path: Path) -> None:
    path = an_old_network(tmp_path / "evil.h5", LAMBDA)
    done = convert(path, tmp_path / "out")
    assert done.returncode == 2
    assert "its layer 'run_me' is a Lambda" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out" / "model.keras").exists()


@pytest.mark.parametrize(("name", "answers"), [("vgg16_model", "vgg"), ("Custom_unet_model", "unet")])
def test_the_published_networks_answer_as_they_did_where_they_were_made(
    name: str, answers: str, shared_data: Path, tmp_path: Path
) -> None:
    from bloodsmear import paths
    from bloodsmear.classifiers.engine import NetworkShape
    from bloodsmear.classifiers.graph_cache import CONVERTER, run_converter
    from bloodsmear.classifiers.openvino_engine import OpenVinoEngine, read_graph

    done = convert(shared_data / "legacy_models" / f"{name}.h5", tmp_path)
    assert done.returncode == 0, done.stderr
    described = json.loads((tmp_path / "network.json").read_text())
    assert (described["height_px"], described["width_px"], described["label_count"]) == (150, 150, 4)
    shape = NetworkShape(150, 150, 4)
    run_converter(paths.program(CONVERTER), tmp_path / "model.keras", tmp_path / "graph", shape)
    engine = OpenVinoEngine(read_graph(tmp_path / "graph"), shape)
    with np.load(shared_data / "legacy_models" / "expected.npz") as expected:
        rows = [engine.run(image.astype(np.float32) / 255).probabilities for image in expected["x"]]
        assert np.abs(np.stack(rows) - expected[answers]).max() < 1e-5
