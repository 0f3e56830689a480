"""What a Windows Python wants of a lock, and where the files of its wheels go."""

import zipfile
from importlib.metadata import distributions
from pathlib import Path

import pytest
from licences.python_parts import PythonPackages
from wine.packages import Locked, SetUpError, fetch_source, read_lock, unpack_wheel

REQUIREMENTS = Path(__file__).resolve().parents[3] / "requirements"


def test_markers_are_evaluated_for_windows_and_not_for_the_system_that_fetches(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text(
        "# made by hand\n"
        "here==1.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n    # via something\n"
        "there==2.0 ; sys_platform == 'linux' \\\n    --hash=sha256:cc\n"
        "windows==3.0 ; sys_platform == 'win32' and python_full_version >= '3.12' \\\n    --hash=sha256:dd\n"
    )
    assert read_lock(lock) == [Locked("here", "1.0", ("aa", "bb")), Locked("windows", "3.0", ("dd",))]
    assert read_lock(lock)[0].line == "here==1.0 --hash=sha256:aa --hash=sha256:bb"


@pytest.mark.parametrize("lock", ["base.txt", "dev.txt", "build.txt", "wine.txt"])
def test_each_package_of_a_lock_has_one_version_and_its_hashes_for_windows(lock: str) -> None:
    packages = read_lock(REQUIREMENTS / lock)
    assert len({one.name for one in packages}) == len(packages) > 1
    assert all(one.sha256s and all(len(sha256) == 64 for sha256 in one.sha256s) for one in packages)


def test_the_programs_for_windows_are_frozen_with_microsofts_runtime() -> None:
    assert "msvc-runtime" in {one.name for one in read_lock(REQUIREMENTS / "build.txt")}


def test_the_files_of_a_wheel_lie_where_pip_would_put_them(tmp_path: Path) -> None:
    wheel = tmp_path / "one-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as packed:
        packed.writestr("one/__init__.py", "")
        packed.writestr("one-1.0.dist-info/METADATA", "")
        packed.writestr("one-1.0.data/data/msvcp140.dll", "beside python.exe")
        packed.writestr("one-1.0.data/scripts/one.exe", "a program")
        packed.writestr("one-1.0.data/purelib/two.py", "")
    unpack_wheel(wheel, tmp_path / "python")
    files = (path for path in (tmp_path / "python").rglob("*") if path.is_file())
    assert {path.relative_to(tmp_path / "python").as_posix() for path in files} == {
        "Lib/site-packages/one-1.0.dist-info/METADATA",
        "Lib/site-packages/one/__init__.py",
        "Lib/site-packages/two.py",
        "Scripts/one.exe",
        "msvcp140.dll",
    }


def test_the_record_of_an_unpacked_wheel_names_its_files_where_they_lie(tmp_path: Path) -> None:
    wheel = tmp_path / "one-1.0-py3-none-any.whl"
    inside = ("one-1.0.data/platlib/lib a-6,0.dll", "one-1.0.data/data/msvcp140.dll", "one.pyd")
    with zipfile.ZipFile(wheel, "w") as packed:
        for name in inside:
            packed.writestr(name, "")
        record = "".join(f'"{name}",sha256=aa,0\n' for name in inside) + "one-1.0.dist-info/RECORD,,\n"
        packed.writestr("one-1.0.dist-info/METADATA", "Name: one\nVersion: 1.0\n")
        packed.writestr("one-1.0.dist-info/RECORD", record)
    unpack_wheel(wheel, tmp_path)
    (package,) = distributions(path=[str(tmp_path / "Lib" / "site-packages")])
    packages = PythonPackages([package])
    for file in ("Lib/site-packages/lib a-6,0.dll", "msvcp140.dll", "Lib/site-packages/one.pyd"):
        assert packages.of(str(tmp_path / file)) is package


def test_a_source_that_is_there_with_its_hash_is_not_fetched_again(tmp_path: Path) -> None:
    (tmp_path / "a_b-1.0.tar.gz").write_bytes(b"")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert fetch_source(Locked("a-b", "1.0", (empty,)), tmp_path) == tmp_path / "a_b-1.0.tar.gz"


def test_a_source_that_no_registry_has_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(SetUpError, match=r"a-b could not be fetched: .*has a-b 1\.0"):
        fetch_source(Locked("a-b", "1.0", ("aa",)), tmp_path)
