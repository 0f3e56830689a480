"""Python packages as parts: which of them a bundled file belongs to, by the package's own record."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import Distribution
from pathlib import Path

from licences.parts import Part

TEXTS = Path(__file__).parent / "texts"
_APACHE = Path(__file__).resolve().parents[2] / "LICENSE"
_TEXT_NAMES = re.compile(r"(LICEN[CS]E|COPYING|NOTICE|3RD.?PARTY|THIRD.?PARTY)", re.IGNORECASE)
_NO_TEXTS = (".py", ".pyc", ".h", ".hpp")
# A licence of several to choose from, where one was chosen (docs/adr/0003). Of the hooks only those for run time are
# bundled, and these are under the other of their two licences.
_CHOSEN = {
    # Its own code, and libheif and libde265, which its wheels carry as libraries beside it.
    "pi_heif": "BSD-3-Clause AND LGPL-3.0-only",
    "pyinstaller_hooks_contrib": "Apache-2.0",
    "pyside6_essentials": "LGPL-3.0-only",
    "shiboken6": "LGPL-3.0-only",
}
# Packages whose archives lack the text that their licence asks for.
_LGPL = (TEXTS / "LGPL-3.0.txt", TEXTS / "GPL-3.0.txt")
_TEXTS_FOR = {
    "pyside6_essentials": _LGPL,
    "shiboken6": _LGPL,
    "pi_heif": _LGPL,
    "flatbuffers": (_APACHE,),
    "tensorboard_data_server": (_APACHE,),
}
# Packages that say their licence in their text alone.
_SAID_IN_THE_TEXT = {"namex": "Apache-2.0"}
_LONGEST_LICENCE_NAME = 60
_CLASSIFIER = "License :: OSI Approved :: "


class PythonPackages:
    """The installed packages; `of(source)` is the one that a file on the disk belongs to."""

    def __init__(self, distributions: Iterable[Distribution]) -> None:
        self._by_file: dict[str, Distribution] = {}
        for distribution in distributions:
            for file in distribution.files or ():
                self._by_file[str(Path(str(distribution.locate_file(file))).resolve())] = distribution

    def of(self, source: str) -> Distribution | None:
        """The package of a file; None where none has it in its record."""
        return self._by_file.get(str(Path(source).resolve()))


def part_of(distribution: Distribution, bundled: Iterable[str] = ()) -> Part:
    """A package as a part. `bundled` are destinations of its files: libraries of others among them are named."""
    key = _key(distribution.name)
    files = [Path(str(distribution.locate_file(file))) for file in distribution.files or ()]
    # A licence folder's files count whatever they are called; a record may list what is not there.
    found = [
        path
        for path in files
        if (_TEXT_NAMES.search(path.name) or {"licenses", "licensing"} & set(path.parts))
        and path.suffix.lower() not in _NO_TEXTS
        and path.is_file()
    ]
    texts = (*found, *_TEXTS_FOR.get(key, ()))
    return Part(
        name=distribution.name,
        version=distribution.version,
        licence=_CHOSEN.get(key) or licence_of(distribution) or _SAID_IN_THE_TEXT.get(key, ""),
        texts=texts,
        contains=_libraries_of_others(bundled),
        purl=f"pkg:pypi/{distribution.name.lower().replace('_', '-')}@{distribution.version}",
    )


def licence_of(distribution: Distribution) -> str:
    """A package's licence, as an expression where it has one, else by its name or classifier; empty without any."""
    metadata = distribution.metadata
    if "License-Expression" in metadata:
        return str(metadata["License-Expression"])
    said = " ".join(str(metadata["License"]).split()) if "License" in metadata else ""
    if said and len(said) <= _LONGEST_LICENCE_NAME:
        return said.removeprefix("OSI Approved :: ")
    classifiers = metadata.get_all("Classifier") or []
    return " AND ".join(one.removeprefix(_CLASSIFIER) for one in classifiers if one.startswith(_CLASSIFIER))


def _libraries_of_others(destinations: Iterable[str]) -> tuple[str, ...]:
    """The libraries that a wheel carries beside its own: in `NAME.libs`, `.dylibs`, Qt's, or on Windows loose."""
    paths = (path.replace("\\", "/") for path in destinations)
    carried = (
        path
        for path in paths
        if re.search(r"(\.libs|\.dylibs|/Qt/lib)/", path) or re.fullmatch(r"[^/]+\.dll", path)
    )
    return tuple(sorted({re.split(r"[-.]", Path(path).name)[0] for path in carried}))


def _key(name: str) -> str:
    return re.sub(r"[-.]+", "_", name).lower()
