"""The folder that trains on a GPU: what is installed into it, and what it says of itself."""

import sys
from pathlib import Path

import gpu_pack
import pytest


def test_the_lock_comes_first_and_the_program_last_not_as_a_link_to_the_checkout() -> None:
    calls = gpu_pack.pip_calls("")
    assert "--require-hashes" in calls[0]
    assert calls[-1][-1].endswith("[gpu-torch]")
    assert not [words for words in calls if "--editable" in words]


def test_another_cuda_is_installed_before_the_extra_asks_for_any() -> None:
    calls = gpu_pack.pip_calls("URL")
    assert calls[1] == ["install", "--index-url", "URL", "torch"]
    assert len(calls) == len(gpu_pack.pip_calls("")) + 1


def test_a_folder_with_something_in_it_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine").write_text("x")
    assert gpu_pack.main([str(tmp_path)]) == 1
    assert "is there already and not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_the_note_names_the_python_to_choose_and_where_to_copy_the_folder() -> None:
    packed = gpu_pack.PackedPython(Path("/packs/gpu/python/bin/python"))
    note = gpu_pack.note_text(Path("/packs/gpu"), packed).replace("\\", "/")
    assert "choose python/bin/python in this folder" in note
    assert "It needs no Python" in note
    if sys.platform == "win32":
        assert "the programs in it have that place written into them" in note
    else:
        assert "wherever you like" in note


def test_the_note_says_where_the_other_pc_needs_the_same_python() -> None:
    packed = gpu_pack.PackedPython(Path("/packs/gpu/bin/python"), "It is the system's own.")
    note = gpu_pack.note_text(Path("/packs/gpu"), packed)
    assert "Copy it whole to /packs/gpu on the other PC" in note.replace("\\", "/")
    assert "It needs the same Python" in note
    assert "It is the system's own." in note
    assert "needs no Python" not in note


def test_the_page_asks_for_a_python_that_has_its_name_on_each_system() -> None:
    assert gpu_pack.python_of(Path("p"), "win32") == Path("p/Scripts/python.exe")
    assert gpu_pack.python_of(Path("p"), "linux") == Path("p/bin/python")


def test_the_folder_has_a_python_with_pip_and_its_note(tmp_path: Path) -> None:
    packed = gpu_pack.make_pack(tmp_path / "pack", [["--version"]])
    assert packed.program.is_relative_to(tmp_path / "pack")
    note = (tmp_path / "pack" / gpu_pack.NOTE_NAME).read_text(encoding="utf-8")
    assert str(packed.program.relative_to(tmp_path / "pack")) in note


def test_what_pip_refuses_is_said(tmp_path: Path) -> None:
    with pytest.raises(gpu_pack.PackError, match="pip could not install"):
        gpu_pack.make_pack(tmp_path / "pack", [["no such word"]])
