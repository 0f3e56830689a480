"""Bloodsmear.app and its .dmg. It runs on macOS alone, with the system's own tools; what is said to them has tests."""

from __future__ import annotations

import os
import plistlib
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from installers.texts import IDENTIFIER, STUDY_ENDING
from installers.windows import InstallerError, four_numbers

# Older versions of macOS and Intel's processors: OpenVINO and TensorFlow no longer come for them.
OLDEST_MACOS = "13.0"
# The name of a certificate in the keychain, and a profile that `notarytool store-credentials` made.
IDENTITY_VARIABLE, PROFILE_VARIABLE = "BLOODSMEAR_SIGN_IDENTITY", "BLOODSMEAR_NOTARY_PROFILE"
# Python's ctypes makes code at run time, and PyInstaller loads libraries that others signed.
ENTITLEMENTS = {
    "com.apple.security.cs.allow-unsigned-executable-memory": True,
    "com.apple.security.cs.disable-library-validation": True,
}
_CODE_ENDINGS = (".so", ".dylib")


@dataclass(frozen=True, slots=True)
class MacBundle:
    """A frozen folder, and where the app and the disk image go."""

    folder: Path
    icon: Path
    work: Path
    target: Path
    version: str


def info_plist(version: str) -> dict[str, Any]:
    """What macOS is told of the app: its version, oldest system, processors, and what it opens."""
    return {
        "CFBundleName": "Bloodsmear",
        "CFBundleDisplayName": "Bloodsmear",
        "CFBundleIdentifier": IDENTIFIER,
        "CFBundleExecutable": "Bloodsmear",
        "CFBundleIconFile": "bloodsmear.icns",
        "CFBundlePackageType": "APPL",
        "CFBundleShortVersionString": version,
        "CFBundleVersion": four_numbers(version).rsplit(".", 1)[0],
        "LSMinimumSystemVersion": OLDEST_MACOS,
        "LSArchitecturePriority": ["arm64"],
        "LSApplicationCategoryType": "public.app-category.medical",
        "NSHighResolutionCapable": True,
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "Folder of smear images",
                "CFBundleTypeRole": "Viewer",
                "LSItemContentTypes": ["public.folder"],
                "LSHandlerRank": "Alternate",
            },
            {
                "CFBundleTypeName": "Bloodsmear study",
                "CFBundleTypeRole": "Editor",
                "CFBundleTypeIconFile": "bloodsmear.icns",
                "LSItemContentTypes": [f"{IDENTIFIER}.study"],
                "LSHandlerRank": "Owner",
            },
        ],
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": f"{IDENTIFIER}.study",
                "UTTypeDescription": "Bloodsmear study",
                "UTTypeConformsTo": ["public.data"],
                "UTTypeTagSpecification": {"public.filename-extension": [STUDY_ENDING]},
            },
        ],
    }


def make_app(bundle: MacBundle) -> Path:
    """Lay the frozen folder out as Bloodsmear.app, programs and libraries together in MacOS. OSError."""
    app = bundle.work / "Bloodsmear.app"
    if app.exists():
        shutil.rmtree(app)
    contents = app / "Contents"
    shutil.copytree(bundle.folder, contents / "MacOS", symlinks=True)
    (contents / "Resources").mkdir()
    shutil.copyfile(bundle.icon, contents / "Resources" / "bloodsmear.icns")
    (contents / "Info.plist").write_bytes(plistlib.dumps(info_plist(bundle.version)))
    return app


def signing_order(paths: Iterable[Path], app: Path) -> list[Path]:
    """Libraries before programs, deeper before higher, the app last: a signature covers what was signed before it."""
    programs = app / "Contents" / "MacOS"
    found = list(paths)
    libraries = sorted(
        (path for path in found if path.suffix in _CODE_ENDINGS), key=lambda path: -len(path.parts)
    )
    main = programs / "Bloodsmear"
    others = sorted(path for path in found if path.parent == programs and path.suffix == "" and path != main)
    return [*libraries, *others, *([main] if main in found else []), app]


def sign_words(path: Path, identity: str, entitlements: Path) -> list[str]:
    """The call that signs one file for the hardened runtime."""
    words = ["codesign", "--force", "--timestamp", "--options", "runtime", "--sign", identity]
    return [*words, "--entitlements", str(entitlements), str(path)]


def make_dmg(bundle: MacBundle, environment: Mapping[str, str] = os.environ) -> None:
    """Make the app and the disk image; sign and notarise them where credentials are there. InstallerError, OSError."""
    app = make_app(bundle)
    identity = environment.get(IDENTITY_VARIABLE, "")
    if identity:
        _sign(app, identity, bundle.work)
    _run(
        [
            "hdiutil",
            "create",
            "-volname",
            "Bloodsmear",
            "-srcfolder",
            str(app),
            "-ov",
            "-format",
            "UDZO",
            str(bundle.target),
        ]
    )
    profile = environment.get(PROFILE_VARIABLE, "")
    if identity and profile:
        _run(["xcrun", "notarytool", "submit", str(bundle.target), "--keychain-profile", profile, "--wait"])
        _run(["xcrun", "stapler", "staple", str(bundle.target)])


def _sign(app: Path, identity: str, work: Path) -> None:
    entitlements = work / "entitlements.plist"
    entitlements.write_bytes(plistlib.dumps(ENTITLEMENTS))
    code = [path for path in app.rglob("*") if path.is_file() and not path.is_symlink()]
    for path in signing_order(code, app):
        _run(sign_words(path, identity, entitlements))
    _run(["codesign", "--verify", "--deep", "--strict", str(app)])


def _run(words: Sequence[str]) -> None:
    if subprocess.run(words, check=False).returncode:
        raise InstallerError(f"{words[0]} failed; its message is above.")
