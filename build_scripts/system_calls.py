"""What a program and all that it starts ask of the system, by strace: sockets, and files that are written (Linux)."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_WRITES = (
    "open,openat,openat2,creat,mkdir,mkdirat,mknod,mknodat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,"
    "truncate,unlink,unlinkat,rmdir,chmod,fchmodat,chown,fchownat,utimensat,setxattr"
)
_TO_WRITE = re.compile(r"O_(WRONLY|RDWR|CREAT|TRUNC)")
_CALL = re.compile(r"(?P<name>\w+)\((?P<arguments>.*)\) += (?P<result>-?\d+|\?)")
# A path, and before it the folder that it is relative to, where the call takes one.
_PATH = re.compile(r'(?:(?:AT_FDCWD|\d+)<(?P<folder>[^>]*)>, )?"(?P<name>(?:[^"\\]|\\.)*)"')
_FAMILY = re.compile(r"AF_\w+")
# Calls that name a target, which is only a text, before the file that they make.
_SECOND_ONLY = ("symlink", "symlinkat")


@dataclass(frozen=True, slots=True)
class SystemCalls:
    """What was asked: families of sockets as AF_INET, the names of sockets in files, paths that were written."""

    families: frozenset[str]
    sockets: frozenset[str]
    written: frozenset[Path]

    def outside(self, folders: Sequence[Path]) -> list[Path]:
        """What was written in none of these folders."""
        return sorted(
            one for one in self.written if not any(one.is_relative_to(folder) for folder in folders)
        )


def missing_here() -> str:
    """Why nothing can be traced on this machine; empty where it can."""
    if not sys.platform.startswith("linux"):
        return "system calls are traced with strace, which Linux alone has"
    if shutil.which("strace") is None:
        return "needs strace, which `build_scripts/dev.py test` installs as root on Linux"
    tried = subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], capture_output=True, check=False)
    return "strace may not trace on this machine" if tried.returncode else ""


def trace(words: Sequence[str], environment: Mapping[str, str], log: Path) -> SystemCalls:
    """Run a program to its end in the folder of `log`; what it and its children asked. CalledProcessError."""
    strace = [
        "strace",
        "-f",
        "-qq",
        "-y",
        "-e",
        "signal=none",
        "-e",
        f"trace=%network,{_WRITES}",
        "-o",
        log.name,
    ]
    subprocess.run([*strace, *words], cwd=log.parent, env=environment, check=True, capture_output=True)
    return read_trace(log.read_text("utf-8", "replace"), log.parent)


def read_trace(lines: str, folder: Path) -> SystemCalls:
    """The calls in strace's lines; `folder` is where the program was started. Calls that failed wrote nothing."""
    families: set[str] = set()
    sockets: set[str] = set()
    written: set[Path] = set()
    for name, arguments, result in _calls(lines):
        if name in ("socket", "connect", "bind", "sendto", "sendmsg"):
            families.update(_FAMILY.findall(arguments))
            sockets.update(re.findall(r'sun_path=@?"([^"]*)"', arguments))
        elif not result.startswith("-") and (not name.startswith("open") or _TO_WRITE.search(arguments)):
            paths = [_whole_path(found, folder) for found in _PATH.finditer(arguments)]
            written.update(paths[1:] if name in _SECOND_ONLY else paths)
    return SystemCalls(frozenset(families), frozenset(sockets), frozenset(written))


def _calls(lines: str) -> Iterator[tuple[str, str, str]]:
    """Name, arguments and result of each call; what another process interrupted is put together."""
    begun: dict[str, str] = {}
    for line in lines.splitlines():
        process, _, said = line.partition(" ")
        said = said.strip()
        if said.endswith("<unfinished ...>"):
            begun[process] = said.removesuffix("<unfinished ...>")
            continue
        resumed = re.match(r"<\.\.\. \w+ resumed>", said)
        if resumed is not None:
            said = begun.pop(process, "") + said[resumed.end() :]
        call = _CALL.match(said)
        if call is not None:
            yield call["name"], call["arguments"], call["result"]
    # Killed in the middle of it: it may have been done.
    for said in begun.values():
        yield said.partition("(")[0], said.partition("(")[2], "?"


def _whole_path(found: re.Match[str], folder: Path) -> Path:
    name = found["name"].encode("latin-1", "backslashreplace").decode("unicode_escape")
    readable = name.encode("latin-1", "replace").decode("utf-8", "replace")
    return Path(found["folder"] or folder, readable).resolve()
