"""Build the programs that need no Python, and their installers, on a machine that has only Python.

python3 build_scripts/build.py                       both editions, one after the other
python3 build_scripts/build.py review                one of them: review, full
python3 build_scripts/build.py review --target DIR   the files go to DIR (left out: dist/)
python3 build_scripts/build.py full --quick          packed quickly, so as to try the build: its files are larger

On each system it makes what that system installs: Windows a setup.exe (NSIS must be installed), macOS a .dmg, Linux a
tar.gz and a .deb. docs/release.md says more.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "build.txt"
WORK = ROOT / "build"
EDITIONS = ("review", "full")
# As many as PyInstaller and the lock's wheels serve.
OLDEST_PYTHON, NEWEST_PYTHON = (3, 11), (3, 13)


class BuildError(Exception):
    """The build cannot begin; the text is a sentence that says what to do."""


def main(arguments: list[str]) -> int:
    """Build what was asked for; the exit status."""
    parser = argparse.ArgumentParser(description="Build Bloodsmear's programs and installers.")
    parser.add_argument("editions", nargs="*", metavar="EDITION", help="review, full; left out: both")
    parser.add_argument("--work", type=Path, default=WORK, help="where the environment and the rest go")
    parser.add_argument(
        "--target", type=Path, default=ROOT / "dist", help="where the files go that are handed on"
    )
    parser.add_argument("--quick", action="store_true", help="pack quickly, for trying the build (Linux)")
    words = parser.parse_args(arguments)
    unknown = set(words.editions) - set(EDITIONS)
    if unknown:
        parser.error(f"no such edition: {', '.join(sorted(unknown))}")
    try:
        python = ensure_environment(words.work.absolute() / "environment")
        for edition in words.editions or EDITIONS:
            places = [str(words.work.absolute() / edition), str(words.target.absolute())]
            status = run_pipeline(python, [edition, *places, *(["--quick"] if words.quick else [])])
            if status:
                return status
    except BuildError as error:
        print(f"build.py: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("build.py: stopped.", file=sys.stderr)
        return 130
    return 0


def ensure_environment(place: Path) -> Path:
    """An environment with the locked packages, made where it is not there or another lock's; its Python. BuildError."""
    if not OLDEST_PYTHON <= sys.version_info[:2] <= NEWEST_PYTHON:
        raise BuildError("Python 3.11, 3.12 or 3.13 is needed, because the locked packages come for those.")
    python = place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    stamp = place / "set-up-finished"
    wanted = f"{sys.version_info[:2]} {hashlib.sha256(LOCK.read_bytes()).hexdigest()}"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    print(f"making {place} (about 2 GB)", flush=True)
    venv.EnvBuilder(clear=True, with_pip=True).create(place)
    install = [
        str(python),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--require-hashes",
        "--no-deps",
        "-r",
        str(LOCK),
    ]
    if subprocess.run(install, env={**os.environ, "PIP_USER": "0"}, check=False).returncode:
        raise BuildError("pip could not install the locked packages; its message is above.")
    stamp.write_text(wanted, encoding="utf-8")
    return python


def run_pipeline(python: Path, words: list[str]) -> int:
    """Build the edition that the words begin with in that environment; the exit status."""
    print(f"== {words[0]}", flush=True)
    # Nothing of another Python, and no compiled files beside the sources, which would be looked at as parts.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"}
    environment["PYTHONPATH"] = os.pathsep.join((str(ROOT / "build_scripts"), str(ROOT)))
    call = [str(python), "-m", "freeze.pipeline", *words]
    return subprocess.run(call, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
