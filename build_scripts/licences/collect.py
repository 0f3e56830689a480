"""From what was bundled to the parts that it consists of: every file is somebody's, or the build stops."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

from licences.parts import Bundled, LicenceError, Part, require_harmless
from licences.python_parts import TEXTS, PythonPackages, part_of
from licences.system_parts import is_gccs_for_windows, is_microsofts, part_of_system

ROOT = Path(__file__).resolve().parents[2]
_MOST_NAMED = 10


def read_bundled(record: Path) -> Bundled:
    """What the spec wrote down. Raises OSError, ValueError."""
    content = json.loads(record.read_text(encoding="utf-8"))
    return Bundled(content["files"], content["modules"])


def collect_parts(bundled: Bundled, work: Path) -> list[Part]:
    """Every part of somebody else in a bundle, by name. `work` is PyInstaller's own folder. LicenceError."""
    parts = [*claimed(bundled, work), _python(), _bootloader()]
    parts = _each_once(parts)
    require_harmless(parts)
    return parts


def claimed(bundled: Bundled, work: Path) -> list[Part]:
    """The parts that bring the bundled files. LicenceError where nobody claims one."""
    packages = PythonPackages(distributions())
    destinations: defaultdict[str, list[str]] = defaultdict(list)
    owners: dict[str, Distribution] = {}
    system: dict[str, str] = {}
    runtimes: dict[str, Part] = {}
    unclaimed = []
    for destination, source in [*bundled.files.items(), *bundled.modules.items()]:
        owner, name = packages.of(source), Path(source).name
        # Whoever's wheel brings them.
        if is_microsofts(name):
            runtimes["Microsoft"] = _microsofts()
        elif is_gccs_for_windows(name):
            runtimes["GCC"] = _gccs_for_windows()
        elif owner is not None:
            owners[owner.name] = owner
            destinations[owner.name].append(destination)
        elif source.startswith(("/lib", "/usr/lib")) and ".so" in name:
            system[name] = source
        elif not _is_known(source, work):
            unclaimed.append(destination)
    if unclaimed:
        raise LicenceError(
            f"Nobody claims {', '.join(unclaimed[:_MOST_NAMED])}: {len(unclaimed)} bundled files."
        )
    # Of PyInstaller itself only the bootloader and its loaders are bundled, which its exception lets go.
    owners.pop("pyinstaller", None)
    parts = [part_of(owner, destinations[name]) for name, owner in owners.items()]
    parts += [part_of_system(source) for source in system.values()]
    return [*parts, *runtimes.values()]


def _is_known(source: str, work: Path) -> bool:
    """Ours, Python's own, or made by PyInstaller from those; or a link to another file of the bundle."""
    path = Path(source)
    if not path.is_absolute() or source in ("", "-"):
        return True
    places = (ROOT, work.resolve(), Path(sys.base_prefix).resolve())
    return any(path.resolve().is_relative_to(place) for place in places) and "site-packages" not in path.parts


def _python() -> Part:
    number = sys.version.split()[0]
    candidates = [*Path(sys.base_prefix).rglob("LICENSE.txt"), Path("/usr/share/doc/python3/copyright")]
    own = [path for path in candidates if path.is_file() and "site-packages" not in path.parts]
    return Part("Python", number, "PSF-2.0", tuple(own[:1]), purl=f"pkg:generic/python@{number}")


def _bootloader() -> Part:
    described = part_of(distribution("pyinstaller"))
    licence = "GPL-2.0-or-later WITH Bootloader-exception"
    return Part("PyInstaller bootloader", described.version, licence, described.texts, purl=described.purl)


def _microsofts() -> Part:
    text = TEXTS / "Microsoft-runtime.txt"
    return Part(
        "Microsoft Visual C++ runtime",
        "as it came with Python",
        "LicenseRef-Microsoft-redistributable",
        (text,),
    )


def _gccs_for_windows() -> Part:
    licence = "GPL-3.0-or-later WITH GCC-exception-3.1 AND MIT AND BSD-3-Clause"
    texts = tuple(TEXTS / name for name in ("GPL-3.0.txt", "GCC-exception-3.1.txt", "winpthreads.txt"))
    return Part("GCC runtime with winpthreads", "as it came with a package", licence, texts)


def _each_once(parts: list[Part]) -> list[Part]:
    """One part for each name and version: GLib is three libraries."""
    once: dict[tuple[str, str], Part] = {}
    for part in parts:
        once.setdefault((part.name.casefold(), part.version), part)
    return [once[key] for key in sorted(once)]
