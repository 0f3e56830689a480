"""Whether a file lies on a drive of another machine, as far as the system can tell.

SQLite's write-ahead log needs memory that all programs share, which no network drive has (sqlite.org/wal.html).
"""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

# Windows' GetDriveType of a mapped letter or a \\server\share.
_DRIVE_REMOTE = 4
# File systems of Linux between machines. What is not in the list counts as local: SQLite still falls back to a
# rollback journal where the write-ahead log does not start.
_NETWORK_TYPES = frozenset(
    {
        *(
            "nfs",
            "nfs4",
            "cifs",
            "smb3",
            "smbfs",
            "ncpfs",
            "afs",
            "coda",
            "davfs",
            "ceph",
            "lustre",
            "beegfs",
        ),
        *("glusterfs", "gpfs", "gfs2", "ocfs2", "fuse.glusterfs", "fuse.sshfs", "fuse.rclone", "fuse.davfs2"),
        *("fuse.gvfsd-fuse", "fuse.smbnetfs", "fuse.curlftpfs", "fuse.s3fs", "fuse.ceph"),
    }
)
_MACOS_MOUNT = re.compile(r"^.* on (?P<place>/.*) \((?P<options>[^()]*)\)$")
_MOUNT_TIMEOUT_S = 5


def is_network_drive(path: Path) -> bool:
    """Whether the file `path` (which need not be there yet) lies on a network drive; False where nothing tells it."""
    real = path.resolve()
    if sys.platform == "win32":
        return is_remote_on_windows(PureWindowsPath(real), _windows_drive_type)
    if sys.platform == "darwin":
        return is_remote_on_macos(PurePosixPath(real), _macos_mounts())
    return is_remote_on_linux(PurePosixPath(real), _linux_mounts())


def is_remote_on_windows(path: PureWindowsPath, drive_type: Callable[[str], int]) -> bool:
    """By the drive's type (`GetDriveTypeW` of its root); a long name of a share says it itself."""
    return path.anchor.upper().startswith("\\\\?\\UNC\\") or drive_type(path.anchor) == _DRIVE_REMOTE


def is_remote_on_linux(path: PurePosixPath, mounts: str) -> bool:
    """By the file system's type, from the text of /proc/self/mountinfo (proc(5))."""
    places: dict[PurePath, bool] = {}
    for line in mounts.splitlines():
        before, dash, after = line.partition(" - ")
        fields = before.split()
        if dash and len(fields) > 4 and after:
            # Blanks in the place stand as \040. The later of two at one place lies on top.
            place = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[4])
            places[PurePosixPath(place)] = after.split()[0] in _NETWORK_TYPES
    return _nearest(path, places)


def is_remote_on_macos(path: PurePosixPath, mounts: str) -> bool:
    """By the word `local`, which `mount` prints for every drive of the machine itself."""
    found = (_MACOS_MOUNT.match(line) for line in mounts.splitlines())
    places: dict[PurePath, bool] = {
        PurePosixPath(one["place"]): "local" not in one["options"].split(", ") for one in found if one
    }
    return _nearest(path, places)


def _nearest(path: PurePath, places: dict[PurePath, bool]) -> bool:
    """What is said of the deepest mounted place that holds the path."""
    return next((places[place] for place in (path, *path.parents) if place in places), False)


def _linux_mounts() -> str:
    try:
        return Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _macos_mounts() -> str:
    try:
        # It asks the system's own list and waits for no server.
        return subprocess.run(
            ["/sbin/mount"], capture_output=True, text=True, timeout=_MOUNT_TIMEOUT_S, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ""


if sys.platform == "win32":
    import ctypes

    def _windows_drive_type(root: str) -> int:
        return int(ctypes.windll.kernel32.GetDriveTypeW(root))
