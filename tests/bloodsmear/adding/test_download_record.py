"""Which files were downloaded once."""

from pathlib import Path

import pytest

from bloodsmear.adding.download_record import DownloadRecord
from bloodsmear.errors import DownloadError


def test_a_damaged_record_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "downloads.json").write_text("{")
    with pytest.raises(DownloadError, match=r"downloads\.json cannot be read"):
        DownloadRecord(tmp_path / "downloads.json").require_same("unet-published", "0" * 64)
