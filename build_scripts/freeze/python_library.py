"""Python's own shared library, which some builds of Python hand out with all that a debugger wants."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

_NAME = "libpython*.so*"


def slim_python(inside: Path, platform_name: str = sys.platform) -> int:
    """Take the debugging symbols out of Python's library in the frozen folder; the bytes that this saved.

    Only on Linux, and nothing where the system has no `strip`. The libraries of wheels are left alone: `auditwheel` has
    moved their parts, and what `strip` makes of such a file may no longer load. Raises OSError.
    """
    tool = shutil.which("strip") if platform_name == "linux" else None
    if tool is None:
        return 0
    saved = 0
    for library in inside.glob(_NAME):
        if library.is_symlink():
            continue
        before = library.stat().st_size
        # One that it cannot read stays as it is: it is larger, not wrong.
        subprocess.run([tool, "--strip-debug", str(library)], capture_output=True, check=False)
        saved += before - library.stat().st_size
    return saved
