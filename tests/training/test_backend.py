"""Which backend is taken, and what it computes on."""

import os
import subprocess
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bloodsmear.errors import TrainingError
from bloodsmear.jobs.training_messages import BACKENDS
from training.backend import choose_backend, gpu_in_a_child
from training.fitting.presets import PRESETS, default_config
from training.gpu import Gpu, device_name, find_gpu, precision_of, why_no_gpu


@pytest.fixture(autouse=True)
def environment_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KERAS_BACKEND", "TF_CPP_MIN_LOG_LEVEL", "TF_ENABLE_ONEDNN_OPTS"):
        monkeypatch.setenv(name, "")


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> None:
    """This PC has a GPU's driver."""
    monkeypatch.setattr("training.backend._DRIVER_MARKS", (__file__,))


def test_on_a_pc_without_a_gpus_driver_no_backend_is_started_or_imported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("training.backend._DRIVER_MARKS", ("/no/such/driver",))
    monkeypatch.setattr("training.backend.sys.platform", "linux")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("a backend was started"))
    monkeypatch.setattr(
        "training.gpu.importlib.import_module", lambda _: pytest.fail("a backend was imported")
    )
    assert gpu_in_a_child("jax") == ""
    assert find_gpu("jax") is None


def test_auto_takes_the_first_backend_that_sees_a_gpu_and_says_why() -> None:
    choice = choose_backend(
        "auto", lambda name: True, {"tensorflow": "", "jax": "", "torch": "RTX"}.__getitem__
    )
    assert choice.name == "torch"
    assert choice.reason == "it sees the GPU RTX, which tensorflow and jax did not"
    assert os.environ["KERAS_BACKEND"] == "torch"


def test_without_a_gpu_auto_takes_the_first_installed_one() -> None:
    choice = choose_backend("auto", lambda name: name != "tensorflow", lambda name: "")
    assert (choice.name, choice.reason) == ("jax", "none of jax, torch sees a GPU, so the first of them")


@pytest.mark.parametrize(("wanted", "reason"), [("auto", "the only backend installed"), ("jax", "asked for")])
def test_where_there_is_nothing_to_choose_nobody_is_asked(wanted: str, reason: str) -> None:
    def ask(name: str) -> str:
        pytest.fail(f"{name} was asked")

    assert choose_backend(wanted, lambda name: name == "jax", ask).reason == reason


def test_no_backend_at_all_is_a_sentence_with_the_command_that_adds_one() -> None:
    said = r"TensorFlow, JAX or PyTorch is needed.*build_scripts.dev\.py\" setup"
    with pytest.raises(TrainingError, match=said):
        choose_backend("auto", lambda name: False)


def test_a_backend_that_was_asked_for_and_is_not_there_is_named() -> None:
    with pytest.raises(TrainingError, match="torch is not installed in this Python"):
        choose_backend("torch", lambda name: name == "jax")


def test_outside_of_a_checkout_the_command_is_pips(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.frozen", True, raising=False)
    monkeypatch.setattr("sys._MEIPASS", str(tmp_path), raising=False)
    with pytest.raises(TrainingError, match=r"pip install \"bloodsmear\[train\]\""):
        choose_backend("auto", lambda name: False)


@pytest.mark.parametrize("trouble", [OSError("no such program"), subprocess.TimeoutExpired("gpu", 1.0)])
@pytest.mark.usefixtures("driver")
def test_a_backend_that_cannot_be_asked_has_no_gpu(
    trouble: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*words: Any, **options: Any) -> Any:
        raise trouble

    monkeypatch.setattr(subprocess, "run", run)
    assert gpu_in_a_child("jax") == ""


@pytest.mark.parametrize(
    ("code", "out", "gpu"),
    [
        (0, 'a greeting\n{"message":"finished","sentence":"RTX"}\n', "RTX"),
        (1, '{"message":"finished","sentence":"jax sees no GPU here."}\n', ""),
        (-6, "", ""),
    ],
)
@pytest.mark.usefixtures("driver")
def test_a_gpu_is_what_the_child_names(
    code: int, out: str, gpu: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=code, stdout=out))
    assert gpu_in_a_child("jax") == gpu


def tensorflow_with(capability: tuple[int, int] | None) -> Any:
    details = {"device_name": "Card", "compute_capability": capability} if capability else {}
    experimental = SimpleNamespace(get_device_details=lambda gpu: details)
    return SimpleNamespace(
        config=SimpleNamespace(list_physical_devices=lambda kind: ["gpu:0"], experimental=experimental)
    )


def jax_with(*devices: Any) -> Any:
    return SimpleNamespace(devices=lambda: list(devices))


def torch_with(cuda: bool, mps: bool) -> Any:
    return SimpleNamespace(
        cuda=SimpleNamespace(
            is_available=lambda: cuda,
            get_device_name=lambda place: "Card",
            get_device_capability=lambda place: (7, 5),
        ),
        backends=SimpleNamespace(mps=SimpleNamespace(is_available=lambda: mps)),
    )


PROCESSOR = SimpleNamespace(platform="cpu", device_kind="cpu")
H100 = SimpleNamespace(platform="gpu", device_kind="H100", compute_capability="9.0")


@pytest.mark.parametrize(
    ("backend", "library", "gpu"),
    [
        ("tensorflow", tensorflow_with((9, 0)), Gpu("Card", "mixed_bfloat16")),
        ("tensorflow", tensorflow_with((6, 1)), Gpu("Card", "float32")),
        ("tensorflow", tensorflow_with(None), Gpu("GPU", "float32")),
        ("jax", jax_with(H100, PROCESSOR), Gpu("H100", "mixed_bfloat16")),
        ("jax", jax_with(PROCESSOR), None),
        ("torch", torch_with(cuda=True, mps=False), Gpu("Card", "mixed_float16")),
        ("torch", torch_with(cuda=False, mps=True), Gpu("Apple GPU", "float32")),
        ("torch", torch_with(cuda=False, mps=False), None),
        ("torch", SimpleNamespace(), None),
    ],
)
@pytest.mark.usefixtures("driver")
def test_each_backend_is_asked_in_its_own_way(
    backend: str, library: Any, gpu: Gpu | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.gpu.importlib.import_module", {backend: library}.__getitem__)
    assert find_gpu(backend) == gpu


@pytest.mark.usefixtures("driver")
def test_every_backend_can_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_there(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr("training.gpu.importlib.import_module", not_there)
    assert [find_gpu(backend) for backend in BACKENDS] == [None, None, None]


def torch_that_says(error: str, cuda: str | None = "12.8") -> Any:
    """A PyTorch that sees no GPU, and what it says when it is to use one."""

    def init() -> None:
        if error:
            raise RuntimeError(error)

    return SimpleNamespace(version=SimpleNamespace(cuda=cuda), cuda=SimpleNamespace(init=init))


@pytest.mark.parametrize(
    ("library", "said"),
    [
        (
            torch_that_says(
                "The NVIDIA driver on your system is too old (found version 11040). Please update your GPU driver"
            ),
            "The GPU's driver is too old for this PyTorch (CUDA 12.8): install a newer one.",
        ),
        (
            torch_that_says(
                "Found no NVIDIA driver on your system. Please check that you have an NVIDIA GPU"
            ),
            "This PC has no driver of a GPU: if a GPU is in it, install the driver of the GPU's maker.",
        ),
        (
            torch_that_says("", cuda=None),
            "This PyTorch was built for the processor alone: take one that was built for your GPU.",
        ),
        (torch_that_says("CUDA driver initialization failed, you might not have a CUDA gpu."), ""),
        (torch_that_says(""), ""),
        (SimpleNamespace(), ""),
    ],
)
@pytest.mark.usefixtures("driver")
def test_why_pytorch_sees_no_gpu_is_said_with_what_to_do(
    library: Any, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.gpu.importlib.util.find_spec", lambda name: name)
    monkeypatch.setattr("training.gpu.importlib.import_module", {"torch": library}.__getitem__)
    assert why_no_gpu("torch") == said


def test_where_there_is_no_driver_only_a_backend_that_is_installed_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("training.backend._DRIVER_MARKS", ("/no/such/driver",))
    monkeypatch.setattr("training.backend.sys.platform", "linux")
    monkeypatch.setattr("training.gpu.importlib.util.find_spec", {"torch": "there", "jax": None}.__getitem__)
    assert why_no_gpu("torch").startswith("This PC has no driver of a GPU")
    assert why_no_gpu("jax") == ""


def test_auto_precision_is_half_on_a_gpu_and_full_on_a_processor() -> None:
    config = default_config("unet")
    assert config.precision == "auto"
    assert precision_of(config, None) == "float32"
    assert precision_of(config, Gpu("Card", "mixed_bfloat16")) == "mixed_bfloat16"
    assert precision_of(default_config("unet", precision="float32"), Gpu("C", "mixed_float16")) == "float32"
    of_few = replace(PRESETS["few"]["vgg16"], precision="auto")
    assert precision_of(of_few, Gpu("Card", "mixed_bfloat16")) == "float32"
    assert "processor" in device_name(None)
