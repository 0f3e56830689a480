"""Screening on a Dask cluster of worker processes on this PC: their loopback is the only network that it asks for."""

import csv
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from bloodsmear.errors import StudyError
from bloodsmear.storage.study_store import StudyStore

pytestmark = pytest.mark.usefixtures("tiny_classifiers", "loopback")

Bloodsmear = Callable[..., "subprocess.CompletedProcess[str]"]
Start = Callable[..., "subprocess.Popen[str]"]
IMAGES = 30
LONGEST_S = 120


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hook that refuses every socket is off in the processes that this test starts."""
    monkeypatch.delenv("BLOODSMEAR_TEST_CONNECTIONS")


@dataclass
class LocalCluster:
    """A scheduler and its workers, each a process as `dask scheduler` and `dask worker` start it."""

    folder: Path
    home: Path
    # For TLS: which certificate `dask scheduler` and `dask worker` show, and whom they trust.
    certificate: tuple[str, ...] = ()
    # What the scheduler runs first: a Python file.
    scheduled: str = ""

    def __post_init__(self) -> None:
        self.processes: list[subprocess.Popen[bytes]] = []
        self._file = self.folder / "scheduler.json"
        self._start(
            "dask_scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--no-show",
            *self._preload(self.scheduled),
        )
        until = time.monotonic() + LONGEST_S
        # It is made first, and written afterwards.
        while not (self._file.exists() and self._file.stat().st_size):
            assert time.monotonic() < until
            time.sleep(0.05)
        self.address = json.loads(self._file.read_text("utf-8"))["address"].replace("tcp://", "dask://")

    def add_worker(self, home: Path | None = None, preloaded: str = "") -> "subprocess.Popen[bytes]":
        words = ("--nthreads", "1", "--no-nanny", "--host", "127.0.0.1", "--memory-limit", "0")
        return self._start("dask_worker", *words, *self._preload(preloaded), home=home)

    def end(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()

    def _preload(self, source: str) -> tuple[str, ...]:
        if not source:
            return ()
        file = self.folder / f"preloaded_{len(self.processes)}.py"
        file.write_text(source, "utf-8")
        return ("--preload", str(file))

    def _start(self, command: str, *words: str, home: Path | None = None) -> "subprocess.Popen[bytes]":
        line = [
            sys.executable,
            "-m",
            f"distributed.cli.{command}",
            *words,
            *self.certificate,
            "--no-dashboard",
        ]
        with (self.folder / "log.txt").open("ab") as log:
            process = subprocess.Popen(
                [*line, "--scheduler-file", str(self._file)],
                cwd=self.folder,
                env={**os.environ, "BLOODSMEAR_HOME": str(home or self.home)},
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        return process


@pytest.fixture
def cluster(tmp_path: Path, home_of_its_own: Path) -> Iterator[LocalCluster]:
    """A scheduler without workers."""
    folder = tmp_path / "cluster"
    folder.mkdir()
    cluster = LocalCluster(folder, home_of_its_own)
    yield cluster
    cluster.end()


@pytest.fixture
def smears(tmp_path: Path) -> Path:
    """Images that take a while when they are denoised as well, and one that cannot be read."""
    noise = np.random.default_rng(5)
    folder = tmp_path / "smears"
    folder.mkdir()
    for number in range(IMAGES - 1):
        pixels = noise.integers(0, 256, (96, 128, 3), dtype=np.uint8)
        path = folder / f"{number}.png"
        path.write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
    (folder / "torn.png").write_bytes(path.read_bytes()[:900])
    return folder


def rows_but_for_times(report: Path) -> list[dict[str, str]]:
    with report.open(encoding="utf-8-sig", newline="") as file:
        return [{**row, "screened_at": ""} for row in csv.DictReader(file)]


def finished_in(study: Path) -> int:
    try:
        with StudyStore.open_existing(study) as store:
            return sum(record.screened_at is not None for record in store.records())
    except StudyError:
        return 0


def test_a_worker_that_is_killed_costs_nothing_but_a_second_try(
    cluster: LocalCluster, smears: Path, tmp_path: Path, start: Start, bloodsmear: Bloodsmear
) -> None:
    here, there, study = tmp_path / "here.csv", tmp_path / "there.csv", tmp_path / "there.bloodsmear"
    local = bloodsmear(
        "screen", smears, "-o", here, "--study", tmp_path / "here.bloodsmear", "--check-denoised"
    )
    doomed, _survivor = cluster.add_worker(), cluster.add_worker()
    with start(
        "screen", smears, "-o", there, "--study", study, "--check-denoised", "--executor", cluster.address
    ) as process:
        until = time.monotonic() + LONGEST_S
        while not finished_in(study):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < until
            time.sleep(0.02)
        doomed.kill()
        _out, err = process.communicate(timeout=LONGEST_S)
    assert (process.returncode, "Traceback" in err) == (local.returncode, False), err
    assert len(rows_but_for_times(there)) == IMAGES
    assert rows_but_for_times(there) == rows_but_for_times(here)


def test_a_worker_with_other_classifiers_is_refused_by_name(
    cluster: LocalCluster, smears: Path, tmp_path: Path, bloodsmear: Bloodsmear
) -> None:
    # In an empty home there are the classifiers that ship, of the same ids.
    cluster.add_worker(home=tmp_path / "other home")
    ended = bloodsmear("screen", smears, "-o", tmp_path / "there.csv", "--executor", cluster.address)
    assert ended.returncode == 3
    assert "has the classifier vgg16" in ended.stderr
    assert "Install the same one on every worker" in ended.stderr


def test_without_a_scheduler_it_does_not_start(smears: Path, tmp_path: Path, bloodsmear: Bloodsmear) -> None:
    ended = bloodsmear("screen", smears, "-o", tmp_path / "there.csv", "--executor", "dask://127.0.0.1:9")
    assert ended.returncode == 2
    assert "No Dask scheduler answers at dask://127.0.0.1:9" in ended.stderr
    assert not (tmp_path / "there.csv").exists()


@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", (1).to_bytes(8, "little") + b"\xff" * 99]
)
def test_what_takes_the_connection_and_is_not_a_scheduler_does_not_hold_the_program(
    said: bytes, smears: Path, tmp_path: Path, bloodsmear: Bloodsmear
) -> None:
    """Where nothing is ever said Dask waited without an end."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken: list[socket.socket] = []

        def take() -> None:
            with suppress(OSError):
                while True:
                    taken.append(server.accept()[0])
                    taken[-1].sendall(said)

        taking = threading.Thread(target=take)
        taking.start()
        address = f"dask://127.0.0.1:{server.getsockname()[1]}"
        ended = bloodsmear("screen", smears, "-o", tmp_path / "there.csv", "--executor", address)
        server.shutdown(socket.SHUT_RDWR)
        taking.join()
        for one in taken:
            one.close()
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1), ended.stderr
    assert f"No Dask scheduler answers at {address}" in ended.stderr


def test_a_scheduler_that_goes_away_ends_the_run_and_the_next_one_goes_on(
    cluster: LocalCluster, smears: Path, tmp_path: Path, start: Start, bloodsmear: Bloodsmear
) -> None:
    report, study = tmp_path / "there.csv", tmp_path / "there.bloodsmear"
    words = ("screen", smears, "-o", report, "--study", study, "--check-denoised")
    cluster.add_worker()
    with start(*words, "--executor", cluster.address) as process:
        until = time.monotonic() + LONGEST_S
        while not finished_in(study):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < until
            time.sleep(0.02)
        cluster.processes[0].kill()
        _out, err = process.communicate(timeout=LONGEST_S)
    assert (process.returncode, "Traceback" in err) == (3, False), err
    assert cluster.address in err
    done = finished_in(study)
    assert 0 < done < IMAGES
    assert bloodsmear(*words).returncode == 1
    assert finished_in(study) == IMAGES


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate that signs itself, its key beside it in the same file."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate")
    file = tmp_path / "certificate.pem"
    words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=lab"]
    key = tmp_path / "key.pem"
    subprocess.run(
        ["openssl", *words, "-keyout", str(key), "-out", str(file)],
        check=True,
        capture_output=True,
        timeout=60,
    )
    file.write_bytes(file.read_bytes() + key.read_bytes())
    return file


def test_a_cluster_with_certificates_screens_and_refuses_who_has_none(
    certificate: Path,
    home_of_its_own: Path,
    smears: Path,
    bloodsmear: Bloodsmear,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = certificate.parent / "cluster"
    folder.mkdir()
    names = ("--tls-ca-file", "--tls-cert", "--tls-key")
    shown = tuple(word for name in names for word in (name, str(certificate)))
    cluster = LocalCluster(folder, home_of_its_own, ("--protocol", "tls", *shown))
    try:
        assert cluster.address.startswith("tls://")
        cluster.add_worker()
        report = certificate.parent / "r.csv"
        words = ("screen", smears, "-o", report, "--executor", cluster.address)

        refused = bloodsmear(*words)
        assert (refused.returncode, "Traceback" in refused.stderr) == (2, False), refused.stderr
        assert "needs a certificate" in refused.stderr

        for name in ("CA_FILE", "CLIENT__CERT", "CLIENT__KEY"):
            monkeypatch.setenv(f"DASK_DISTRIBUTED__COMM__TLS__{name}", str(certificate))
        done = bloodsmear(*words)
        assert done.returncode == 1, done.stderr
        assert len(rows_but_for_times(report)) == IMAGES
    finally:
        cluster.end()


# ---- workers and schedulers that want to run something on the PC that screens

# Only in the program: Dask itself unpickles in a worker what that worker made.
PICKLED = """
from distributed.protocol.serialize import ToPickle

class Hostile:
    def __reduce__(self):
        source = "import sys; 'screen' in sys.argv and open({mark!r}, 'w')"
        return exec, (source,)
"""
# Dask wraps a worker's error only if it comes through a pickle there.
WORKERS = {
    "a result": "def read(asked): return Hostile()",
    "an error": "def read(asked): raise ValueError(Hostile())",
    "something in a list": "def read(asked): return [b'', {1: Hostile()}]",
}
INSTALLED = "\nimport bloodsmear.workflows.cluster_worker as real\nreal.read_on_worker = read\n"


@pytest.mark.parametrize("kind", WORKERS)
def test_a_worker_that_answers_with_code_runs_nothing_here(
    kind: str, cluster: LocalCluster, smears: Path, tmp_path: Path, bloodsmear: Bloodsmear
) -> None:
    mark = tmp_path / "ran"
    cluster.add_worker(preloaded=PICKLED.format(mark=str(mark)) + WORKERS[kind] + INSTALLED)
    ended = bloodsmear("screen", smears, "-o", tmp_path / "there.csv", "--executor", cluster.address)
    assert not mark.exists()
    assert ended.returncode == 3, ended.stderr
    assert cluster.address in ended.stderr
    assert "Traceback" not in ended.stderr


TOLD = {
    "a pickle": "{'op': 'key-in-memory', 'key': ToPickle(Hostile())}",
    "an error": "{'status': 'error', 'exception': pickle.dumps(Hostile()), 'traceback': pickle.dumps(Hostile())}",
    "a warning": "{'op': 'event', 'topic': 'warn', 'event': (0, {'message': pickle.dumps(Hostile())})}",
    "words for the terminal": "{'op': 'event', 'topic': 'print', 'event': (0, '\\x1b]0;gone\\x07')}",
    "a function": "{'op': 'restart', 'x': {'__Enum__': 1, '__module__': 'distributed.cli.dask_spec', "
    "'__name__': 'main', 'name': 'callback'}}",
}


@pytest.mark.parametrize("kind", TOLD)
def test_a_scheduler_that_sends_code_runs_nothing_here(
    kind: str, home_of_its_own: Path, smears: Path, tmp_path: Path, bloodsmear: Bloodsmear
) -> None:
    mark = tmp_path / "ran"
    told = f"""
import pickle
from distributed import SchedulerPlugin

class Tells(SchedulerPlugin):
    def transition(self, key, start, finish, *args, **kwargs):
        if finish == "memory":
            self.scheduler.report({TOLD[kind]})

async def dask_setup(scheduler):
    tells = Tells()
    tells.scheduler = scheduler
    scheduler.add_plugin(tells)
"""
    folder = tmp_path / "cluster"
    folder.mkdir()
    cluster = LocalCluster(folder, home_of_its_own, scheduled=PICKLED.format(mark=str(mark)) + told)
    try:
        cluster.add_worker()
        report = tmp_path / "there.csv"
        ended = bloodsmear("screen", smears, "-o", report, "--executor", cluster.address)
    finally:
        cluster.end()
    assert not mark.exists()
    assert ended.returncode in (1, 3), ended.stderr
    assert "\x1b" not in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
