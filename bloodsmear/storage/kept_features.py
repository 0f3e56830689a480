"""What teaching computed of a study's images, kept so that it is computed once: a cache that travels with the study."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence

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
_SELECT = (
    "SELECT images.image, features.sha256, numbers, digest FROM features "
    "JOIN images ON images.key = features.image WHERE made_by = ? AND features.image IN "
)
_KEYS = "SELECT key FROM images JOIN features ON features.image = images.key WHERE made_by = ? ORDER BY key"
# The sha256 of a file's bytes, and which of its pictures it is: all pages of a TIFF have the same bytes.
PictureKey = tuple[str, int]
# SQLite allows 999 parameters, and one answer 64 MB.
_CHUNK = 500


class KeptFeatures:
    """The features in one study's file. `made_by` says what made them: network, version, and how images are decoded.

    Every failure is a StudyError.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, made_by: str) -> Mapping[PictureKey, bytes]:
        """By the picture; what does not fit its own digest is left out, so it is made anew."""
        return dict(self._rows(made_by)) if knows_features(self._database.read) else {}

    def keep(self, made_by: str, rows: Sequence[tuple[str, str, bytes]]) -> None:
        """Keep (image, sha256, numbers), in place of what something else had made of the image."""
        kept = [
            (made_by, sha256, numbers, _digest(made_by, sha256, numbers), image)
            for image, sha256, numbers in rows
        ]
        forget = [(made_by, image) for image, _, _ in rows]
        self._database.write([Statement(_FORGET_OLDER, forget), Statement(_KEEP, kept)])

    def _rows(self, made_by: str) -> Iterator[tuple[PictureKey, bytes]]:
        keys = [row[0] for row in self._database.read(_KEYS, (made_by,))]
        for start in range(0, len(keys), _CHUNK):
            some = keys[start : start + _CHUNK]
            marks = ",".join("?" * len(some))
            read = self._database.read(f"{_SELECT}({marks})", (made_by, *some))
            for image, sha256, numbers, digest in read:
                # Bytes are what the program writes; anything else fits no digest.
                if isinstance(numbers, bytes) and digest == _digest(made_by, str(sha256), numbers):
                    yield (str(sha256), page_of(str(image))), numbers


def _digest(made_by: str, sha256: str, numbers: bytes) -> str:
    return hashlib.sha256(f"{made_by}\n{sha256}\n".encode() + numbers).hexdigest()
