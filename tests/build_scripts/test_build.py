"""The build's command: what it takes, and when it makes its environment anew."""

import hashlib
import sys
from pathlib import Path

import build
import pytest


def test_another_edition_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        build.main(["revue"])
    assert end.value.code == 2
    assert "no such edition: revue" in capsys.readouterr().err


def test_an_environment_with_this_lock_is_used_as_it_is(tmp_path: Path) -> None:
    wanted = f"{sys.version_info[:2]} {hashlib.sha256(build.LOCK.read_bytes()).hexdigest()}"
    (tmp_path / "set-up-finished").write_text(wanted, encoding="utf-8")
    assert build.ensure_environment(tmp_path).is_relative_to(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["set-up-finished"]


def test_both_editions_are_built_and_a_failure_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[str] = []

    def run(_python: Path, words: list[str]) -> int:
        built.append(words[0])
        return 1 if words[0] == "full" else 0

    monkeypatch.setattr(build, "ensure_environment", lambda place: place / "python")
    monkeypatch.setattr(build, "run_pipeline", run)
    assert build.main(["--work", str(tmp_path)]) == 1
    assert built == ["review", "full"]


def test_what_is_only_tried_is_packed_quickly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[list[str]] = []

    def run(_python: Path, words: list[str]) -> int:
        calls.append(words[1:])
        return 0

    monkeypatch.setattr(build, "ensure_environment", lambda place: place / "python")
    monkeypatch.setattr(build, "run_pipeline", run)
    places = ["--work", str(tmp_path / "w"), "--target", str(tmp_path / "t")]
    assert build.main(["full", *places]) == 0
    assert build.main(["full", *places, "--quick"]) == 0
    usual = [str(tmp_path / "w" / "full"), str(tmp_path / "t")]
    assert calls == [usual, [*usual, "--quick"]]


def test_a_python_without_wheels_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "NEWEST_PYTHON", (3, 10))
    with pytest.raises(build.BuildError, match=r"Python 3\.11, 3\.12 or 3\.13 is needed"):
        build.ensure_environment(tmp_path)
