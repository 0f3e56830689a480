"""What winget and Chocolatey want to know of a release: its version, editions and sha256s, from its SHA256SUMS alone.

python3 build_scripts/installers/manifests.py DIST PLACE     PLACE: where the files of DIST can be fetched, https://…

DIST gets the folders `winget` (winget install --manifest FOLDER; or into a source) and `chocolatey` (choco pack), each
with a folder for every Setup.exe that SHA256SUMS names.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from installers.texts import STUDY_ENDING, SUMMARY

# The name in Windows' list of programs, and whose it is: bloodsmear.nsi writes the same.
UNINSTALL_NAME, PUBLISHER = "Bloodsmear", "The Bloodsmear developers"
OLDEST_WINDOWS = "10.0.18362.0"
_SCHEMA = "1.6.0"
_LINE = re.compile(r"([0-9a-f]{64})  (Bloodsmear-(\d[0-9A-Za-z.]*)-(review|full)-windows-x86_64-setup\.exe)")
_PLACE = re.compile(r"https://[^\s'\"<>&]+")
# Setup.exe's codes in winget's words; 3 and 5 have no word of their own.
_CODES = {
    1: "cancelledByUser",
    3: "contactSupport",
    5: "blockedByPolicy",
    6: "packageInUse",
    7: "systemNotSupported",
}


class ManifestError(Exception):
    """No manifest can be written; the text is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Setup:
    """A Setup.exe that is handed on: where it can be fetched, and its sha256 (hex)."""

    url: str
    sha256: str
    version: str
    edition: str

    @property
    def title(self) -> str:
        """As Windows' list of programs has it."""
        return f"{UNINSTALL_NAME} ({self.edition.title()})"


def main(words: list[str]) -> int:
    """Write the manifests; the exit status."""
    if len(words) != 2:
        print(__doc__)
        return 2
    try:
        for file in write_manifests(Path(words[0]), words[1]):
            print(file)
    except (ManifestError, OSError) as error:
        print(f"manifests.py: {error}", file=sys.stderr)
        return 1
    return 0


def write_manifests(folder: Path, place: str) -> list[Path]:
    """Write those of every Setup.exe in the folder's SHA256SUMS; the files. ManifestError, OSError."""
    made = []
    for setup in setups_in((folder / "SHA256SUMS").read_text(encoding="utf-8"), place):
        for kind, files in (("winget", winget_files(setup)), ("chocolatey", chocolatey_files(setup))):
            for name, text in files.items():
                target = folder / kind / setup.edition / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8", newline="\n")
                made.append(target)
    return made


def setups_in(sums: str, place: str) -> list[Setup]:
    """The Setup.exe's that SHA256SUMS names. ManifestError where there is none, or the place is not an address."""
    if not _PLACE.fullmatch(place):
        raise ManifestError(f"{place} is not an address that winget takes; it begins with https://.")
    found = [match.groups() for line in sums.splitlines() if (match := _LINE.fullmatch(line))]
    if not found:
        raise ManifestError("SHA256SUMS names no Setup.exe for Windows.")
    where = place.rstrip("/")
    return [
        Setup(f"{where}/{quote(name)}", digest, version, edition) for digest, name, version, edition in found
    ]


def winget_files(setup: Setup) -> dict[str, str]:
    """The three files of winget's manifest, by name."""
    identifier = f"Bloodsmear.{setup.edition.title()}"
    common = {"PackageIdentifier": identifier, "PackageVersion": setup.version}
    fetched = {"Architecture": "x64", "InstallerUrl": setup.url, "InstallerSha256": setup.sha256.upper()}
    installer = {
        "Platform": ["Windows.Desktop"],
        "MinimumOSVersion": OLDEST_WINDOWS,
        "InstallerType": "nullsoft",
        "InstallModes": ["interactive", "silent"],
        "UpgradeBehavior": "install",
        "FileExtensions": [STUDY_ENDING],
        "ExpectedReturnCodes": [
            {"InstallerReturnCode": code, "ReturnResponse": word} for code, word in _CODES.items()
        ],
        "AppsAndFeaturesEntries": [
            {"DisplayName": setup.title, "Publisher": PUBLISHER, "ProductCode": UNINSTALL_NAME}
        ],
        "Installers": [
            {**fetched, "Scope": "user"},
            {
                **fetched,
                "Scope": "machine",
                "InstallerSwitches": {"Custom": "/AllUsers"},
                "ElevationRequirement": "elevationRequired",
            },
        ],
    }
    words = {
        "PackageLocale": "en-US",
        "Publisher": PUBLISHER,
        "PackageName": setup.title,
        "License": "Apache-2.0",
        "ShortDescription": f"{SUMMARY}.",
    }
    return {
        f"{identifier}.yaml": _yaml({**common, "DefaultLocale": "en-US"}, "version"),
        f"{identifier}.installer.yaml": _yaml({**common, **installer}, "installer"),
        f"{identifier}.locale.en-US.yaml": _yaml({**common, **words}, "defaultLocale"),
    }


def _yaml(content: dict[str, Any], kind: str) -> str:
    """One key a line, its value as JSON writes it, which YAML reads."""
    whole = {**content, "ManifestType": kind, "ManifestVersion": _SCHEMA}
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in whole.items())


def chocolatey_files(setup: Setup) -> dict[str, str]:
    """The source of Chocolatey's package, by path in its folder."""
    name = f"bloodsmear-{setup.edition}"
    nuspec = f"""<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2015/06/nuspec.xsd">
  <metadata>
    <id>{name}</id>
    <version>{escape(setup.version)}</version>
    <title>{escape(setup.title)}</title>
    <authors>{escape(PUBLISHER)}</authors>
    <tags>microscopy hematology offline</tags>
    <summary>{escape(SUMMARY)}.</summary>
    <description>{escape(SUMMARY)}. Not for use in diagnostic procedures. It is installed for all users.</description>
  </metadata>
  <files>
    <file src="tools\\**" target="tools" />
  </files>
</package>
"""
    install = f"""$ErrorActionPreference = 'Stop'
$package = @{{
  packageName    = $env:ChocolateyPackageName
  fileType       = 'exe'
  url64bit       = '{setup.url}'
  checksum64     = '{setup.sha256}'
  checksumType64 = 'sha256'
  silentArgs     = '/S /AllUsers'
  validExitCodes = @(0)
}}
Install-ChocolateyPackage @package
"""
    # `_?=` and the folder: it ends when all is done, and leaves Uninstall.exe.
    uninstall = f"""$ErrorActionPreference = 'Stop'
$found = Get-UninstallRegistryKey -SoftwareName '{setup.title}' | Select-Object -First 1
if ($found) {{
  $folder = $found.InstallLocation
  $package = @{{
    packageName    = $env:ChocolateyPackageName
    fileType       = 'exe'
    file           = Join-Path $folder 'Uninstall.exe'
    silentArgs     = "/S _?=$folder"
    validExitCodes = @(0)
  }}
  Uninstall-ChocolateyPackage @package
  Remove-Item -LiteralPath (Join-Path $folder 'Uninstall.exe') -ErrorAction SilentlyContinue
}}
"""
    return {
        f"{name}.nuspec": nuspec,
        "tools/chocolateyinstall.ps1": install,
        "tools/chocolateyuninstall.ps1": uninstall,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
