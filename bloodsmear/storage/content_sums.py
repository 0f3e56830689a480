"""What a study holds beside its events, as sums that change with every row: so the chain covers it (docs/adr/0027).

A sum adds up one number for each row, so that a write costs only the rows that it touches. What somebody else changed
stays in the difference between the sum that is kept and the rows, however much the program writes afterwards.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Literal

from bloodsmear.storage.database import Read, Row, Statement
from bloodsmear.storage.event_chain import Break
from bloodsmear.storage.schema import knows_cameras, knows_decoders, knows_scales, knows_stated_scales

Part = Literal["setup", "images", "answers"]
PARTS: tuple[Part, ...] = ("setup", "images", "answers")
Sums = dict[Part, int]
# 128 bits for each part: far more than chance needs, and whoever means harm can compute them anew anyhow.
_DIGITS = 32
_MODULUS = 1 << 4 * _DIGITS
NOTHING = "-".join("0" * _DIGITS for _ in PARTS)
_SETUP = (
    "SELECT 'head', root, folders, check_denoised, app_version, created_at FROM head",
    "SELECT 'classifier', position, id, name, version_mark, model_sha256, label_keys FROM classifiers",
)
_IMAGES = (
    'SELECT image, "case", listed, status, error, sha256, width_px, height_px, '
    "sharpness, dark_share, bright_share, screened_at FROM images"
)
_ANSWERS = (
    "SELECT images.image, id, version_mark, model_sha256, denoised, probabilities, feature_distance, "
    "unlike_training FROM predictions JOIN images ON images.key = predictions.image "
    "JOIN classifiers ON classifiers.key = predictions.classifier"
)
# Of format 4. What is not set has no row here, so that the sums of an older file stay true when it is brought forward.
_CAMERA = "SELECT 'camera', camera_bits FROM head WHERE camera_bits <> 0"
_PROFILES = "SELECT image, 'colour profile', colour_profile FROM images WHERE colour_profile <> ''"
# Of format 5, likewise.
_DECODERS = "SELECT image, 'decoder', decoder FROM images WHERE decoder <> 0"
# Of format 7, likewise.
_STATED = "SELECT image, 'scale', um_per_px FROM images WHERE um_per_px IS NOT NULL"
# Of format 6, likewise.
_SCALES = "SELECT 'scales', scales FROM head WHERE scales <> '[]'"
_WHAT = {
    "setup": "The folders or the classifiers that the study names were changed outside of Bloodsmear.",
    "images": "The study's list of images was changed outside of Bloodsmear: a name, case, sha256 or state of one.",
    "answers": "What classifiers answered was changed outside of Bloodsmear.",
}


def sums_of(read: Read, parts: Sequence[Part] = PARTS, image: str | None = None) -> Sums:
    """The sums over the rows that are there now; of one `image`, its own rows alone (and no setup)."""
    where, of = (" WHERE images.image = ?", (image,)) if image is not None else ("", ())
    later, images = knows_cameras(read), [_IMAGES + where]
    if later:
        images.append(_PROFILES + where.replace("WHERE", "AND"))
    if knows_decoders(read):
        images.append(_DECODERS + where.replace("WHERE", "AND"))
    if knows_stated_scales(read):
        images.append(_STATED + where.replace("WHERE", "AND"))
    setup = [*_SETUP, *([_CAMERA] if later else ()), *([_SCALES] if knows_scales(read) else ())]
    queries: dict[Part, tuple[str, ...]] = {
        "setup": tuple(setup),
        "images": tuple(images),
        "answers": (_ANSWERS + where,),
    }
    return {
        part: sum(_number(row) for sql in queries[part] for row in read(sql, () if part == "setup" else of))
        % _MODULUS
        for part in parts
    }


def counted(
    read: Read, statements: Sequence[Statement], parts: Sequence[Part], image: str | None = None
) -> Iterator[Statement]:
    """The statements, and after them the one that moves the kept sums by what the statements changed."""
    before = sums_of(read, parts, image)
    yield from statements
    after = sums_of(read, parts, image)
    kept = read("SELECT content FROM event_head", ())
    sums = _parsed(kept[0][0]) if kept else None
    # What is damaged stays so, and shows.
    if sums is not None:
        moved = {part: (sums[part] + after.get(part, 0) - before.get(part, 0)) % _MODULUS for part in PARTS}
        yield Statement("UPDATE event_head SET content = ?", [(text_of(moved),)])


def text_of(sums: Sums) -> str:
    """The sums as they stand in the head and in events."""
    return "-".join(f"{sums[part]:0{_DIGITS}x}" for part in PARTS)


def breaks_of(read: Read, kept: object) -> tuple[Break, ...]:
    """The parts whose rows don't fit the kept sums. Their difference stays what it is until somebody changes more."""
    sums = _parsed(kept)
    if sums is None:
        digest = hashlib.sha256(repr(kept).encode()).hexdigest()
        return (Break(f"sums {digest[:16]}", "The study's own sums of what it holds are damaged."),)
    now = sums_of(read)
    return tuple(
        Break(f"{part} {(now[part] - sums[part]) % _MODULUS:x}", _WHAT[part])
        for part in PARTS
        if now[part] != sums[part]
    )


def _parsed(text: object) -> Sums | None:
    parts = text.split("-") if isinstance(text, str) else []
    if [len(part) for part in parts] != [_DIGITS] * len(PARTS):
        return None
    try:
        return {name: int(digits, 16) for name, digits in zip(PARTS, parts, strict=True)}
    except ValueError:
        return None


def _number(row: Row) -> int:
    # Bytes, which the program never writes, count by their digits.
    canonical = json.dumps(row, separators=(",", ":"), default=bytes.hex)
    return int.from_bytes(hashlib.sha256(canonical.encode("ascii")).digest()[: _DIGITS // 2])
