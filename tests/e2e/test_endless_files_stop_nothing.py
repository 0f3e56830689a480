"""Pipes, devices without an end and links in circles, where the program looks for files: each is named or left out."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bloodsmear import paths
from bloodsmear.workflows.study_choice import look_at_studies
from desktop.cli.program import main

if sys.platform == "win32":
    pytest.skip("Windows has no such files", allow_module_level=True)

ENDLESS = Path("/dev/zero")


def test_in_the_users_own_folders(home_of_its_own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = home_of_its_own / "data"
    studies, classifiers = data / "studies", data / "classifiers"
    for folder in (studies / "folder.bloodsmear", classifiers / "pipe", classifiers / "odd\n\x1b[31m"):
        folder.mkdir(parents=True)
    os.mkfifo(studies / "pipe.bloodsmear")
    (studies / "endless.bloodsmear").symlink_to(ENDLESS)
    (studies / "circle.bloodsmear").symlink_to(studies / "circle.bloodsmear")
    for name in ("settings.json", "known-folders.txt", "downloads.json", "classifiers/pipe/card.json"):
        os.mkfifo(data / name)
    (classifiers / "pipe" / "model.keras").write_bytes(b"x")
    (classifiers / "devices").symlink_to("/dev")

    assert look_at_studies(paths.studies()).decided == ()
    assert main(["classifiers", "list"]) == 1

    said = capsys.readouterr()
    assert "unet  shipped" in said.out
    assert "pipe  yours  refused" in said.out
    assert "settings.json cannot be read (it is not a plain file)" in said.err
    assert "\x1b" not in said.out + said.err


@pytest.mark.usefixtures("tiny_classifiers")
def test_among_the_images(
    tmp_path: Path, rows_of: Callable[[Path], list[dict[str, str]]], smear_folder: Path
) -> None:
    images = smear_folder / "case 1"
    os.mkfifo(images / "pipe.tif")
    (images / "endless.png").symlink_to(ENDLESS)
    (images / "circle.png").symlink_to(images / "circle.png")
    (images / "loop").symlink_to(smear_folder)
    (images / "odd\x1b[2J\n.png").write_bytes(b"no image")
    with (images / "large.tif").open("wb") as file:
        file.truncate(3_000_000_000)

    report = tmp_path / "r.csv"
    assert main(["screen", str(smear_folder), "-o", str(report), "--quiet"]) == 1

    status = {Path(row["image"]).name: row["status"] for row in rows_of(report)}
    assert [name for name in status if status[name] == "ok"] == [f"smear {n}.png" for n in (0, 2, 4, 1, 3, 5)]
    assert {status[name] for name in ("pipe.tif", "endless.png", "circle.png", "large.tif")} == {"unreadable"}


def test_given_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pipe, endless, large = tmp_path / "pipe.zip", tmp_path / "endless.zip", tmp_path / "large.zip"
    os.mkfifo(pipe)
    endless.symlink_to(ENDLESS)
    with large.open("wb") as file:
        file.truncate(50_000_000_000)
    network = ["--id", "z", "--labels", "a,b", "--resize", "area", "--scale", "1"]
    for words in (
        *(["classifiers", "add", str(one)] for one in (pipe, endless, large)),
        ["classifiers", "add", str(endless), *network],
        ["report", str(pipe), "-o", str(tmp_path / "r.csv")],
        ["report", str(endless), "-o", str(tmp_path / "r.csv")],
        ["doctor", "--study", str(pipe)],
        ["screen", str(endless), "-o", str(tmp_path / "r.csv")],
    ):
        assert main(words) == 2, words
        assert capsys.readouterr().err.startswith("bloodsmear: ")
