"""The names that the search for unused code leaves out (pyproject.toml) are those that it would find."""

import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

from vulture import Vulture

ROOT = Path(__file__).resolve().parents[2]


def test_no_name_is_left_out_that_is_used_or_gone() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["vulture"]
    search = Vulture()
    search.scavenge([ROOT / path for path in wanted["paths"]])
    found = {item.name for item in search.get_unused_code()}

    left_out = wanted["ignore_names"]
    assert [name for name in left_out if not any(fnmatchcase(one, name) for one in found)] == []
