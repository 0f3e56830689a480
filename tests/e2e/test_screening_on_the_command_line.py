"""A technician screens folders unattended: what stands in the report, and what happens when it goes wrong."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from bloodsmear import RESEARCH_USE, paths
from bloodsmear.errors import StudyError
from bloodsmear.storage.study_store import StudyStore

Bloodsmear = Callable[..., "subprocess.CompletedProcess[str]"]
Start = Callable[..., "subprocess.Popen[str]"]
RowsOf = Callable[[Path], list[dict[str, str]]]
TIMES = "screened_at"


@pytest.fixture
def many_smears(tmp_path: Path) -> Path:
    """Forty images that take a while when they are denoised as well."""
    folder = tmp_path / "many"
    folder.mkdir()
    noise = np.random.default_rng(5)
    for number in range(40):
        pixels = noise.integers(0, 256, (120, 160, 3), dtype=np.uint8)
        (folder / f"{number}.png").write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
    return folder


def finished_in(study: Path) -> int:
    try:
        with StudyStore.open_existing(study) as store:
            return sum(record.status == "ok" for record in store.records())
    except StudyError:
        return 0


def wait_for_work(study: Path, process: "subprocess.Popen[str]") -> None:
    until = time.monotonic() + 60
    while finished_in(study) < 3:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.05)


def test_the_demo_images_give_a_row_each_with_the_answers_of_both_classifiers(
    tiny_classifiers: Path, bloodsmear: Bloodsmear, rows_of: RowsOf, tmp_path: Path
) -> None:
    done = bloodsmear("screen", paths.demo_images(), "-o", tmp_path / "r.csv")

    assert (done.returncode, done.stderr) == (0, "")
    rows = rows_of(tmp_path / "r.csv")
    assert [row["image"] for row in rows][:3] == [f"synthetic-1/smear-{n}.jpg" for n in (1, 2, 10)]
    assert len(rows) == 12
    for row in rows:
        assert row["status"] == "ok"
        assert row["intended_use"] == RESEARCH_USE
        for name in ("vgg16", "unet"):
            total = sum(float(row[f"{name}_p_{key}"]) for key in ("benign", "early_pre_b", "pre_b", "pro_b"))
            assert total == pytest.approx(1, abs=3e-6)


def test_one_image_alone_and_all_together_give_the_same_row(
    tiny_classifiers: Path, bloodsmear: Bloodsmear, rows_of: RowsOf, tmp_path: Path
) -> None:
    alone = tmp_path / "alone" / "synthetic-2" / "smear-1.jpg"
    alone.parent.mkdir(parents=True)
    shutil.copy(paths.demo_images() / "synthetic-2" / "smear-1.jpg", alone)
    bloodsmear("screen", paths.demo_images(), "-o", tmp_path / "all.csv", "--jobs", 4)
    bloodsmear("screen", tmp_path / "alone", "-o", tmp_path / "one.csv", "--jobs", 1)

    (one,) = rows_of(tmp_path / "one.csv")
    same = next(row for row in rows_of(tmp_path / "all.csv") if row["image"] == one["image"])
    assert {**one, TIMES: ""} == {**same, TIMES: ""}


def test_a_folder_full_of_bad_files_has_a_row_and_a_reason_for_each(
    tiny_classifiers: Path, bloodsmear: Bloodsmear, rows_of: RowsOf, tmp_path: Path
) -> None:
    folder = tmp_path / "Плохие (図) [1] 😀"
    folder.mkdir()
    whole = (paths.demo_images() / "synthetic-1" / "smear-1.jpg").read_bytes()
    (folder / "whole.jpg").write_bytes(whole)
    (folder / "half.jpg").write_bytes(whole[: len(whole) // 2])
    (folder / "text.jpg").write_text("no image")
    (folder / "empty.png").write_bytes(b"")
    (folder / "=SUM(1).png").write_bytes(b"")

    done = bloodsmear("screen", folder, "-o", tmp_path / "r.csv")

    assert done.returncode == 1
    assert "4 of 5 images could not be read" in done.stderr
    rows = {row["image"]: row for row in rows_of(tmp_path / "r.csv")}
    assert {name: row["status"] for name, row in rows.items()} == {
        "'=SUM(1).png": "unreadable",
        "empty.png": "unreadable",
        "half.jpg": "unreadable",
        "text.jpg": "unreadable",
        "whole.jpg": "ok",
    }
    bad = [row for row in rows.values() if row["status"] == "unreadable"]
    assert all(row["error"] and str(tmp_path) not in row["error"] and len(row["sha256"]) == 64 for row in bad)


def test_an_altered_classifier_is_left_out_and_named(
    tiny_classifiers: Path, bloodsmear: Bloodsmear, rows_of: RowsOf, tmp_path: Path
) -> None:
    (tiny_classifiers / "unet" / "model.keras").write_bytes(b"TINY 1")

    done = bloodsmear("screen", paths.demo_images() / "synthetic-1", "-o", tmp_path / "r.csv")

    assert done.returncode == 1
    assert "unet is left out." in done.stderr
    assert "was altered" in done.stderr
    assert {row["agreement"] for row in rows_of(tmp_path / "r.csv")} == {"single"}
    assert "unet_label" not in rows_of(tmp_path / "r.csv")[0]

    named = bloodsmear(
        "screen",
        paths.demo_images(),
        "-o",
        tmp_path / "n.csv",
        "--classifier",
        "vgg16",
        "--classifier",
        "unet",
    )
    assert named.returncode == 2
    assert "was altered" in named.stderr
    assert not (tmp_path / "n.csv").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process alone")
def test_ctrl_c_keeps_what_is_finished_and_the_same_command_goes_on(
    tiny_classifiers: Path, start: Start, rows_of: RowsOf, many_smears: Path, tmp_path: Path
) -> None:
    study, report = tmp_path / "s.bloodsmear", tmp_path / "r.csv"
    words = ("screen", many_smears, "-o", report, "--study", study, "--check-denoised", "--jobs", 1)
    with start(*words) as process:
        wait_for_work(study, process)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)

    assert process.returncode == 130
    assert err == (
        f"bloodsmear: Stopped. What was finished is kept and stands in {report}; "
        "give the same command again to go on.\n"
    )
    statuses = [row["status"] for row in rows_of(report)]
    assert len(statuses) == 40
    assert 3 <= statuses.count("ok") < 40
    assert set(statuses) == {"ok", "not_screened"}

    with start(*words) as process:
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert f"{statuses.count('ok')} kept from before" in out
    assert [row["status"] for row in rows_of(report)] == ["ok"] * 40


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_program_loses_nothing_that_was_finished(
    tiny_classifiers: Path, start: Start, bloodsmear: Bloodsmear, many_smears: Path, tmp_path: Path
) -> None:
    study = tmp_path / "s.bloodsmear"
    words = ("screen", many_smears, "-o", tmp_path / "r.csv", "--study", study, "--check-denoised")
    with start(*words, "--jobs", 1) as process:
        wait_for_work(study, process)
        process.kill()
        process.communicate()
    finished = finished_in(study)
    assert finished >= 3
    assert not (tmp_path / "r.csv").exists()

    again = bloodsmear(*words)

    assert again.returncode == 0
    assert f"{finished} kept from before" in again.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on a process's files")
def test_a_full_disk_is_a_sentence_and_ends_with_3(
    tiny_classifiers: Path, many_smears: Path, tmp_path: Path, home_of_its_own: Path
) -> None:
    # A limit on the size of files stands for the disk's: no write beyond it succeeds.
    limit = 100_000
    words = ["screen", str(many_smears), "-o", str(tmp_path / "r.csv"), "--study", str(tmp_path / "s")]
    done = subprocess.run(
        [sys.executable, "-m", "desktop.start", *words],
        env={**os.environ, "BLOODSMEAR_HOME": str(home_of_its_own)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 3
    assert "See that its disk works and has space" in done.stderr
    assert "Traceback" not in done.stderr
    assert 0 < finished_in(tmp_path / "s") < 40


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell's pipe")
def test_a_listener_that_leaves_early_is_not_an_error(tiny_classifiers: Path, home_of_its_own: Path) -> None:
    command = (
        f'"{sys.executable}" -m desktop.start classifiers show vgg16 | head -1; echo "${{PIPESTATUS[0]}}"'
    )
    done = subprocess.run(
        ["bash", "-c", command],
        env={**os.environ, "BLOODSMEAR_HOME": str(home_of_its_own)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.stderr == ""
    assert done.stdout.splitlines() == [done.stdout.splitlines()[0], "0"]


def test_a_terminal_without_unicode_gets_question_marks_and_no_traceback(
    tiny_classifiers: Path, bloodsmear: Bloodsmear, tmp_path: Path
) -> None:
    folder = tmp_path / "図"
    folder.mkdir()
    (folder / "a.png").write_bytes(b"")

    done = bloodsmear("screen", folder, "-o", folder / "r.csv", PYTHONIOENCODING="ascii")

    assert done.returncode == 1
    assert "?" in done.stdout
    assert (folder / "r.csv").exists()


def test_classifiers_are_listed_shown_and_verified(tiny_classifiers: Path, bloodsmear: Bloodsmear) -> None:
    listed = bloodsmear("classifiers", "list")
    shown = bloodsmear("classifiers", "show", "unet")
    verified = bloodsmear("classifiers", "verify")

    assert [line.split()[:2] for line in listed.stdout.splitlines()][:2] == [
        ["unet", "yours"],
        ["vgg16", "yours"],
    ]
    assert "Labels in output order: Benign, Pre-B, Pro-B, Early Pre-B" in shown.stdout
    assert "16×16 px by area" in shown.stdout
    assert [listed.returncode, shown.returncode, verified.returncode] == [0, 0, 0]
    assert verified.stdout.count(": well;") == 2
    assert bloodsmear("classifiers", "show", "gone").returncode == 2


def test_a_classifier_with_an_unknown_field_in_its_card_is_refused_by_name(
    tiny_classifiers: Path, bloodsmear: Bloodsmear
) -> None:
    card = tiny_classifiers / "unet" / "card.json"
    card.write_text(card.read_text(encoding="utf-8").replace('"licence"', '"colour": 1, "licence"'), "utf-8")

    verified = bloodsmear("classifiers", "verify")

    assert verified.returncode == 1
    assert "colour" in verified.stderr
    assert "vgg16 1.0+" in verified.stdout


def test_doctor_says_what_is_wrong_and_what_to_do(tiny_classifiers: Path, bloodsmear: Bloodsmear) -> None:
    well = bloodsmear("doctor")
    assert well.returncode == 0, well.stdout
    assert "CPU (" in well.stdout
    assert "All is well." in well.stdout

    (tiny_classifiers / "unet" / "model.keras").unlink()
    ill = bloodsmear("doctor")
    assert ill.returncode == 1
    assert "unet: refused" in ill.stdout
    assert "model.keras is missing; install the classifier unet again." in ill.stdout
