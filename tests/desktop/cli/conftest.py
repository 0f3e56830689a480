"""What the tests of the command line share."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.cli.classifier_source import ClassifierSource
from desktop.cli.program import main

Rows = list[dict[str, str]]


@pytest.fixture
def run(fake_classifiers: ClassifierSet) -> Callable[..., int]:
    """`run(words…, classifiers=…)`: the command line in this process, with classifiers that load nothing."""

    def run_words(*words: object, classifiers: ClassifierSet = fake_classifiers) -> int:
        source = ClassifierSource(lambda streams: classifiers, lambda ids, streams: classifiers)
        return main([str(word) for word in words], source)

    return run_words


@pytest.fixture
def rows_of() -> Callable[[Path], Rows]:
    """The rows of a report."""

    def read(report: Path) -> Rows:
        text = report.read_bytes().decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    return read
