"""What was measured under Wine comes into docs/release.md by a command, not by hand."""

from pathlib import Path

import pytest
from wine.run_log import BEGIN, PAGE, RunLog, read_runs, table, write_table


def test_the_last_run_of_each_command_is_shown_in_the_order_of_a_release(tmp_path: Path) -> None:
    file = tmp_path / "runs.json"
    for command, size in (("install review", "1 MB"), ("freeze review", "2 MB"), ("freeze review", "417 MB")):
        log = RunLog(file, command)
        log.note("folder", size)
        log.close("all is well")
    rows = table(read_runs(file)).splitlines()[2:]
    assert [row.split(" | ")[:2] for row in rows] == [
        ["| `… freeze review`", "folder: 417 MB; all is well"],
        ["| `… install review`", "folder: 1 MB; all is well"],
    ]
    assert all(" cores |" in row for row in rows)


def test_a_run_that_measured_nothing_leaves_the_one_before_and_one_with_other_words_is_not_shown(
    tmp_path: Path,
) -> None:
    file = tmp_path / "runs.json"
    for command, figures in (("setup", ["7 s"]), ("setup", []), ("test tests/e2e", ["1 s"])):
        log = RunLog(file, command)
        for figure in figures:
            log.note("from nothing", figure)
        log.close("all is well")
    assert len(table(read_runs(file)).splitlines()) == 3
    assert "from nothing: 7 s; all is well" in table(read_runs(file))


def test_the_table_goes_between_its_marks_and_leaves_the_rest_of_the_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n<!-- end -->\nafter\n", encoding="utf-8")
    log = RunLog(tmp_path / "runs.json", "setup")
    log.note("from nothing", "7 s")
    log.close("all is well")
    write_table(log.file, page)
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"before\n{BEGIN}\n| command | figures |")
    assert text.endswith("|\n<!-- end -->\nafter\n")
    assert "old" not in text
    page.write_text("no place", encoding="utf-8")
    with pytest.raises(ValueError, match=r"windows_under_wine\.py figures"):
        write_table(log.file, page)


def test_a_row_stays_with_its_day_until_its_command_has_run_here(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    rows = [f"| `… {one}` | from nothing: 9 s | 2026-01-02, quiet |" for one in ("setup", "screen", "dance")]
    page.write_text("\n".join([BEGIN, *rows, "<!-- end -->"]), encoding="utf-8")
    log = RunLog(tmp_path / "runs.json", "setup")
    log.note("from nothing", "7 s")
    log.close("all is well")
    write_table(log.file, page)
    ours, theirs = page.read_text(encoding="utf-8").splitlines()[3:-1]
    assert "from nothing: 7 s" in ours
    assert theirs == rows[1]


def test_the_page_of_releases_has_the_place_for_it() -> None:
    assert BEGIN in PAGE.read_text(encoding="utf-8")
