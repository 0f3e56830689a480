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
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from bloodsmear import paths
from bloodsmear.classifiers.archive import pack_classifier, unpack_classifier
from bloodsmear.classifiers.card_file import parse_card
from bloodsmear.classifiers.graph_cache import _RECORD, _GraphRecord, _load_entry
from bloodsmear.classifiers.openvino_engine import GRAPH_BIN, GRAPH_XML, read_graph
from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.errors import BloodsmearError
from bloodsmear.images.image_quality import ImageQuality
from bloodsmear.review.consensus import consensus_of
from bloodsmear.review.events import Entry
from bloodsmear.review.records import Answer, ClassifierMark, ImageRecord
from bloodsmear.settings import Settings, read_settings
from bloodsmear.storage.study_store import StudyHead, StudyStore
from bloodsmear.workflows.classifier_set import classifier_folders
from bloodsmear.workflows.export import export_csv

FAILURES = ("python error", "lost", "silent")
Outcome = str
Attack = Callable[["Bench"], Iterator[Outcome]]
MARK = ClassifierMark("vgg16", "VGG16", "1.0+1a", "1a" * 32, ("benign", "pre_b"))
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


class Bench:
    """Where the attacks work, by how many tries, and their chance."""

    def __init__(self, place: Path, flips: int, kills: int, seed: int) -> None:
        self.place = place
        self.flips = flips
        self.kills = kills
        self.chance = random.Random(seed)

    def flipped(self, content: bytes) -> Iterator[bytes]:
        """The content with one bit changed, `flips` times."""
        for _ in range(self.flips):
            place, bit = self.chance.randrange(len(content)), self.chance.randrange(8)
            yield content[:place] + bytes([content[place] ^ 1 << bit]) + content[place + 1 :]

    def folder(self, name: str) -> Path:
        """A new folder."""
        folder = self.place / name
        folder.mkdir()
        return folder


def main(words: list[str]) -> int:
    """Carry the attacks out and print their outcomes; returns the exit status."""
    parser = argparse.ArgumentParser(description="Attack the program anew.")
    parser.add_argument("--flips", type=int, default=5000, help="changed bits for each kind of file (5000)")
    parser.add_argument("--kills", type=int, default=60, help="kills over all programs (60)")
    parser.add_argument("--seed", type=int, default=1, help="of the chance (1)")
    parser.add_argument("--only", default="", help=f"some of: {','.join(ATTACKS)}")
    asked = parser.parse_args(words)
    failed = 0
    print(f"{'attack':24} {'tried':>7} {'held':>7} {'seconds':>8}  how")
    with tempfile.TemporaryDirectory(prefix="bloodsmear-attack-", ignore_cleanup_errors=True) as scratch:
        paths.use_home(Path(scratch) / "home")
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


def outcome_of(work: Callable[[], Outcome]) -> Outcome:
    """What a piece of work came to; an error of the program's own is a sentence."""
    try:
        return work()
    except BloodsmearError:
        return "refused"
    except Exception:  # noqa: BLE001 - what is looked for
        traceback.print_exc(limit=-3)
        return "python error"


# ---- studies


def make_study(path: Path) -> Path:
    """Eight images, six of them read, five decided."""
    answers = (Answer(MARK, Prediction((0.25, 0.75), 3.5)),)
    quality = ImageQuality(12.3, 0.1, 0.2)
    with StudyStore.open_or_create(path, StudyHead(path.parent, (path.parent,), (MARK,))) as store:
        store.list_images((f"{number}.png", "case") for number in range(8))
        for number in range(6):
            store.put(
                ImageRecord(
                    f"{number}.png",
                    "case",
                    "ok",
                    sha256="ab" * 32,
                    quality=quality,
                    answers=answers,
                    consensus=consensus_of(answers, quality),
                )
            )
        entries = [Entry("decided", "Ada", f"{n}.png", "case", "ab" * 32, "pre_b") for n in range(5)]
        store.events.append(0, lambda _there: entries)
    return path


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
    for changed in bench.flipped(Settings({"reader": "Ada"}).as_json()):
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


# ---- kills


def _killed(bench: Bench, command: list[str], most_s: float) -> bytes:
    """Start a program and kill it at a random moment; what it had said by then."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.DEVNULL, env={**os.environ})
        try:
            process.wait(bench.chance.uniform(0, most_s))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        said.seek(0)
        return said.read()


def kill_deciding(bench: Bench) -> Iterator[Outcome]:
    """Every decision whose event was acknowledged is there, and the chain is whole."""
    study = bench.folder("deciding") / "s.bloodsmear"
    program = Path(__file__).resolve().parent.parent / "tests" / "e2e" / "deciding_program.py"
    for _ in range(bench.kills // 4):
        said = _killed(bench, [sys.executable, str(program), str(study)], 6.0)
        acknowledged = [int(line.split()[0]) for line in said.split(b"\n")[:-1]]

        def look(acknowledged: list[int] = acknowledged) -> Outcome:
            if not study.exists() and not acknowledged:
                return "nothing yet"
            with StudyStore.open_existing(study) as store:
                there = {event.number for event in store.events.read()}
                return "kept" if there.issuperset(acknowledged) and store.events.check().whole else "lost"

        outcome = outcome_of(look)
        yield "nothing yet" if outcome == "refused" and not acknowledged else outcome


def _kill_command(
    bench: Bench, words: list[str], look: Callable[[], Outcome], undo: Callable[[], object] = lambda: None
) -> Iterator[Outcome]:
    """Run a command to its end, to know how long it takes; then again and again, killed somewhere before that."""
    began = time.monotonic()
    command = [str(paths.command_line_program()), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{command} ended with {done.returncode}: {done.stderr}")
    # The first run also made the graphs, which later ones find.
    most_s = 1.3 * (time.monotonic() - began)
    for _ in range(bench.kills // 4):
        undo()
        _killed(bench, command, most_s)
        yield outcome_of(look)


def _forget(folder: Path, names: str) -> None:
    for file in folder.glob(names):
        file.unlink()


def kill_screening(bench: Bench) -> Iterator[Outcome]:
    """A screening that is killed leaves a study that opens and is whole, or none; and a report that is whole."""
    folder = bench.folder("screening")
    study, report = folder / "s.bloodsmear", folder / "r.csv"

    def look() -> Outcome:
        if not study.exists():
            return "nothing yet"
        if report.exists() and len(report.read_bytes().splitlines()) != 1 + 12:
            return "silent"
        with StudyStore.open_existing(study) as store:
            return "whole" if store.events.check().whole else "silent"

    words = ["screen", str(paths.demo_images()), "-o", str(report), "--study", str(study), "--quiet"]
    yield from _kill_command(bench, words, look, lambda: _forget(folder, "s.bloodsmear*"))


def kill_exporting(bench: Bench) -> Iterator[Outcome]:
    """A report is whole or not there."""
    folder = bench.folder("exporting")
    study, report = make_study(folder / "s.bloodsmear"), folder / "r.csv"
    export_csv(study, folder / "whole.csv")
    whole = (folder / "whole.csv").read_bytes()

    def look() -> Outcome:
        if not report.exists():
            return "none"
        same = report.read_bytes() == whole
        report.unlink()
        return "whole" if same else "silent"

    words = ["report", str(study), "-o", str(report)]
    yield from _kill_command(bench, words, look, lambda: _forget(folder, "r.csv"))


def kill_adding(bench: Bench) -> Iterator[Outcome]:
    """A classifier is there and whole, or not at all, and the next start clears the rest."""
    folder = bench.folder("adding")
    shutil.copytree(paths.shipped_classifiers() / "unet", folder / "unet")
    card = json.loads((folder / "unet" / "card.json").read_bytes())
    (folder / "unet" / "card.json").write_text(json.dumps({**card, "id": "added"}))

    def look() -> Outcome:
        added = "added" in classifier_folders()
        left = (
            [one.name for one in paths.user_classifiers().glob(".*")]
            if paths.user_classifiers().is_dir()
            else []
        )
        return "silent" if left else "added" if added else "none"

    words = ["classifiers", "add", str(folder / "unet")]
    own = paths.user_classifiers() / "added"
    yield from _kill_command(bench, words, look, lambda: shutil.rmtree(own, ignore_errors=True))


ATTACKS: dict[str, Attack] = {
    "studies": flip_studies,
    "planted": plant_sql,
    "cards": flip_cards,
    "zips": flip_zips,
    "settings": flip_settings,
    "graphs": flip_graphs,
    "kill-deciding": kill_deciding,
    "kill-screening": kill_screening,
    "kill-exporting": kill_exporting,
    "kill-adding": kill_adding,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
