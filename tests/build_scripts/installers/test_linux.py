"""The two files for Linux, read again."""

import io
import lzma
import os
import random
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from installers.linux import Package, control_text, folders_above, links, write_deb, write_tar
from installers.texts import STUDY_TYPE, desktop_entry, study_type


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    folder = tmp_path / "Bloodsmear"
    (folder / "_internal").mkdir(parents=True)
    for name in ("Bloodsmear", "bloodsmear-cli", "bloodsmear-convert"):
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    (folder / "_internal" / "data").write_bytes(b"12345")
    (folder / "_internal" / "data").chmod(0o600)
    return folder


def members_of(deb: bytes) -> dict[str, bytes]:
    """The members of an `ar` archive."""
    assert deb.startswith(b"!<arch>\n")
    found, place = {}, 8
    while place < len(deb):
        header = deb[place : place + 60]
        assert header.endswith(b"`\n")
        size = int(header[48:58])
        found[header[:16].decode().strip()] = deb[place + 60 : place + 60 + size]
        place += 60 + size + size % 2
    return found


def test_the_tar_has_one_folder_and_tells_nothing_of_who_made_it(programs: Path, tmp_path: Path) -> None:
    target = tmp_path / "b.tar.xz"
    write_tar(programs, target, "Bloodsmear-1.0")
    with tarfile.open(target) as archive:
        members = archive.getmembers()
    assert {member.name.split("/")[0] for member in members} == {"Bloodsmear-1.0"}
    assert {(member.uid, member.uname) for member in members} == {(0, "root")}
    modes = {member.name.rsplit("/", 1)[-1]: member.mode for member in members}
    assert modes["bloodsmear-cli"] == 0o755
    assert modes["data"] == 0o644
    # What they have in common is stored once only where they stand side by side.
    assert [member.name for member in members if member.isfile()][:3] == [
        "Bloodsmear-1.0/Bloodsmear",
        "Bloodsmear-1.0/bloodsmear-cli",
        "Bloodsmear-1.0/bloodsmear-convert",
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="made and unpacked on Linux alone")
@pytest.mark.parametrize("quick", [True, False])
@pytest.mark.parametrize("xz", [True, False])
def test_what_programs_have_in_common_is_stored_once(
    programs: Path, tmp_path: Path, xz: bool, quick: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not xz:
        monkeypatch.setattr("installers.linux.shutil.which", lambda name: None)
    common = random.Random(0).randbytes(3_000_000)
    for name in ("Bloodsmear", "bloodsmear-cli", "bloodsmear-convert"):
        (programs / name).write_bytes(common)
    write_tar(programs, tmp_path / "b.tar.xz", "Bloodsmear-1.0", quick)
    assert (tmp_path / "b.tar.xz").stat().st_size < 3_100_000
    unpacked = tmp_path / "unpacked"
    subprocess.run(["tar", "-xf", str(tmp_path / "b.tar.xz"), "--one-top-level=" + str(unpacked)], check=True)
    assert (unpacked / "Bloodsmear-1.0" / "bloodsmear-convert").read_bytes() == common


def test_the_deb_holds_programs_menu_entry_file_type_icon_and_links(programs: Path, tmp_path: Path) -> None:
    icon, target = tmp_path / "icon.png", tmp_path / "b.deb"
    icon.write_bytes(b"icon")
    write_deb(programs, icon, target, Package("bloodsmear-review", "1.0", 5000))
    members = members_of(target.read_bytes())
    assert list(members) == ["debian-binary", "control.tar.gz", "data.tar.xz"]
    assert members["debian-binary"] == b"2.0\n"
    with tarfile.open(fileobj=io.BytesIO(members["data.tar.xz"])) as data:
        names = {member.name.removeprefix("./"): member for member in data.getmembers()}
    assert "opt/bloodsmear/_internal/data" in names
    assert "usr/share/applications/bloodsmear.desktop" in names
    assert "usr/share/mime/packages/bloodsmear.xml" in names
    # Without its folders dpkg wakes no trigger, and no desktop would know of the program.
    for folder in ("opt", "usr/share/applications", "usr/share/mime/packages", "usr/bin"):
        assert names[folder].isdir()
        assert (names[folder].mode, names[folder].uname) == (0o755, "root")
    assert names["usr/bin/bloodsmear"].linkname == "/opt/bloodsmear/bloodsmear-cli"
    with tarfile.open(fileobj=io.BytesIO(members["control.tar.gz"])) as control:
        assert {member.name for member in control.getmembers()} == {"./control", "./md5sums"}


def test_a_study_that_is_double_clicked_is_handed_to_the_program() -> None:
    entry = desktop_entry("/opt/bloodsmear/Bloodsmear").splitlines()
    assert "Exec=/opt/bloodsmear/Bloodsmear %f" in entry
    assert f"MimeType={STUDY_TYPE};" in entry
    assert STUDY_TYPE in study_type()
    assert "inode/directory" not in "".join(entry)


def test_the_command_of_the_documentation_is_on_the_path_and_training_only_where_it_is_there() -> None:
    review = links(["Bloodsmear", "bloodsmear-cli", "bloodsmear-convert", "_internal"])
    assert ("usr/bin/bloodsmear", "/opt/bloodsmear/bloodsmear-cli") in review
    assert "usr/bin/bloodsmear-train" not in dict(review)
    assert "usr/bin/bloodsmear-train" in dict(links(["bloodsmear-cli", "bloodsmear-train"]))


def test_the_folders_of_a_package_come_before_what_is_in_them() -> None:
    assert folders_above(["usr/share/a/b.txt", "usr/bin/c", "opt/d"]) == [
        "opt",
        "usr",
        "usr/bin",
        "usr/share",
        "usr/share/a",
    ]


def test_one_edition_takes_the_others_place() -> None:
    assert "Conflicts: bloodsmear\n" in control_text(Package("bloodsmear-review", "1.0", 1))
    assert "Conflicts: bloodsmear-review\n" in control_text(Package("bloodsmear", "1.0", 1))


def test_the_deb_has_no_header_that_dpkg_refuses(programs: Path, tmp_path: Path) -> None:
    os.utime(programs / "bloodsmear-cli", (1.5, 1.5))
    icon, target = tmp_path / "icon.png", tmp_path / "b.deb"
    icon.write_bytes(b"icon")
    write_deb(programs, icon, target, Package("bloodsmear-review", "1.0", 5000))
    content = lzma.decompress(members_of(target.read_bytes())["data.tar.xz"])
    kinds = {
        content[place + 156 : place + 157]
        for place in range(0, len(content), 512)
        if content[place + 257 :][:5] == b"ustar"
    }
    assert b"0" in kinds
    assert kinds <= {b"0", b"2", b"5"}


@pytest.mark.skipif(shutil.which("false") is None, reason="needs a program that fails")
def test_a_packer_that_fails_is_an_error(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = shutil.which("false")
    monkeypatch.setattr("installers.linux.shutil.which", lambda name: failing)
    with pytest.raises(OSError, match=r"ended with 1|Broken pipe"):
        write_tar(programs, tmp_path / "b.tar.xz", "Bloodsmear-1.0")
