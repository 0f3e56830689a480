"""Which files were downloaded once, by their sha256: the first is believed, another one later is refused."""

import datetime
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bloodsmear.errors import DownloadError
from bloodsmear.json_file import read_json, write_json


class Downloaded(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file that was taken over: its sha256 (hex), its size, and the day (UTC, YYYY-MM-DD)."""

    sha256: str
    bytes: int
    date: str


@dataclass(frozen=True, slots=True)
class DownloadRecord:
    """The record in `file`: a published network's id → what was downloaded."""

    file: Path

    def require_same(self, network_id: str, sha256: str) -> None:
        """DownloadError when another file was taken over under this id before, or the record cannot be read."""
        known = self._read().get(network_id)
        if known is not None and known.sha256 != sha256:
            raise DownloadError(
                f"The file of {network_id} has changed since {known.date} (its sha256 begins with {sha256[:12]}, "
                f"it was {known.sha256[:12]}), so it is not added. Ask the reference project whether they changed it; "
                f"if so, take {network_id} out of {self.file} and download it again."
            )

    def keep(self, network_id: str, sha256: str, size: int) -> None:
        """Remember the first file of this id. DownloadError when it cannot be kept."""
        known = self._read()
        if network_id in known:
            return
        today = datetime.datetime.now(datetime.UTC).date().isoformat()
        known = {**known, network_id: Downloaded(sha256, size, today)}
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            write_json(self.file, known)
        except OSError as error:
            raise DownloadError(
                f"{self.file} cannot be written ({error.strerror}), so a later change of the file would not be seen; "
                "it is not added. Make room or give permission."
            ) from error

    def _read(self) -> dict[str, Downloaded]:
        try:
            return read_json(self.file, dict[str, Downloaded])
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise DownloadError(
                f"The record of downloads {self.file} cannot be read ({error}). Repair it, or delete it: then "
                "the next download counts as the first."
            ) from error
