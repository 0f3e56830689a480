"""Fetches a package's source by pip, and runs nothing of it: fetch_source.py NAME VERSION FOLDER. It says the path.

A program of its own because it asks pip for what pip's commands don't do; where pip changes, this fails and says so.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pip._internal.commands import create_command
from pip._vendor.packaging.specifiers import SpecifierSet


def fetch(name: str, version: str, folder: Path) -> Path:
    """Fetch it from where pip's settings say; its path."""
    command = create_command("download")
    with command.main_context():
        options, _ = command.parse_args([name])
        session = command.get_default_session(options)  # type: ignore[attr-defined]  # what `download` has
        finder = command._build_package_finder(options, session)  # type: ignore[attr-defined]  # as above
        best = finder.find_best_candidate(name, SpecifierSet(f"=={version}")).best_candidate
        if best is None:
            raise SystemExit(f"no package registry that pip asks has {name} {version}")
        answer = session.get(best.link.url_without_fragment)
        answer.raise_for_status()
        target = folder / str(best.link.filename)
        target.write_bytes(answer.content)
    return target


if __name__ == "__main__":
    print(fetch(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
