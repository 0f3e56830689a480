"""What Windows' Explorer shows of a program: PyInstaller's text form of a VERSIONINFO resource."""

from __future__ import annotations

from installers.windows import four_numbers


def version_resource(version: str, edition: str) -> str:
    """The resource of all programs of an edition."""
    numbers = ", ".join(four_numbers(version).split("."))
    strings = {
        "CompanyName": "The Bloodsmear developers",
        "FileDescription": f"Bloodsmear ({edition})",
        "FileVersion": version,
        "LegalCopyright": "Apache-2.0",
        "ProductName": "Bloodsmear",
        "ProductVersion": version,
        "Comments": "For Research Use Only. Not for use in diagnostic procedures.",
    }
    listed = ", ".join(f"StringStruct({name!r}, {value!r})" for name, value in strings.items())
    return (
        f"VSVersionInfo(ffi=FixedFileInfo(filevers=({numbers}), prodvers=({numbers})), kids=["
        f"StringFileInfo([StringTable('040904B0', [{listed}])]), "
        "VarFileInfo([VarStruct('Translation', [1033, 1200])])])\n"
    )
