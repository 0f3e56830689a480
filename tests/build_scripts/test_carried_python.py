"""A Python that is copied needs nothing of the one that it was copied from."""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from carried_python import (
    BasePython,
    CannotBeCarriedError,
    base_python,
    carry_python,
    files_to_copy,
    free_programs,
    leading_back,
    python_in,
)


def lay(folder: Path, *names: str) -> None:
    """Empty files by these names."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def test_the_copy_runs_where_it_was_carried_to_and_has_pip_and_nothing_else(tmp_path: Path) -> None:
    try:
        carry_python(base_python(), tmp_path / "made here" / "python")
    except CannotBeCarriedError as error:
        pytest.skip(f"this Python: {error}")
    carried = tmp_path / "carried to" / "python"
    shutil.copytree(tmp_path / "made here", carried.parent, symlinks=True)
    shutil.rmtree(tmp_path / "made here")
    python = python_in(carried)
    look = "import sys, sqlite3, ssl; print(sys.prefix)"
    said = subprocess.run([str(python), "-I", "-c", look], capture_output=True, text=True, check=True).stdout
    assert Path(said.strip()) == carried
    listed = [str(python), "-m", "pip", "list", "--format=freeze"]
    packages = subprocess.run(listed, capture_output=True, text=True, check=True).stdout
    assert {line.partition("==")[0] for line in packages.split()} <= {"pip", "setuptools", "wheel"}
    assert not [path for path in carried.rglob("*") if path.is_symlink()]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows' programs are launchers")
@pytest.mark.parametrize(
    "begin",
    [
        "#!/made here/python/bin/python3.12\n",
        "#!/bin/sh\n'''exec' \"/made here/python/bin/python3.12\" \"$0\" \"$@\"\n' '''\n",
    ],
)
def test_a_program_that_pip_made_asks_the_python_beside_it_wherever_it_was_carried_to(
    begin: str, tmp_path: Path
) -> None:
    made = tmp_path / "made here"
    (made / "bin").mkdir(parents=True)
    files = {
        "python": f'#!/bin/sh\nexec "{sys.executable}" "$@"\n',
        "convert": f"{begin}# -*- coding: utf-8 -*-\nimport sys\nprint('ö', *sys.argv[1:])\n",
        "tool": "#!/bin/sh\necho a tool\n",
    }
    for name, text in files.items():
        (made / "bin" / name).write_text(text, encoding="utf-8")
        (made / "bin" / name).chmod(0o755)
    for _again in range(2):
        free_programs(made / "bin" / "python")
    carried = made.rename(tmp_path / "carried to")
    said = [
        subprocess.run(
            [str(carried / "bin" / name), "a b"], capture_output=True, text=True, check=True
        ).stdout
        for name in ("convert", "tool")
    ]
    assert said == ["ö a b\n", "a tool\n"]
    assert (carried / "bin" / "python").read_text() == files["python"]


def test_of_windows_pythons_folder_all_but_its_packages_and_scripts_goes_along(tmp_path: Path) -> None:
    lay(
        tmp_path,
        "python.exe",
        "python312.dll",
        "vcruntime140.dll",
        "DLLs/_ssl.pyd",
        "Lib/os.py",
        "Scripts/pip.exe",
    )
    lay(tmp_path, "include/Python.h", "libs/python312.lib", "tcl/tk.tcl", "Doc/python.chm")
    names = files_to_copy(BasePython(tmp_path, (3, 12), "win32"))
    assert names == ["DLLs", "Lib", "include", "libs", "python.exe", "python312.dll", "vcruntime140.dll"]


def test_on_linux_and_macos_only_what_is_pythons_own_goes_along(tmp_path: Path) -> None:
    lay(
        tmp_path,
        "bin/python3.12",
        "bin/git",
        "lib/libpython3.12.so.1.0",
        "lib/libpython3.12.a",
        "lib/libz.so",
    )
    lay(tmp_path, "lib/python3.12/os.py", "include/python3.12/Python.h")
    names = files_to_copy(BasePython(tmp_path, (3, 12), "linux"))
    assert names == ["bin/python3.12", "lib/python3.12", "include/python3.12", "lib/libpython3.12.so.1.0"]


@pytest.mark.parametrize(
    "base", [BasePython(Path("/usr"), (3, 11), "linux"), BasePython(Path("nowhere"), (3, 12), "win32")]
)
def test_what_is_not_a_folder_of_its_own_is_not_carried(base: BasePython, tmp_path: Path) -> None:
    with pytest.raises(CannotBeCarriedError):
        carry_python(base, tmp_path / "python")
    assert not (tmp_path / "python").exists()


def test_a_copy_that_does_not_start_leaves_nothing(tmp_path: Path) -> None:
    base = replace(base_python(), prefix=tmp_path / "base")
    if sys.platform == "win32":
        lay(base.prefix, "python.exe")
    else:
        lay(base.prefix, f"bin/{base.named}", f"lib/{base.named}/os.py", f"include/{base.named}/Python.h")
    with pytest.raises(CannotBeCarriedError):
        carry_python(base, tmp_path / "python")
    assert not (tmp_path / "python").exists()


def test_a_library_of_the_base_is_found() -> None:
    files = ["/opt/py/lib/libpython3.12.so", "/usr/lib/libc.so.6", "[vdso]"]
    assert leading_back(files, Path("/opt/py")) == ["/opt/py/lib/libpython3.12.so"]
