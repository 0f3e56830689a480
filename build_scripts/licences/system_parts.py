"""Libraries of the system that a frozen program brings along: whose they are, and under which licence."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from licences.parts import LicenceError, Part

_X = "MIT"
_LGPL = "LGPL-2.1-or-later"
# By the beginning of the file's name, in small letters: the project, and the licence of the library itself (that of its
# project's other programs may differ). A library that is not here stops the build until somebody has looked.
LIBRARIES: tuple[tuple[str, str, str], ...] = (
    ("libbrotli", "Brotli", "MIT"),
    ("libbsd", "libbsd", "BSD-3-Clause"),
    ("libbz2", "bzip2", "bzip2-1.0.6"),
    ("libcap", "libcap", "BSD-3-Clause OR GPL-2.0-only"),
    ("libcom_err", "e2fsprogs", "MIT"),
    ("libcrypto", "OpenSSL", "Apache-2.0"),
    ("libdbus-1", "D-Bus", "AFL-2.1 OR GPL-2.0-or-later"),
    ("libexpat", "Expat", "MIT"),
    ("libffi", "libffi", "MIT"),
    ("libfontconfig", "Fontconfig", "HPND-sell-variant"),
    ("libfreetype", "FreeType", "FTL OR GPL-2.0-only"),
    ("libgcc_s", "GCC runtime", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    ("libgcrypt", "Libgcrypt", _LGPL),
    ("libglib-2.0", "GLib", _LGPL),
    ("libgmodule-2.0", "GLib", _LGPL),
    ("libgobject-2.0", "GLib", _LGPL),
    ("libgpg-error", "Libgpg-error", _LGPL),
    ("libgssapi_krb5", "Kerberos", "MIT"),
    ("libgthread-2.0", "GLib", _LGPL),
    ("libjpeg", "libjpeg-turbo", "IJG AND BSD-3-Clause AND Zlib"),
    ("libk5crypto", "Kerberos", "MIT"),
    ("libkeyutils", "keyutils", _LGPL),
    ("libkrb5", "Kerberos", "MIT"),
    ("liblz4", "LZ4", "BSD-2-Clause"),
    ("liblzma", "XZ Utils", "0BSD"),
    ("libmd", "libmd", "BSD-3-Clause"),
    ("libpcre2", "PCRE2", "BSD-3-Clause"),
    ("libpng16", "libpng", "libpng-2.0"),
    ("libsqlite3", "SQLite", "blessing"),
    ("libssl", "OpenSSL", "Apache-2.0"),
    ("libstdc++", "GCC runtime", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    ("libsystemd", "systemd", _LGPL),
    ("libuuid", "util-linux libuuid", "BSD-3-Clause"),
    ("libx11", "libX11", _X),
    ("libxau", "libXau", _X),
    ("libxcb", "XCB", _X),
    ("libxdmcp", "libXdmcp", _X),
    ("libxext", "libXext", _X),
    ("libxkbcommon", "libxkbcommon", _X),
    ("libxrender", "libXrender", _X),
    ("libz.", "zlib", "Zlib"),
    ("libzstd", "Zstandard", "BSD-3-Clause OR GPL-2.0-only"),
)
# Microsoft's runtime comes with Python's installer, and may be handed on with programs that need it.
_MICROSOFT = re.compile(r"(vcruntime|msvcp|concrt|vcomp|ucrtbase|api-ms-win-).*\.dll$", re.IGNORECASE)
# GCC's runtime as MinGW makes it for Windows, which wheels carry with a digest in the name: libstdc++-6-110c9d51….dll.
_GCC = re.compile(r"(libgcc_s_seh|libstdc\+\+|libwinpthread)-.*\.dll$", re.IGNORECASE)
_DOCUMENTATION = Path("/usr/share/doc")


def project_of(file_name: str) -> tuple[str, str] | None:
    """The project and the licence of a library of the system, by its file's name; None for one nobody looked at."""
    name = file_name.lower()
    return next(((project, licence) for start, project, licence in LIBRARIES if name.startswith(start)), None)


def is_microsofts(file_name: str) -> bool:
    """Whether a file is part of Microsoft's C runtime."""
    return _MICROSOFT.match(file_name) is not None


def is_gccs_for_windows(file_name: str) -> bool:
    """Whether a file is part of GCC's runtime for Windows."""
    return _GCC.match(file_name) is not None


def part_of_system(source: str) -> Part:
    """A Debian library as a part: version and copyright file by its package. LicenceError where one is unknown."""
    known = project_of(Path(source).name)
    if known is None:
        raise LicenceError(f"{source} is not a library that build_scripts/licences/system_parts.py knows.")
    package = _package_of(Path(source))
    copyright_file = _DOCUMENTATION / package / "copyright"
    texts = (copyright_file,) if copyright_file.is_file() else ()
    version = _said_by("dpkg-query", "--showformat=${Version}", "--show", package)
    return Part(known[0], version, known[1], texts, purl=f"pkg:deb/debian/{package}@{version}")


def _package_of(library: Path) -> str:
    # Debian's lists know a file by the path before /lib became a link to /usr/lib, or by the one after.
    for path in dict.fromkeys(
        (str(library), str(library.resolve()), str(library.resolve()).removeprefix("/usr"))
    ):
        said = _said_by("dpkg-query", "--search", path)
        if said:
            return said.split(":")[0]
    raise LicenceError(
        f"{library} belongs to no package of this system; build on one whose packages are known."
    )


def _said_by(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
