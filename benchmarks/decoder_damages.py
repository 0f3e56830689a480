"""What damage does to each compressed kind of decoders.py: refused, without effect, a different picture."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.decoder_kinds import ALL, KINDS, Kind, Pixels, smear
from bloodsmear.errors import ImageError
from bloodsmear.images.decode import DecodeLimits, decode_bytes
from bloodsmear.images.formats.reader_contract import DECODER

ANYWHERE = Path("anywhere")
LIMITS = DecodeLimits(pixels=1_000_000)
# One piece of a process' work, with random numbers of its own: what is found is found again.
AT_ONCE = 250
SEED = 11


@dataclass(frozen=True, slots=True)
class Plan:
    """`kinds` by name, `wanted` damages of each, a file that keeps what is counted (None: none), how many at once."""

    kinds: Sequence[str]
    wanted: int
    results: Path | None
    processes: int


def damage_kinds(plan: Plan) -> list[str]:
    """Count and print; the faults in words."""
    print("\n| kind | flipped bits | cuts | zeroed blocks of 300 bytes and more |\n|---|---|---|---|")
    faults: list[str] = []
    known = _known(plan.results)
    with ProcessPoolExecutor(plan.processes) as pool:
        for kind in (kind for kind in KINDS if kind.tells and kind.name in plan.kinds):
            cells = []
            for damage in ALL:
                row = _row_name(kind, damage, plan.wanted)
                outcome = known.get(row)
                if outcome is None:
                    pieces = pool.map(_count, *zip(*_pieces(kind.name, damage, plan.wanted), strict=True))
                    outcome = sum(pieces, Counter[str]())
                    _keep(plan.results, row, outcome)
                cells.append(_cell(kind, damage, outcome))
                faults += _faults(kind, damage, outcome)
            print(f"| {kind.name} | {' | '.join(cells)} |", flush=True)
    return faults


def _cell(kind: Kind, damage: str, outcome: Counter[str]) -> str:
    told = "" if damage in kind.tells or not outcome["different"] else ": cannot tell"
    return f"{outcome['refused']:,} ({outcome['different']:,}{told})"


def _faults(kind: Kind, damage: str, outcome: Counter[str]) -> Iterator[str]:
    if outcome["different"] and damage in kind.tells:
        places = ", ".join(sorted(name for name in outcome if name.startswith("piece ")))
        yield (
            f"fault: {outcome['different']} pictures after {damage} in {kind.name} are different with status ok"
            f" ({places})"
        )


def _pieces(kind: str, damage: str, wanted: int) -> Iterator[tuple[str, str, int, int]]:
    of_each = -(-wanted // len(ALL))
    for piece in range(-(-of_each // AT_ONCE)):
        yield kind, damage, piece, min(AT_ONCE, of_each - piece * AT_ONCE)


def _count(name: str, damage: str, piece: int, number: int) -> Counter[str]:
    """The outcomes of one piece; where pictures are different also its number, by which they are made again."""
    kind = next(kind for kind in KINDS if kind.name == name)
    content = kind.make(_picture())
    whole = decode_bytes(content, ANYWHERE).pixels
    random = np.random.default_rng([SEED, KINDS.index(kind), ALL.index(damage), piece])
    outcome = Counter(outcome_of(damaged(content, damage, random), whole) for _ in range(number))
    if outcome["different"]:
        outcome[f"piece {piece}"] = outcome["different"]
    return outcome


def _picture() -> Pixels:
    return smear(160, 128)


def damaged(content: bytes, damage: str, random: np.random.Generator) -> bytes:
    """In the second half of the file, where none of these kinds has its header."""
    if damage == "cuts":
        return content[: int(random.integers(len(content) // 2, len(content) - 1))]
    if damage == "zeroes":
        length = min(int(random.integers(300, 2048)), len(content) // 4)
        at = int(random.integers(len(content) // 2, len(content) - length))
        return content[:at] + bytes(length) + content[at + length :]
    changed = bytearray(content)
    for place in random.integers(len(content) // 2, len(content), int(random.integers(1, 9))):
        changed[place] ^= 1 << int(random.integers(0, 8))
    return bytes(changed)


def outcome_of(content: bytes, whole: Pixels) -> str:
    """`refused`, `equal` to the whole picture, or `different` with status ok."""
    try:
        pixels = decode_bytes(content, ANYWHERE, LIMITS).pixels
    except ImageError:
        return "refused"
    return "equal" if pixels.shape == whole.shape and (pixels == whole).all() else "different"


def _row_name(kind: Kind, damage: str, wanted: int) -> str:
    """What a count is of: another decoder or another file makes it anew."""
    content = hashlib.sha256(kind.make(_picture())).hexdigest()[:16]
    return f"{kind.name}, {damage}, {wanted}, file {content}, decoder {DECODER}"


def _known(results: Path | None) -> dict[str, Counter[str]]:
    if results is None or not results.exists():
        return {}
    lines = [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()]
    return {line["of"]: Counter(line["outcome"]) for line in lines}


def _keep(results: Path | None, row: str, outcome: Counter[str]) -> None:
    if results is not None:
        line: dict[str, Any] = {"of": row, "outcome": dict(outcome)}
        with results.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
