"""The packages of a Windows Python, fetched on Linux by pip with the hashes of the locks, and put into their places."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

# What environment markers ask of the Windows Python.
_WINDOWS = {
    "implementation_name": "cpython",
    "os_name": "nt",
    "platform_machine": "AMD64",
    "platform_python_implementation": "CPython",
    "platform_system": "Windows",
    "python_full_version": "3.13.2",
    "python_version": "3.13",
    "sys_platform": "win32",
}
_FOR_WINDOWS = (
    *("--platform", "win_amd64", "--python-version", "313", "--implementation", "cp"),
    *("--abi", "cp313", "--abi", "abi3", "--abi", "none", "--only-binary=:all:"),
)
# A wheel's folders, and where its parts go in a Windows Python.
_DATA = re.compile(r"[^/]+\.data/(data|scripts|purelib|platlib)/(.+)")
_PACKAGES = "Lib/site-packages/"
_PLACES = {"data": "", "scripts": "Scripts/", "purelib": _PACKAGES, "platlib": _PACKAGES}


class SetUpError(Exception):
    """The set-up cannot go on; the text is a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Locked:
    """A package of a lock: its name, its one version, and the sha256s (hex) of its files."""

    name: str
    version: str
    sha256s: tuple[str, ...]

    @property
    def line(self) -> str:
        """It, as pip reads it."""
        return " ".join([f"{self.name}=={self.version}", *(f"--hash=sha256:{one}" for one in self.sha256s)])


def read_lock(lock: Path, environment: Mapping[str, str] = _WINDOWS) -> list[Locked]:
    """The packages of a lock that a Windows Python wants."""
    found = []
    for entry in lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        if not entry.strip() or entry.lstrip().startswith("#"):
            continue
        head, *hashes = re.split(r"\s+--hash=sha256:", entry.strip())
        wanted = Requirement(head)
        if wanted.marker is None or wanted.marker.evaluate(dict(environment)):
            (version,) = (one.version for one in wanted.specifier)
            found.append(Locked(wanted.name, version, tuple(hashes)))
    return found


def fetch_wheels(packages: Iterable[Locked], folder: Path) -> list[Path]:
    """Fetch the packages' wheels for Windows, where they are not in the folder yet; their paths. SetUpError."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = folder / "wanted.txt"
    wanted.write_text("".join(f"{one.line}\n" for one in packages), encoding="utf-8")
    report = _pip("download", *_FOR_WINDOWS, "--require-hashes", "--no-deps", "-d", folder, "-r", wanted)
    # pip names each file that it put there or found there.
    names = re.findall(r"(?:Saved|File was already downloaded) (\S.*\.whl)", report)
    return sorted({folder / Path(name).name for name in names})


def fetch_source(package: Locked, folder: Path) -> Path:
    """Fetch a package of which there is only its source, and run nothing of it. SetUpError."""
    folder.mkdir(parents=True, exist_ok=True)
    for there in folder.glob(f"{package.name.replace('-', '_')}-{package.version}.tar.gz"):
        if _sha256(there) in package.sha256s:
            return there
    # `pip download` would run its setup.py to ask for its name, with the newest setuptools of the registry.
    words = [str(Path(__file__).with_name("fetch_source.py")), package.name, package.version, str(folder)]
    outcome = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
    if outcome.returncode:
        raise SetUpError(f"{package.name} could not be fetched: {outcome.stderr.strip()[-400:]}")
    source = Path(outcome.stdout.strip().splitlines()[-1])
    if _sha256(source) not in package.sha256s:
        source.unlink()
        raise SetUpError(f"{source.name} is not the file that requirements/wine.txt names; it was removed.")
    return source


def _pip(*words: object) -> str:
    call = [sys.executable, "-m", "pip", "--disable-pip-version-check", *map(str, words)]
    outcome = subprocess.run(call, stdout=subprocess.PIPE, text=True, check=False)
    if outcome.returncode:
        raise SetUpError("pip could not fetch the packages for Windows; its message is above.")
    return outcome.stdout


def unpack_wheel(wheel: Path, python: Path) -> None:
    """Put a wheel's files where pip would put them in a Windows Python, its programs left out.

    The package's record names them where they lie then, as pip writes it: whose a file is, licences ask there.
    """
    with zipfile.ZipFile(wheel) as packed:
        for name in packed.namelist():
            if not name.endswith("/"):
                target = python / _place_of(name)
                target.parent.mkdir(parents=True, exist_ok=True)
                content = packed.read(name)
                target.write_bytes(_record(content) if name.endswith(".dist-info/RECORD") else content)


def _place_of(name: str) -> str:
    parted = _DATA.fullmatch(name)
    return _PLACES[parted[1]] + parted[2] if parted else _PACKAGES + name


def _record(content: bytes) -> bytes:
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    for name, *rest in csv.reader(io.StringIO(content.decode("utf-8"))):
        place = _place_of(name)
        # Seen from the folder of packages.
        rows.writerow(
            [place.removeprefix(_PACKAGES) if place.startswith(_PACKAGES) else f"../../{place}", *rest]
        )
    return written.getvalue().encode("utf-8")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
