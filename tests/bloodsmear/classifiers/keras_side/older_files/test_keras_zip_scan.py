"""What is said of a .keras file that cannot be looked at."""

import errno
import os
from pathlib import Path

from bloodsmear.classifiers.keras_side.older_files.keras_zip_scan import trouble_sentence


def test_a_full_disk_is_not_told_as_a_damaged_file() -> None:
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    words = trouble_sentence(Path("model.keras"), full)
    assert "is full" in words
    assert "whole" not in words
    assert "not a whole" in trouble_sentence(Path("model.keras"), EOFError("cut"))
