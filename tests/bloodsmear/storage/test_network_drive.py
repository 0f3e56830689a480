"""Which drives count as those of another machine, from what each system says."""

import sys
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from bloodsmear.storage.network_drive import (
    is_network_drive,
    is_remote_on_linux,
    is_remote_on_macos,
    is_remote_on_windows,
)

LINUX = r"""22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
40 27 0:40 / /mnt/ward\0403 rw,relatime shared:7 - cifs //server/ward rw,vers=3.1.1
41 40 8:1 / /mnt/ward\0403/local rw - xfs /dev/sdb rw
42 27 0:42 / /home/ada rw - nfs4 server:/home/ada rw
43 27 0:43 / /run/over rw - nfs server:/over rw
44 27 0:44 / /run/over rw - tmpfs tmpfs rw
a line of another kind
"""
MACOS = """/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse)
//ada@server/ward%203 on /Volumes/ward 3 (smbfs, nodev, nosuid, mounted by ada)
server:/home on /Volumes/home (nfs, asynchronous)
map auto_home on /System/Volumes/Data/home (autofs, automounted, nobrowse)
/dev/disk5s1 on /Volumes/stick (1) (exfat, local, noowners)
"""


@pytest.mark.parametrize(
    ("place", "remote"),
    [
        ("/work/s", False),
        ("/mnt/ward 3/study", True),
        ("/mnt/ward 3/local/study", False),
        ("/mnt/ward 33/study", False),
        ("/home/ada/deep/er/study", True),
        ("/run/over/study", False),
    ],
)
def test_linux_tells_by_the_type_of_the_nearest_mount(place: str, remote: bool) -> None:
    assert is_remote_on_linux(PurePosixPath(place), LINUX) is remote


@pytest.mark.parametrize(
    ("place", "remote"),
    [
        ("/Users/ada/study", False),
        ("/Volumes/ward 3/study", True),
        ("/Volumes/home/ada/study", True),
        ("/Volumes/stick (1)/study", False),
    ],
)
def test_macos_tells_by_the_word_local(place: str, remote: bool) -> None:
    assert is_remote_on_macos(PurePosixPath(place), MACOS) is remote


@pytest.mark.parametrize(
    ("place", "root", "kind", "remote"),
    [
        (r"C:\Users\ada\study", "C:\\", 3, False),
        (r"Z:\study", "Z:\\", 4, True),
        (r"\\server\ward\study", "\\\\server\\ward\\", 4, True),
        (r"E:\study", "E:\\", 2, False),
    ],
)
def test_windows_tells_by_the_type_of_the_drive(place: str, root: str, kind: int, remote: bool) -> None:
    asked: list[str] = []

    def drive_type(drive: str) -> int:
        asked.append(drive)
        return kind

    assert is_remote_on_windows(PureWindowsPath(place), drive_type) is remote
    assert asked == [root]


def test_windows_long_names_of_a_share_are_remote_without_asking() -> None:
    def unasked(drive: str) -> int:
        raise AssertionError(drive)

    assert is_remote_on_windows(PureWindowsPath(r"\\?\UNC\server\ward\study"), unasked)


def test_a_system_that_says_nothing_counts_as_local() -> None:
    assert not is_remote_on_linux(PurePosixPath("/work/s"), "")
    assert not is_remote_on_macos(PurePosixPath("/work/s"), "")


@pytest.mark.skipif(sys.platform != "linux", reason="asks this system's own list, whose text Linux shows")
def test_this_system_is_asked_about_a_file_that_is_not_there_yet(tmp_path: Path) -> None:
    mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8")
    place = tmp_path / "study"

    assert is_network_drive(place) is is_remote_on_linux(PurePosixPath(place.resolve()), mounts)
