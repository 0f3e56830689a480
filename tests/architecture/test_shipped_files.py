"""What the repository may hold: no image of the shared data, no address in a lock."""

import hashlib
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("base.txt", "build.txt", "checkout.txt", "dev.txt", "docs.txt", "wine.txt")
MODEL_BYTES = 60_000_000

PACKAGE_LINE = re.compile(r"^([a-z0-9._-]+)==(\S+)(?: ; (.+?))? \\$", re.MULTILINE)


def tracked_files() -> list[Path]:
    outcome = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if outcome.returncode:
        pytest.skip("needs git and a checkout: only what is committed counts")
    return [path for name in outcome.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_no_image_of_the_shared_data_is_committed(shared_data: Path) -> None:
    """By content, whatever the name: its authors ask not to redistribute it."""
    ours = [path for path in tracked_files() if path.stat().st_size]
    sizes = {path.stat().st_size for path in ours}
    theirs = (path for path in shared_data.rglob("*") if path.is_file() and path.stat().st_size in sizes)
    hashes = {sha256_of(path) for path in theirs}
    assert [path for path in ours if sha256_of(path) in hashes] == []


def test_a_model_file_stays_under_60_megabytes() -> None:
    sizes = {path: path.stat().st_size for path in tracked_files()}
    assert {path.name: size for path, size in sizes.items() if size >= MODEL_BYTES} == {}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_no_address(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    assert re.findall(r"https?://\S+|file:\S+|--(?:extra-)?index-url|--find-links", text) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_a_hash_for_every_package(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    entries = [entry for entry in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE) if "==" in entry]
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_locks_agree() -> None:
    base, build, checkout, dev = (
        set(PACKAGE_LINE.findall((ROOT / "requirements" / lock).read_text(encoding="utf-8")))
        for lock in ("base.txt", "build.txt", "checkout.txt", "dev.txt")
    )
    assert base
    assert checkout
    assert (base | checkout) - dev == set()
    assert base - build == set()
    only_to_build = {name for name, *_ in build} - {name for name, *_ in dev}
    assert {name for name, *_ in build - dev} <= only_to_build
