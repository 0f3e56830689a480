"""bloodsmear screen --fast: whose answers, which study, how many images at once."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.reviewing import Reviewing
from bloodsmear.workflows.screening import default_jobs, default_study_path
from desktop.cli.classifier_source import ClassifierSource
from desktop.cli.program import main, make_parser
from desktop.cli.screen_arguments import read_screen_arguments

Run = Callable[..., int]


def test_fast_answers_are_asked_for_by_name_or_as_the_defaults(
    clean_folder: Path, fake_classifiers: ClassifierSet, tmp_path: Path
) -> None:
    asked_for: list[tuple[str, ...]] = []

    def fast(ids: Sequence[str], streams: int) -> ClassifierSet:
        asked_for.append(tuple(ids))
        return fake_classifiers

    def exact(*_asked: object) -> ClassifierSet:
        pytest.fail("exact answers were not asked for")

    words = ["screen", str(clean_folder), "-o", str(tmp_path / "r.csv"), "--fast"]
    source = ClassifierSource(exact, exact, fast)

    assert main(words, source) == 0
    assert main([*words, "--classifier", "b"], source) == 0
    assert asked_for == [(), ("b",)]


def test_a_fast_run_says_where_the_decisions_of_the_folder_are(
    run: Run,
    clean_folder: Path,
    fake_classifiers: ClassifierSet,
    as_fast: Callable[[ClassifierSet], ClassifierSet],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("screen", clean_folder, "-o", clean_folder.parent / "r.csv") == 0
    study = default_study_path((clean_folder,), fake_classifiers.marks)
    with StudyStore.open_existing(study) as there:
        head = there.head
    with StudyStore.open_or_create(study, head) as store:
        Reviewing(store, "Ada").decide([store.listed_images()[0].image], "pre_b")
    assert "There are decisions" not in capsys.readouterr().out
    fast = as_fast(fake_classifiers)
    words = ["screen", str(clean_folder), "-o", str(clean_folder.parent / "fast.csv"), "--fast"]
    source = ClassifierSource(
        lambda _streams: pytest.fail("not exact"),
        lambda _ids, _streams: pytest.fail("not exact"),
        lambda _ids, _streams: fast,
    )

    assert main(words, source) == 0

    said = capsys.readouterr().out
    assert f"There are decisions about some of these images in another study: {study}." in said


def test_a_cluster_gives_no_fast_answers(
    run: Run, clean_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("screen", clean_folder, "-o", tmp_path / "r.csv", "--fast", "--executor", "dask://here:8786")
    assert run(*words) == 2
    assert "--fast is for this PC" in capsys.readouterr().err


def test_jobs_are_by_default_as_many_as_there_are_processors_and_one_more_with_fast_answers() -> None:
    def jobs(*more: str) -> int:
        parsed = make_parser("screen").parse_args(["screen", "folder", "-o", "r.csv", *more])
        return read_screen_arguments(parsed).jobs

    assert jobs() == default_jobs() >= 1
    assert jobs("--fast") == default_jobs() + 1
    assert jobs("--fast", "--jobs", "1") == 1
