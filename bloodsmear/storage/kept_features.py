"""What teaching computed of a study's images, kept so that it is computed once: a cache that travels with the study."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from bloodsmear.images.image_names import page_of
from bloodsmear.storage.database import Database, Statement
from bloodsmear.storage.schema import knows_features

_KEEP = (
    "INSERT OR REPLACE INTO features (image, made_by, sha256, numbers, digest) "
    "SELECT key, ?, ?, ?, ? FROM images WHERE image = ?"
)
# Rows of other bytes or other pixels than those that are there now would only grow the file.
_FORGET_OLDER = (
    "DELETE FROM features WHERE made_by <> ? AND image IN (SELECT key FROM images WHERE image = ?)"
)
_SELECT = "SELECT image, sha256, numbers, digest FROM features WHERE made_by = ? AND image IN "
_THERE = (
    "SELECT key, images.image, features.sha256 FROM images JOIN features ON features.image = images.key "
    "WHERE made_by = ? ORDER BY key"
)
# The sha256 of a file's bytes, and which of its pictures it is: all pages of a TIFF have the same bytes.
PictureKey = tuple[str, int]
# SQLite allows 999 parameters, and one answer 64 MB.
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class FeatureRow:
    """What was computed of an image whose bytes have this sha256 (hex).

    `made_by` says what made the `numbers`: network, version, and how images are decoded.
    """

    made_by: str
    sha256: str
    numbers: bytes


class KeptFeatures:
    """The features in one study's file. Every failure is a StudyError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, made_by: str, wanted: Collection[PictureKey]) -> Mapping[PictureKey, bytes]:
        """What is kept of these pictures; what does not fit its own digest is left out, so it is made anew."""
        return dict(self._rows(made_by, wanted)) if knows_features(self._database.read) else {}

    def keep(self, rows: Mapping[str, FeatureRow]) -> None:
        """Keep the rows of these images, in place of what something else had made of them."""
        self._database.write(statements_for(rows))

    def _rows(self, made_by: str, wanted: Collection[PictureKey]) -> Iterator[tuple[PictureKey, bytes]]:
        # Of ten thousand images some dozens may be decided: the others' numbers stay in the file.
        there = {
            key: (str(sha256), page_of(str(image)))
            for key, image, sha256 in self._database.read(_THERE, (made_by,))
        }
        keys = [key for key, picture in there.items() if picture in wanted]
        for start in range(0, len(keys), _CHUNK):
            some = keys[start : start + _CHUNK]
            marks = ",".join("?" * len(some))
            for key, sha256, numbers, digest in self._database.read(f"{_SELECT}({marks})", (made_by, *some)):
                # Bytes are what the program writes; anything else fits no digest.
                if isinstance(numbers, bytes) and digest == _digest(made_by, str(sha256), numbers):
                    yield there[key], numbers


def statements_for(rows: Mapping[str, FeatureRow]) -> list[Statement]:
    """What to write so that these are the images' rows."""
    kept = [
        (row.made_by, row.sha256, row.numbers, _digest(row.made_by, row.sha256, row.numbers), image)
        for image, row in rows.items()
    ]
    forget = [(row.made_by, image) for image, row in rows.items()]
    return [Statement(_FORGET_OLDER, forget), Statement(_KEEP, kept)]


def _digest(made_by: str, sha256: str, numbers: bytes) -> str:
    return hashlib.sha256(f"{made_by}\n{sha256}\n".encode() + numbers).hexdigest()
