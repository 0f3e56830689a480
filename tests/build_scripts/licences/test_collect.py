"""Everything that is bundled is somebody's, whoever's package brought it, or the build stops."""

from importlib.metadata import distribution
from pathlib import Path

import pytest
from licences.collect import claimed
from licences.parts import Bundled, LicenceError


def source_of(package: str, ending: str) -> str:
    """The first file of a package with that ending."""
    files = distribution(package).files or []
    return str(next(Path(str(file.locate())) for file in files if file.name.endswith(ending)))


def test_runtimes_of_windows_are_parts_of_their_own_with_their_texts(tmp_path: Path) -> None:
    files = {"_pi_heif.pyd": source_of("pi-heif", ".so")}
    for name in (
        "libstdc++-6-110c9d51f08f.dll",
        "libgcc_s_seh-1-70f4.dll",
        "libwinpthread-1-1be1.dll",
        "MSVCP140.dll",
    ):
        files[name] = str(tmp_path / name)
    parts = {part.name: part for part in claimed(Bundled(files), tmp_path / "work")}
    assert {"pi_heif", "GCC runtime with winpthreads", "Microsoft Visual C++ runtime"} <= parts.keys()
    gcc = parts["GCC runtime with winpthreads"]
    assert [text.name for text in gcc.texts if not text.is_file()] == []
    assert "GCC RUNTIME LIBRARY EXCEPTION" in gcc.texts[1].read_text(encoding="utf-8")


def test_a_file_of_nobody_stops_the_build(tmp_path: Path) -> None:
    files = {"libx265.dll": str(tmp_path / "libx265.dll")}
    with pytest.raises(LicenceError, match=r"Nobody claims libx265\.dll: 1 bundled files"):
        claimed(Bundled(files), tmp_path / "work")
