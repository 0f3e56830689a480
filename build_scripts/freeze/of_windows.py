"""What the libraries of a frozen folder for Windows load: each is inside, or part of the oldest Windows named."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

# Of Windows 10 version 1903, as far as anything inside asks for it. A name goes in here when it is seen there.
_WINDOWS = frozenset(
    {
        *(
            "advapi32",
            "authz",
            "bcrypt",
            "bcryptprimitives",
            "cfgmgr32",
            "comctl32",
            "comdlg32",
            "crypt32",
            "d3d11",
            "d3d12",
        ),
        *(
            "d3d9",
            "dbghelp",
            "dwmapi",
            "dwrite",
            "dxgi",
            "gdi32",
            "icuuc",
            "imm32",
            "iphlpapi",
            "kernel32",
            "mpr",
            "msvcrt",
        ),
        *(
            "ncrypt",
            "netapi32",
            "normaliz",
            "ntdll",
            "ole32",
            "oleaut32",
            "opengl32",
            "powrprof",
            "propsys",
            "psapi",
            "rpcrt4",
        ),
        *(
            "secur32",
            "setupapi",
            "shell32",
            "shlwapi",
            "ucrtbase",
            "uiautomationcore",
            "user32",
            "userenv",
            "uxtheme",
        ),
        *("version", "winmm", "ws2_32", "wtsapi32"),
    }
)
# Names that Windows answers with others of its own; printing's is no .dll.
_SETS = ("api-ms-win-", "ext-ms-win-")
_PRINTING = "winspool.drv"
_PROGRAMS = {".dll", ".exe", ".pyd"}


def lacking(folder: Path, imports_of: Callable[[Path], Iterable[str]]) -> dict[str, list[str]]:
    """The libraries that neither the folder nor Windows has, each with the files that load it.

    `imports_of` gives the names that a file loads when it is loaded itself.
    """
    files = [path for path in folder.rglob("*") if path.suffix.lower() in _PROGRAMS]
    shipped = {path.name.lower() for path in files}
    found: dict[str, list[str]] = {}
    for path in sorted(files):
        for name in {one.lower() for one in imports_of(path)} - shipped:
            if not (name.startswith(_SETS) or name == _PRINTING or name.removesuffix(".dll") in _WINDOWS):
                found.setdefault(name, []).append(path.relative_to(folder).as_posix())
    return found


def imports_of(path: Path) -> list[str]:
    """The names that a program or library of Windows loads with itself. For use where PyInstaller brings pefile."""
    import pefile

    with pefile.PE(str(path), fast_load=True) as program:
        program.parse_data_directories([pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_IMPORT"]])
        return [entry.dll.decode("ascii") for entry in getattr(program, "DIRECTORY_ENTRY_IMPORT", ())]
