"""The files of a classifier's folder, as its card lists them."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from bloodsmear.classifiers.card import CardFile


def listed(folder: Path, names: Sequence[str]) -> tuple[CardFile, ...]:
    """The entries of a card for files of its folder. Raises OSError."""
    contents = ((name, (folder / name).read_bytes()) for name in names)
    return tuple(
        CardFile(name=name, sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))
        for name, content in contents
    )
