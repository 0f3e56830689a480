"""Files as laboratories have them: every field has a row, no image vanishes, the exit code says what is not read."""

import json
from collections.abc import Callable
from pathlib import Path

from PIL import Image

Run = Callable[..., int]
RowsOf = Callable[[Path], list[dict[str, str]]]
FIELDS = [Image.new("RGB", (64, 48), colour) for colour in ((200, 60, 220), (60, 200, 60), (90, 90, 190))]


def test_each_field_of_a_file_has_a_row_and_a_second_run_keeps_them(
    run: Run, rows_of: RowsOf, tmp_path: Path
) -> None:
    folder = tmp_path / "smears"
    folder.mkdir()
    FIELDS[0].save(folder / "three.tif", save_all=True, append_images=FIELDS[1:])

    assert run("screen", folder, "-o", tmp_path / "r.csv") == 0

    rows = rows_of(tmp_path / "r.csv")
    assert [row["image"] for row in rows] == ["three.tif", "three.tif [2]", "three.tif [3]"]
    assert {row["status"] for row in rows} == {"ok"}
    assert len({row["sha256"] for row in rows}) == 1
    assert run("screen", folder, "-o", tmp_path / "r.csv") == 0
    assert json.loads((tmp_path / "r.summary.json").read_text(encoding="utf-8"))["run"]["kept"] == 3


def test_no_image_vanishes_whatever_its_name_and_format(run: Run, rows_of: RowsOf, tmp_path: Path) -> None:
    folder = tmp_path / "smears"
    folder.mkdir()
    for name in ("one.jpg", "two.jfif"):
        FIELDS[0].save(folder / name, "JPEG")
    (folder / "four.czi").write_bytes(b"ZISRAWFILE" + bytes(200))
    (folder / "notes.txt").write_text("no image", encoding="utf-8")

    assert run("screen", folder, "-o", tmp_path / "r.csv") == 1

    rows = {row["image"]: row for row in rows_of(tmp_path / "r.csv")}
    assert {image: row["status"] for image, row in rows.items()} == {
        "four.czi": "unreadable",
        "one.jpg": "ok",
        "two.jfif": "ok",
    }
    assert rows["four.czi"]["error"].startswith("it is a CZI file of Zeiss, which is not read")
    written = json.loads((tmp_path / "r.summary.json").read_text(encoding="utf-8"))
    assert written["run"]["other_files"] == 1
    assert written["run"]["other_file_names"] == ["notes.txt"]


def test_the_html_report_shows_each_field_with_its_own_picture(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "smears"
    folder.mkdir()
    FIELDS[0].save(folder / "two.tif", save_all=True, append_images=FIELDS[1:2])
    study = tmp_path / "a.bloodsmear"
    run("screen", folder, "-o", tmp_path / "r.csv", "--study", study)

    assert run("report", study, "-o", tmp_path / "r.html") == 0

    assert "two.tif [2]" in (tmp_path / "r.html").read_text(encoding="utf-8")
