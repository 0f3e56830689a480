"""A library that neither the frozen folder nor the oldest Windows has is named before anybody installs it."""

from pathlib import Path

from freeze.of_windows import lacking


def folder_of(place: Path, *names: str) -> Path:
    for name in names:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(b"")
    return place


def test_what_is_shipped_and_what_windows_has_is_not_lacking(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path, "Bloodsmear.exe", "_internal/MSVCP140.dll", "_internal/a/one.pyd", "card.json"
    )
    loads = ("KERNEL32.dll", "msvcp140.DLL", "api-ms-win-crt-heap-l1-1-0.dll", "icuuc.dll", "WINSPOOL.DRV")
    assert lacking(folder, lambda _path: loads) == {}


def test_what_nobody_has_is_named_with_the_files_that_load_it(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "_internal/b/two.dll", "_internal/a/one.pyd")
    found = lacking(folder, lambda path: ["ze_loader.dll"] if path.suffix == ".dll" else ["two.dll"])
    assert found == {"ze_loader.dll": ["_internal/b/two.dll"]}


def test_what_tensorflow_asks_of_windows_is_not_lacking(tmp_path: Path) -> None:
    """Seen in its win_amd64 wheel of 2.20.0: the part of it that is curl."""
    folder = folder_of(tmp_path, "_internal/tensorflow/python/_pywrap_tensorflow_common.dll")
    loads = ("Normaliz.dll", "CRYPT32.dll", "SHLWAPI.dll", "dbghelp.dll", "WS2_32.dll")
    assert lacking(folder, lambda _path: loads) == {}
