"""From the checkout to files that are handed on. It runs in the build's own environment; build.py starts it.

python -m freeze.pipeline EDITION WORK TARGET [--quick] [--unpacked]     (build_scripts and the checkout on PYTHONPATH)
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from freeze.editions import EDITIONS, ROOT, Edition, file_stem, page_templates, system_name, version
from freeze.graphs import add_graphs
from freeze.left_out import still_there
from freeze.measure import bytes_below, files_below, megabytes, write_checksums
from freeze.of_windows import imports_of, lacking
from freeze.python_library import slim_python
from freeze.smoke_test import SmokeTestError, program_in, run_smoke_test
from freeze.version_resource import version_resource
from installers.icon import write_icons
from installers.linux import Package, write_deb, write_tar
from installers.macos import MacBundle, make_dmg
from installers.windows import SIGN_VARIABLE, InstallerError, WindowsInstaller, make_installer, sign_programs
from licences.collect import collect_parts, read_bundled
from licences.parts import LicenceError
from licences.write_licences import Release, write_licences

from bloodsmear.errors import BloodsmearError

SPEC = ROOT / "build_scripts" / "freeze" / "bloodsmear.spec"
# Whom to ask for source, in the written offer.
CONTACT_VARIABLE = "BLOODSMEAR_SOURCE_CONTACT"


@dataclass(frozen=True, slots=True)
class Build:
    """One build: what is built, the folder for what comes in between, the folder for what is handed on.

    `quick`: the files for Linux are packed quickly, and are larger. `unpacked`: nothing is packed.
    """

    edition: Edition
    work: Path
    target: Path
    quick: bool = False
    unpacked: bool = False

    @property
    def folder(self) -> Path:
        """The frozen programs."""
        return self.work / "frozen" / "Bloodsmear"

    @property
    def stem(self) -> str:
        """What files are called, without their ending."""
        return file_stem(self.edition, version(), system_name())


class BuildError(Exception):
    """The build cannot go on; the text says why."""


def build(wanted: Build) -> list[Path]:
    """Freeze, complete, test and pack; the files that are handed on. Raises the errors of the steps."""
    freeze(wanted)
    complete(wanted)
    run_smoke_test(wanted.folder)
    if wanted.unpacked:
        return []
    wanted.target.mkdir(parents=True, exist_ok=True)
    made = {"win32": _pack_for_windows, "darwin": _pack_for_macos}.get(sys.platform, _pack_for_linux)(wanted)
    for file in made:
        print(f"{file.name}: {megabytes(file.stat().st_size)}", flush=True)
    print(write_checksums(wanted.target), flush=True)
    return made


def freeze(wanted: Build) -> None:
    """Run PyInstaller in a fresh folder. BuildError."""
    if wanted.work.exists():
        shutil.rmtree(wanted.work)
    pyinstaller_work = wanted.work / "pyinstaller" / "bloodsmear"
    pyinstaller_work.mkdir(parents=True)
    write_icons(wanted.work / "icons")
    if sys.platform == "win32":
        resource = version_resource(version(), wanted.edition.title)
        (pyinstaller_work / "version.txt").write_text(resource, encoding="utf-8")
    places = ["--distpath", str(wanted.work / "frozen"), "--workpath", str(wanted.work / "pyinstaller")]
    words = [
        "-m",
        "PyInstaller",
        "--noconfirm",
        "--log-level",
        "WARN",
        *places,
        str(SPEC),
        "--",
        wanted.edition.key,
    ]
    if subprocess.run([sys.executable, *words], check=False).returncode:
        raise BuildError("PyInstaller failed; its message is above.")


def complete(wanted: Build) -> None:
    """Add graphs and licences, and see that nothing is inside that is to stay out, or lacks. Raises their errors."""
    inside = wanted.folder / "_internal"
    unwanted = still_there(files_below(inside))
    if unwanted:
        raise BuildError(
            f"{len(unwanted)} files are inside that are to be left out, the first is {unwanted[0]}."
        )
    absent = lacking(wanted.folder, imports_of) if sys.platform == "win32" else {}
    if absent:
        raise BuildError(f"Neither Windows 10 version 1903 nor the folder has what is loaded: {absent}.")
    for _source, templates in page_templates(wanted.edition):
        if not (inside / templates).is_dir():
            raise BuildError(f"The templates of a page are missing: {templates}.")
    slim_python(inside)
    add_graphs(inside / "models", program_in(wanted.folder, "bloodsmear-convert"))
    bundled = read_bundled(wanted.work / "pyinstaller" / "bloodsmear" / "bundled.json")
    parts = collect_parts(bundled, wanted.work)
    release = Release(version(), wanted.edition.title, os.environ.get(CONTACT_VARIABLE, ""))
    write_licences(wanted.folder / "licences", release, parts)
    print(
        f"{wanted.folder}: {megabytes(bytes_below(wanted.folder))}, {len(parts)} parts of others", flush=True
    )


def _pack_for_linux(wanted: Build) -> list[Path]:
    archive = wanted.target / f"{wanted.stem}.tar.xz"
    write_tar(wanted.folder, archive, wanted.stem, wanted.quick)
    # What arrives at the user's is what is tested: unpacked from the file that is handed on, in a folder with a space.
    unpacked = wanted.work / "a folder of a user"
    subprocess.run(
        ["tar", "--extract", "--file", str(archive), "--one-top-level=" + str(unpacked)], check=True
    )
    run_smoke_test(unpacked / wanted.stem)
    shutil.rmtree(unpacked)
    package = wanted.target / f"{wanted.stem}.deb"
    name = "bloodsmear" if wanted.edition.trains else "bloodsmear-review"
    description = Package(name, version(), bytes_below(wanted.folder), quick=wanted.quick)
    write_deb(wanted.folder, wanted.work / "icons" / "bloodsmear.png", package, description)
    return [archive, package]


def _pack_for_windows(wanted: Build) -> list[Path]:
    sign_command = os.environ.get(SIGN_VARIABLE, "")
    if sign_command:
        sign_programs(wanted.folder, sign_command)
    target = wanted.target / f"{wanted.stem}-setup.exe"
    icon = wanted.work / "icons" / "bloodsmear.ico"
    make_installer(
        WindowsInstaller(wanted.folder, icon, target, version(), wanted.edition.title, sign_command)
    )
    installed = wanted.work / "installed"
    # /D= is the last word and takes no quotes; the installer ends once everything is there.
    if subprocess.run(f'"{target}" /S /D={installed}', check=False).returncode:
        raise InstallerError("The installer failed; start it without /S to see why.")
    run_smoke_test(installed)
    subprocess.run(f'"{installed}\\Uninstall.exe" /S _?={installed}', check=True)
    return [target]


def _pack_for_macos(wanted: Build) -> list[Path]:
    target = wanted.target / f"{wanted.stem}.dmg"
    icon = wanted.work / "icons" / "bloodsmear.icns"
    make_dmg(MacBundle(wanted.folder, icon, wanted.work, target, version()))
    run_smoke_test(wanted.work / "Bloodsmear.app" / "Contents" / "MacOS")
    return [target]


def main(words: list[str]) -> int:
    """Build what the words say; the exit status."""
    edition, work, target, *how = words
    try:
        build(Build(EDITIONS[edition], Path(work), Path(target), "--quick" in how, "--unpacked" in how))
    except (BuildError, InstallerError, LicenceError, SmokeTestError, BloodsmearError, OSError) as error:
        print(f"build: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
