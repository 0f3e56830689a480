"""What a folder weighs, which paths Windows could not take, and its checksums."""

import hashlib
from pathlib import Path

from freeze.measure import LONGEST_PATH, bytes_below, files_below, megabytes, too_long, write_checksums


def test_files_are_counted_below_folders_and_links_weigh_nothing(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "one").write_bytes(b"12345")
    (tmp_path / "two").write_bytes(b"123")
    assert files_below(tmp_path) == ["a/b/one", "two"]
    assert bytes_below(tmp_path) == 8


def test_a_path_that_may_not_fit_is_named() -> None:
    assert too_long(["short", "x" * (LONGEST_PATH + 1)]) == ["x" * (LONGEST_PATH + 1)]


def test_sizes_are_said_in_megabytes() -> None:
    assert megabytes(1_612_400_000) == "1,612 MB"


def test_the_checksums_of_what_is_handed_on_stand_in_a_file_beside_it(tmp_path: Path) -> None:
    for name in ("b-setup.exe", "a.tar.xz"):
        (tmp_path / name).write_bytes(name.encode())
    for _second_build in range(2):
        sums = write_checksums(tmp_path)
    assert sums.name == "SHA256SUMS"
    wanted = [
        f"{hashlib.sha256(name.encode()).hexdigest()}  {name}\n" for name in ("a.tar.xz", "b-setup.exe")
    ]
    assert sums.read_bytes().decode() == "".join(wanted)
