"""Python's library without what only a debugger reads."""

import ctypes
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from freeze.python_library import slim_python

needs_tools = pytest.mark.skipif(
    sys.platform != "linux" or not (shutil.which("cc") and shutil.which("strip")),
    reason="needs a C compiler and strip",
)


def make_library(path: Path) -> None:
    """A library with one function and its debugging symbols."""
    source = path.with_suffix(".c")
    source.write_text("int seven(void) { return 7; }\n")
    subprocess.run(["cc", "-g3", "-shared", "-fPIC", "-o", str(path), str(source)], check=True)


@needs_tools
def test_the_symbols_go_and_the_library_still_loads(tmp_path: Path) -> None:
    library, wheel = tmp_path / "libpython3.11.so.1.0", tmp_path / "libother.so"
    make_library(library)
    make_library(wheel)
    sizes = library.stat().st_size, wheel.stat().st_size
    saved = slim_python(tmp_path)
    assert saved > 0
    assert library.stat().st_size == sizes[0] - saved
    assert wheel.stat().st_size == sizes[1]
    assert ctypes.CDLL(str(library)).seven() == 7


def test_what_is_not_a_library_and_other_systems_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "libpython3.11.so").write_bytes(b"no library")
    assert slim_python(tmp_path) == 0
    assert slim_python(tmp_path, "win32") == 0
    assert (tmp_path / "libpython3.11.so").read_bytes() == b"no library"
