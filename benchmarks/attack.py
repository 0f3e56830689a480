"""The program attacked anew: files with changed bits, studies with planted SQL, kills at random moments.

.venv/bin/python benchmarks/attack.py [--flips 5000] [--kills 60] [--seed 1] [--only studies,cards,…]

A row for each attack: how often it was tried, and whether it ended in a sentence (refused), was said by a check, or
changed nothing that is read. Three must be 0: errors of Python, acknowledged decisions that are lost, changes that
nobody was told. Everything lies in a temporary folder of its own. Exit status 1: one of the three is not 0.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from benchmarks.attack_bench import FAILURES, ROOT, Attack, Bench, Outcome, make_study, outcome_of
from benchmarks.attack_kills import KILLS
from bloodsmear import paths
from bloodsmear.adding.archive import pack_classifier, unpack_classifier
from bloodsmear.classifiers.card_file import parse_card
from bloodsmear.classifiers.graph_cache import _RECORD, _GraphRecord, _load_entry
from bloodsmear.classifiers.openvino_engine import GRAPH_BIN, GRAPH_XML, read_graph
from bloodsmear.settings import Settings, as_json, read_settings
from bloodsmear.storage.study_store import StudyStore

PLANTED = (
    "CREATE TRIGGER t AFTER INSERT ON events BEGIN UPDATE event_head SET events = 0; END",
    "CREATE TRIGGER t BEFORE INSERT ON events BEGIN SELECT RAISE(IGNORE); END",
    "CREATE VIEW v AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n",
    "CREATE TABLE more (x)",
    "CREATE INDEX i ON images (image || image)",
    "ALTER TABLE images ADD COLUMN made AS (zeroblob(1000000000))",
    "ALTER TABLE events RENAME TO other",
)
CHANGED = (
    "DELETE FROM events",
    "DELETE FROM events; UPDATE event_head SET events = 0",
    "DELETE FROM events WHERE number = 2",
    "UPDATE events SET decision = 'benign' WHERE number = 1",
    "UPDATE images SET listed = 0 WHERE image = '1.png'",
    "UPDATE images SET image = 'x.png' WHERE image = '7.png'",
    "UPDATE images SET sha256 = ''",
    "UPDATE predictions SET probabilities = '[0.9, 0.1]'",
    """UPDATE classifiers SET label_keys = '["pre_b", "benign"]'""",
    """UPDATE head SET folders = '["/"]'""",
    "PRAGMA user_version = 1",
    "PRAGMA user_version = 2",
)


def main(words: list[str]) -> int:
    """Carry the attacks out and print their outcomes; returns the exit status."""
    parser = argparse.ArgumentParser(description="Attack the program anew.")
    parser.add_argument("--flips", type=int, default=5000, help="changed bits for each kind of file (5000)")
    parser.add_argument("--kills", type=int, default=60, help="kills over all programs (60)")
    parser.add_argument("--seed", type=int, default=1, help="of the chance (1)")
    parser.add_argument("--only", default="", help=f"some of: {','.join(ATTACKS)}")
    parser.add_argument(
        "--graphs", type=Path, help="a folder cache/graphs of converted classifiers, to begin with"
    )
    asked = parser.parse_args(words)
    failed = 0
    print(f"{'attack':24} {'tried':>7} {'held':>7} {'seconds':>8}  how")
    with tempfile.TemporaryDirectory(prefix="bloodsmear-attack-", ignore_cleanup_errors=True) as scratch:
        paths.use_home(Path(scratch) / "home")
        if asked.graphs is not None:
            shutil.copytree(asked.graphs, paths.graph_cache())
        bench = Bench(Path(scratch), asked.flips, asked.kills, asked.seed)
        for name in asked.only.split(",") if asked.only else ATTACKS:
            began = time.monotonic()
            outcomes = Counter(_outcomes(ATTACKS[name], bench))
            bad = sum(outcomes[failure] for failure in FAILURES)
            failed += bad
            how = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
            tried = outcomes.total()
            print(f"{name:24} {tried:7} {tried - bad:7} {time.monotonic() - began:8.1f}  {how}", flush=True)
    print("Everything held." if not failed else f"{failed} did not hold.")
    return 1 if failed else 0


def _outcomes(attack: Attack, bench: Bench) -> Iterator[Outcome]:
    try:
        yield from attack(bench)
    except Exception:  # noqa: BLE001 - counted, and the next attack goes on
        traceback.print_exc()
        yield "python error"


# ---- studies


def told_by(path: Path) -> tuple[bool, list[object]]:
    """Whether the study's check finds it whole, and all that a report says of it."""
    with StudyStore.open_existing(path) as store:
        told: list[object] = [store.head, tuple(store.records()), tuple(store.listed_images())]
        told.append(store.events.readable())
        return store.events.check().whole, told


def flip_studies(bench: Bench) -> Iterator[Outcome]:
    """Each bit of a study may turn: refused, said, or nothing that is read has changed."""
    folder = bench.folder("flips")
    study = make_study(folder / "s.bloodsmear")
    _, before = told_by(study)
    damaged = folder / "d.bloodsmear"

    def look() -> Outcome:
        whole, now = told_by(damaged)
        if not whole:
            return "said"
        return "unchanged" if now == before else "silent"

    for content in bench.flipped(study.read_bytes()):
        damaged.write_bytes(content)
        yield outcome_of(look)
        for ending in ("-wal", "-shm", "-journal"):
            damaged.with_name(damaged.name + ending).unlink(missing_ok=True)


def plant_sql(bench: Bench) -> Iterator[Outcome]:
    """SQL in a study is refused before anything is read; what was changed by hand is said."""
    folder = bench.folder("planted")
    study = make_study(folder / "s.bloodsmear")
    for place, statements in enumerate((*PLANTED, *CHANGED)):
        copy = folder / f"{place}.bloodsmear"
        shutil.copyfile(study, copy)
        with closing(sqlite3.connect(copy)) as connection:
            connection.executescript(statements)
        yield outcome_of(lambda copy=copy: "silent" if told_by(copy)[0] else "said")  # type: ignore[misc]


def put_beside(bench: Bench) -> Iterator[Outcome]:
    """What lies beside a study: a journal that has another file deleted, and what is not a plain file."""
    folder = bench.folder("beside")
    other = folder / "other.doc"
    for ending in ("-journal", "-wal", "-shm"):
        for kind in ("names another", "link", "folder", *(() if sys.platform == "win32" else ("pipe",))):
            study = make_study(folder / f"{kind}{ending}.bloodsmear")
            beside = study.with_name(study.name + ending)
            other.write_bytes(b"years of work")
            if kind == "names another":
                beside.write_bytes(journal_that_names(study, other))
            elif kind == "link":
                beside.symlink_to(other)
            elif kind == "folder":
                beside.mkdir()
            elif sys.platform != "win32":
                os.mkfifo(beside)
            outcome = outcome_of(lambda study=study: "read as ever" if told_by(study)[0] else "said")  # type: ignore[misc]
            kept = other.is_file() and other.read_bytes() == b"years of work"
            yield outcome if kept else "lost"


def journal_that_names(study: Path, other: Path) -> bytes:
    """A rollback journal of SQLite's that changes nothing, and names another file as that of several databases."""
    magic = bytes.fromhex("d9d505f920a163d7")
    page_bytes = int.from_bytes(study.read_bytes()[16:18], "big")
    head = magic + struct.pack(">5I", 0, 7, study.stat().st_size // page_bytes, 512, page_bytes)
    name = str(other).encode()
    end = struct.pack(">2I", len(name), sum(name)) + magic
    return head.ljust(512, b"\0") + struct.pack(">I", 2**30 // page_bytes + 1) + name + end


# ---- cards, zips, settings, graphs


def flip_cards(bench: Bench) -> Iterator[Outcome]:
    """A card is refused, or says something that a card may say: its files' hashes and golden test come next."""
    content = (paths.shipped_classifiers() / "unet" / "card.json").read_bytes()
    for changed in bench.flipped(content):
        yield outcome_of(lambda changed=changed: (parse_card(changed, "card.json"), "a card")[1])  # type: ignore[misc]


def flip_zips(bench: Bench) -> Iterator[Outcome]:
    """A classifier's zip is refused, or unpacks to the very bytes that were packed."""
    folder = bench.folder("zips")
    packed = folder / "packed"
    packed.mkdir()
    (packed / "model.keras").write_bytes(bench.chance.randbytes(20_000))
    shutil.copyfile(paths.shipped_classifiers() / "unet" / "card.json", packed / "card.json")
    pack_classifier(packed, folder / "c.zip")
    damaged = folder / "d.zip"

    def unpack() -> Outcome:
        target = folder / "unpacked"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        unpack_classifier(damaged, target)
        same = all((target / one.name).read_bytes() == one.read_bytes() for one in packed.iterdir())
        return "unchanged" if same else "silent"

    for changed in bench.flipped((folder / "c.zip").read_bytes()):
        damaged.write_bytes(changed)
        yield outcome_of(unpack)


def flip_settings(bench: Bench) -> Iterator[Outcome]:
    """Settings that are damaged are the defaults, with a sentence; nothing raises."""
    file = bench.folder("settings") / "settings.json"
    for changed in bench.flipped(as_json(Settings(reader="Ada"))):
        file.write_bytes(changed)
        yield outcome_of(lambda: "said" if read_settings(file).complaint else "settings")


def flip_graphs(bench: Bench) -> Iterator[Outcome]:
    """A cached graph with a changed bit is made anew."""
    entry = bench.folder("graph")
    (entry / GRAPH_XML).write_bytes(bench.chance.randbytes(3000))
    (entry / GRAPH_BIN).write_bytes(bench.chance.randbytes(3000))
    record = _GraphRecord(*read_graph(entry).file_sha256s)
    whole = {
        GRAPH_XML: (entry / GRAPH_XML).read_bytes(),
        GRAPH_BIN: (entry / GRAPH_BIN).read_bytes(),
        _RECORD: json.dumps({"xml_sha256": record.xml_sha256, "bin_sha256": record.bin_sha256}).encode(),
    }
    names = sorted(whole)
    for number, name in enumerate(names):
        for changed in islice(bench.flipped(whole[name]), bench.flips // len(names) + 1):
            (entry / name).write_bytes(changed)
            for other in names[:number] + names[number + 1 :]:
                (entry / other).write_bytes(whole[other])
            yield outcome_of(lambda: "made anew" if _load_entry(entry) is None else "silent")


# ---- what tests look at anyway


def _tests(file: str, *words: str) -> Iterator[Outcome]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rA", file, *words]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    outcomes = {"PASSED": "held", "SKIPPED": "not on this PC", "FAILED": "silent", "ERROR": "python error"}
    for line in ended.stdout.splitlines():
        if (outcome := outcomes.get(line.partition(" ")[0])) is not None:
            yield outcome


def trace_programs(_bench: Bench) -> Iterator[Outcome]:
    """A screening and a session in the window under strace: no socket, no file elsewhere."""
    yield from _tests("tests/e2e/test_nothing_leaves_its_folders.py")


def answer_with_code(_bench: Bench) -> Iterator[Outcome]:
    """Workers and schedulers of a Dask cluster that send code in place of answers."""
    yield from _tests("tests/e2e/test_a_cluster_screens.py", "-k", "code")


ATTACKS: dict[str, Attack] = {
    "studies": flip_studies,
    "planted": plant_sql,
    "beside": put_beside,
    "cards": flip_cards,
    "zips": flip_zips,
    "settings": flip_settings,
    "graphs": flip_graphs,
    **KILLS,
    "traces": trace_programs,
    "cluster": answer_with_code,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
