"""A network of a stranger is compiled and tried in a process that has limits, before any other opens it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import h5py
import numpy as np
import pytest

from bloodsmear import paths
from bloodsmear.adding.importing import has_one_output
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.graph_cache import GraphCache, run_program
from bloodsmear.classifiers.keras_side.older_files.hdf5_scan import scan_hdf5
from bloodsmear.errors import ClassifierError
from bloodsmear.workflows.classifier_set import classifier_folders

if sys.platform == "win32":
    pytest.skip("the stand-ins for the converter are shell scripts", allow_module_level=True)


def converter(place: Path, script: str) -> Path:
    """A stand-in for bloodsmear-convert: what it is given stands in "$@"."""
    program = place / "bloodsmear-convert"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program


def test_weights_that_unpack_to_far_more_than_the_file_are_refused_before_they_are_unpacked(
    tmp_path: Path,
) -> None:
    dense = tmp_path / "dense.h5"
    with h5py.File(dense, "w") as file:
        # 100 MB of zeros, in 0.1 MB.
        file.create_dataset("kernel", shape=(5000, 5000), dtype=np.float32, fillvalue=0, compression="gzip")
        file["kernel"][:] = 0
    assert dense.stat().st_size < 1_000_000

    with pytest.raises(
        ClassifierError, match=r"declares the shape \(5000, 5000\), far more than the file can hold"
    ):
        scan_hdf5(dense, dense)


def test_a_file_that_is_looked_at_is_opened_by_the_process_with_limits(tmp_path: Path) -> None:
    network = tmp_path / "network.h5"
    network.write_bytes(b"\x89HDF\r\n\x1a\n")
    said = converter(tmp_path, 'echo "$@" > "$0.told"; printf "one output"')

    assert has_one_output(network, GraphCache(tmp_path / "graphs", said))
    assert (tmp_path / "bloodsmear-convert.told").read_text().split() == [
        str(network),
        str(tmp_path),
        "--look",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"<!doctype html>", "is a web page"), (b"PK\x03\x04cut", "not a whole .keras file")],
)
def test_what_is_not_a_network_is_refused_with_its_own_sentence(
    tmp_path: Path, content: bytes, words: str
) -> None:
    (tmp_path / "network.keras").write_bytes(content)
    with pytest.raises(ClassifierError, match=words):
        has_one_output(tmp_path / "network.keras")


def test_what_a_killed_converter_left_goes_at_the_next_start(tmp_path: Path) -> None:
    slow = converter(tmp_path, 'head -c 1000 /dev/zero > "$TMPDIR/half"; exec sleep 60')
    left = (
        "import sys\nfrom pathlib import Path\nfrom bloodsmear.classifiers.graph_cache import run_program\n"
        "run_program(Path(sys.argv[1]), Path('model.keras'), ['x'], 60.0)"
    )
    program = subprocess.Popen([sys.executable, "-c", left, str(slow)])
    until = time.monotonic() + 60
    while not list(paths.scratch().glob("*/half")) and time.monotonic() < until:
        time.sleep(0.05)
    assert list(paths.scratch().glob("*/half"))
    program.kill()
    program.wait()

    run_program(converter(tmp_path, "exit 0"), Path("model.keras"), [], 60.0)
    assert list(paths.scratch().iterdir()) == []


def test_half_made_graphs_of_an_older_version_go_once_they_are_old(tmp_path: Path) -> None:
    old, new = (
        paths.graph_cache() / ".0123456789abcdef.x1.tmp",
        paths.graph_cache() / ".0123456789abcdef.x2.tmp",
    )
    for folder in (old, new):
        folder.mkdir(parents=True)
    os.utime(old, (time.time() - 10_000,) * 2)

    classifier_folders()

    assert not old.exists()
    assert new.exists()


def test_a_graph_that_does_not_pass_its_trial_is_kept_nowhere(card: Card, tmp_path: Path) -> None:
    script = """case "$*" in
*--try*) echo "bloodsmear-convert: $1 takes 99 seconds for one image." >&2; exit 2;;
*) touch "$2/graph.xml" "$2/graph.bin";;
esac"""
    (tmp_path / "model.keras").touch()
    cache = GraphCache(tmp_path / "graphs", converter(tmp_path, script))

    with pytest.raises(ClassifierError, match=r"model\.keras takes 99 seconds for one image"):
        cache.graph_of(tmp_path, card)
    assert list(cache.place.iterdir()) == []
