"""What does not go into the installed folder, and what must."""

import pytest
from freeze.editions import FULL, REVIEW, Program
from freeze.left_out import excluded_modules, is_left_out, kept, still_there, without_orphans


@pytest.mark.parametrize("module", ["tensorflow", "sklearn", "scipy", "matplotlib", "google"])
def test_only_the_program_that_trains_follows_what_only_training_needs(module: str) -> None:
    (trainer,) = (program for program in FULL.programs if program.trains)
    assert module not in excluded_modules(trainer)
    others = {*REVIEW.programs, *FULL.programs} - {trainer}
    assert [program.name for program in others if module not in excluded_modules(program)] == []


@pytest.mark.parametrize("module", ["gdown", "requests", "truststore"])
def test_the_converter_goes_without_what_downloads(module: str) -> None:
    without = {one.name for one in FULL.programs if module in excluded_modules(one)}
    assert without == {"bloodsmear-convert"}


@pytest.mark.parametrize("module", ["readline", "_gdbm", "jax", "torch", "tkinter", "openvino_telemetry"])
@pytest.mark.parametrize("program", FULL.programs)
def test_no_program_has_the_gpl_a_second_backend_or_telemetry(module: str, program: Program) -> None:
    assert module in excluded_modules(program)


@pytest.mark.parametrize("program", FULL.programs)
def test_what_the_building_pc_adds_to_its_own_python_stays_there(program: Program) -> None:
    assert {"sitecustomize", "usercustomize"} <= set(excluded_modules(program))


@pytest.mark.parametrize("module", ["numpy.f2py", "unittest", "pydoc"])
def test_what_scipy_imports_without_using_it_stays_in(module: str) -> None:
    """What takes hold of every attribute of numpy takes f2py, too."""
    assert [program.name for program in FULL.programs if module in excluded_modules(program)] == []


@pytest.mark.parametrize(
    "path",
    [
        "openvino/libs/libopenvino_intel_gpu_plugin.so",
        "openvino\\libs\\openvino_intel_npu_plugin.dll",
        "openvino\\libs\\openvino_intel_npu_vm_runtime.dll",
        "openvino/libs/cache.json",
        "openvino/libs/libopenvino_auto_plugin.so",
        "openvino/libs/openvino_c.dll",
        "openvino/libs/libopenvino_onnx_frontend.so.2641",
        "openvino/frontend/pytorch/py_pytorch_frontend.cpython-311-x86_64-linux-gnu.so",
        "libQt6Quick.so.6",
        "PySide6/Qt6Qml.dll",
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/plugins/wayland-shell-integration/libqt-shell.so",
        "PySide6\\plugins\\tls\\qopensslbackend.dll",
        "PySide6\\plugins\\generic\\qtuiotouchplugin.dll",
        "cv2/opencv_videoio_ffmpeg500_64.dll",
        "openvino/opset1/ops.pyi",
    ],
)
def test_other_devices_other_formats_and_unused_qt_stay_out(path: str) -> None:
    assert is_left_out(path)


@pytest.mark.parametrize("path", ["icuuc.dll", "_internal\\ucrtbase.dll", "PySide6/UCRTBASE.dll"])
def test_no_installer_holds_what_stands_in_for_windows_under_wine(path: str) -> None:
    assert is_left_out(path)


@pytest.mark.parametrize(
    "path",
    [
        "openvino/libs/libopenvino_intel_cpu_plugin.so",
        "openvino/libs/libopenvino_ir_frontend.so.2641",
        "openvino/libs/libtbb.so.12",
        "openvino/_pyopenvino.cpython-311-x86_64-linux-gnu.so",
        "openvino/libs/openvino.dll",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6\\plugins\\platforms\\qwindows.dll",
        "libQt6Widgets.so.6",
        "models/unet/model.keras",
        "models/unet/card.json",
        "assets/demo/synthetic-1/smear-1.jpg",
    ],
)
def test_the_processors_plug_in_the_window_and_the_classifiers_stay_in(path: str) -> None:
    assert not is_left_out(path)


def test_a_table_keeps_its_other_entries_as_they_are() -> None:
    stays = ("libQt6Core.so.6", "/x/libQt6Core.so.6", "BINARY")
    assert kept([stays, ("libQt6Qml.so.6", "/x/libQt6Qml.so.6", "BINARY")]) == [stays]
    assert still_there(["a/libQt6Qml.so.6", "a/libQt6Core.so.6"]) == ["a/libQt6Qml.so.6"]


def test_a_library_of_the_system_goes_when_nothing_asks_for_it_any_more() -> None:
    plug_in = ("PySide6/qxcb.so", "/venv/PySide6/qxcb.so", "BINARY")
    needed = ("libX11.so.6", "/lib/x86_64-linux-gnu/libX11.so.6", "BINARY")
    orphan = ("libgtk-3.so.0", "/usr/lib/x86_64-linux-gnu/libgtk-3.so.0", "BINARY")
    link = ("libopenvino.so.2641", "openvino/libs/libopenvino.so.2641", "SYMLINK")
    asks = {"/venv/PySide6/qxcb.so": ["libX11.so.6", "libc.so.6"]}
    assert without_orphans([plug_in, needed, orphan, link], lambda source: asks[source]) == [
        plug_in,
        needed,
        link,
    ]
