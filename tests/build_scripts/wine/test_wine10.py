"""Wine 10 is made once; where it cannot be had a sentence says so, and nothing is taken for it."""

import os
import sys
from pathlib import Path

import pytest
from wine.packages import SetUpError
from wine.run_log import RunLog
from wine.wine10 import MAKER, make_wine10, wine10


@pytest.mark.skipif(sys.platform == "win32", reason="it is made on Linux")
def test_what_failed_is_not_taken_for_it_and_what_is_there_is_not_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    place, maker, log = tmp_path / "wine", tmp_path / MAKER, RunLog(tmp_path / "runs.json", "install")
    maker.write_text("#!/bin/sh\nexit 1\n")
    maker.chmod(0o755)
    with pytest.raises(SetUpError, match="Wine 10 could not be had"):
        make_wine10(place, log)
    assert wine10(place) == {}

    maker.write_text('#!/bin/sh\nfor last; do :; done\nmkdir "$last"\n')
    assert make_wine10(place, log)["PATH"].startswith(f"{place / 'wine10' / 'programs'}:")
    maker.write_text("#!/bin/sh\nexit 1\n")
    assert make_wine10(place, log) == wine10(place)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert wine10(place) == {}
