"""The two files for Linux: a tar.xz for every distribution, and a .deb (an `ar` archive of two tar files)."""

from __future__ import annotations

import hashlib
import io
import lzma
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from installers.texts import SUMMARY, desktop_entry, study_type

PLACE = "opt/bloodsmear"
# What Qt's X11 plug-in loads from the system (build_scripts/system_libraries.py has their reasons), and a font.
_DEPENDS = (
    "libc6, libgl1, libegl1, libfontconfig1, libxkbcommon-x11-0, libxcb-cursor0, "
    "fonts-dejavu-core | fonts-liberation"
)
_PROGRAMS_ON_THE_PATH = ("bloodsmear-convert", "bloodsmear-train")
_EPOCH = 0
# dpkg does not read PAX headers, which Python would write for a time with a fraction of a second.
_FORMAT = tarfile.GNU_FORMAT
# Every tar and dpkg reads it. The first filter rewrites jumps in x86 code, so that calls of one function look alike.
# The window is so wide that the modules in each program's file, which are the same, are stored once.
_WINDOW_MIB = 64
_PRESET, _QUICK_PRESET = 6, 0


@dataclass(frozen=True, slots=True)
class Package:
    """What the .deb says of itself. `installed_bytes` is what the folder weighs; `quick`: see `write_tar`."""

    name: str
    version: str
    installed_bytes: int
    architecture: str = "amd64"
    quick: bool = False


def write_tar(folder: Path, target: Path, top: str, quick: bool = False) -> None:
    """Pack a folder as target.tar.xz whose one top folder is `top`. Raises OSError.

    `quick`: in a fifth of the time, larger, for trying.
    """
    with target.open("wb") as file, _xz_tar(file, quick) as archive:
        _add_folder(archive, folder, top)


def write_deb(folder: Path, icon: Path, target: Path, package: Package) -> None:
    """Pack a folder as a Debian package that installs it below /opt. Raises OSError."""
    sums: list[str] = []
    with tempfile.TemporaryFile(dir=target.parent) as data:
        extra = list(_extra_files(icon))
        placed = links(path.name for path in folder.iterdir())
        with _xz_tar(data, package.quick) as archive:
            for name in folders_above([PLACE, *(name for name, _ in extra), *(name for name, _ in placed)]):
                _add_directory(archive, f"./{name}")
            _add_folder(archive, folder, f"./{PLACE}")
            for name, content in extra:
                _add_file(archive, f"./{name}", content)
                sums.append(f"{hashlib.md5(content, usedforsecurity=False).hexdigest()}  {name}")
            for name, goal in placed:
                link = tarfile.TarInfo(f"./{name}")
                link.type, link.linkname, link.mode = tarfile.SYMTYPE, goal, 0o777
                archive.addfile(link)
        sums += [
            _sum_line(path, folder)
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.is_symlink()
        ]
        with target.open("wb") as deb:
            deb.write(b"!<arch>\n")
            _write_member(deb, "debian-binary", io.BytesIO(b"2.0\n"))
            _write_member(deb, "control.tar.gz", _control(package, sums))
            _write_member(deb, "data.tar.xz", data)


def _control(package: Package, sums: Iterable[str]) -> BinaryIO:
    control = io.BytesIO()
    with tarfile.open(fileobj=control, mode="w:gz", format=_FORMAT) as archive:
        _add_file(archive, "./control", control_text(package).encode())
        _add_file(archive, "./md5sums", ("\n".join(sums) + "\n").encode())
    return control


def control_text(package: Package) -> str:
    """The package's description. One edition takes the other's place."""
    other = "bloodsmear-review" if package.name == "bloodsmear" else "bloodsmear"
    return "\n".join(
        [
            f"Package: {package.name}",
            f"Version: {package.version}",
            f"Architecture: {package.architecture}",
            "Maintainer: The Bloodsmear developers",
            f"Installed-Size: {package.installed_bytes // 1024}",
            f"Depends: {_DEPENDS}",
            f"Conflicts: {other}",
            f"Replaces: {other}",
            "Section: science",
            "Priority: optional",
            f"Description: {SUMMARY}",
            " Shows microscope images of blood smears, each one original beside denoised, and",
            " what two classifiers say about it. It reads one image in a window or thousands",
            " without one, and needs no network.",
            "",
        ]
    )


def links(programs: Iterable[str]) -> list[tuple[str, str]]:
    """The links in /usr/bin (path, goal): `bloodsmear` speaks on a terminal and opens the window, as everywhere."""
    there = set(programs)
    named = [("bloodsmear", "bloodsmear-cli"), *((one, one) for one in _PROGRAMS_ON_THE_PATH)]
    return [(f"usr/bin/{name}", f"/{PLACE}/{program}") for name, program in named if program in there]


@contextmanager
def _xz_tar(file: BinaryIO, quick: bool) -> Iterator[tarfile.TarFile]:
    """A tar file that is packed into `file`, a real one. Raises OSError."""
    preset, program = _QUICK_PRESET if quick else _PRESET, shutil.which("xz")
    if program is None:
        lzma2 = {"id": lzma.FILTER_LZMA2, "preset": preset, "dict_size": _WINDOW_MIB * 1024 * 1024}
        filters = [{"id": lzma.FILTER_X86}, lzma2]
        with (
            lzma.open(file, "wb", format=lzma.FORMAT_XZ, filters=filters) as packed,
            tarfile.open(fileobj=packed, mode="w", format=_FORMAT) as archive,
        ):
            yield archive
        return
    # It uses every core; Python's own packer has one.
    words = ["--threads=0", "--x86", f"--lzma2=preset={preset},dict={_WINDOW_MIB}MiB", "--stdout"]
    packer = subprocess.Popen([program, *words], stdin=subprocess.PIPE, stdout=file)
    # Left in this order: the end of the tar file, the end of the pipe, the end of the packer.
    with (
        packer,
        packer.stdin or io.BytesIO() as pipe,
        tarfile.open(fileobj=pipe, mode="w|", format=_FORMAT) as archive,
    ):
        yield archive
    if packer.returncode:
        raise OSError(f"{program} ended with {packer.returncode}; its message is above.")


def _add_folder(archive: tarfile.TarFile, folder: Path, top: str) -> None:
    """The programs before the folders, side by side: what they have in common is found only within the window."""
    archive.add(folder, top, recursive=False, filter=_owned_by_root)
    for path in sorted(folder.iterdir(), key=lambda path: (path.is_dir(), path.name)):
        archive.add(path, f"{top}/{path.name}", filter=_owned_by_root)


def _extra_files(icon: Path) -> Iterator[tuple[str, bytes]]:
    yield "usr/share/applications/bloodsmear.desktop", desktop_entry(f"/{PLACE}/Bloodsmear").encode()
    yield "usr/share/mime/packages/bloodsmear.xml", study_type().encode()
    yield "usr/share/icons/hicolor/256x256/apps/bloodsmear.png", icon.read_bytes()


def _sum_line(path: Path, folder: Path) -> str:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    return f"{digest}  {PLACE}/{path.relative_to(folder).as_posix()}"


def _owned_by_root(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Nothing in a package tells of the PC that made it."""
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
    return member


def folders_above(names: Iterable[str]) -> list[str]:
    """The folders that hold these files or folders, outer ones first.

    A package names each of them: dpkg otherwise wakes no trigger for what is put there, and the desktop would not know
    the program and its file type until another package is installed.
    """
    return sorted({str(parent) for name in names for parent in PurePosixPath(name).parents} - {"."})


def _add_directory(archive: tarfile.TarFile, name: str) -> None:
    member = tarfile.TarInfo(name)
    member.type, member.mode, member.mtime = tarfile.DIRTYPE, 0o755, _EPOCH
    archive.addfile(_owned_by_root(member))


def _add_file(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = _owned_by_root(tarfile.TarInfo(name))
    member.size, member.mode, member.mtime = len(content), 0o644, _EPOCH
    archive.addfile(member, io.BytesIO(content))


def _write_member(archive: BinaryIO, name: str, content: BinaryIO) -> None:
    """One member of an `ar` archive, as deb(5) wants it: a header of 60 bytes, and an even length."""
    length = content.seek(0, os.SEEK_END)
    content.seek(0)
    archive.write(f"{name:<16}{_EPOCH:<12}{0:<6}{0:<6}{'100644':<8}{length:<10}`\n".encode())
    shutil.copyfileobj(content, archive)
    archive.write(b"\n" * (length % 2))
