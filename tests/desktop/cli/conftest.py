"""What the tests of the command line share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.cli.classifier_source import ClassifierSource
from desktop.cli.program import main

SaidSoFar = Callable[[], tuple[str, str]]


@pytest.fixture
def run(fake_classifiers: ClassifierSet) -> Callable[..., int]:
    """`run(words…, classifiers=…)`: the command line in this process, with classifiers that load nothing."""

    def run_words(*words: object, classifiers: ClassifierSet = fake_classifiers) -> int:
        source = ClassifierSource(
            lambda streams: classifiers, lambda ids, streams: classifiers, lambda ids, streams: classifiers
        )
        return main([str(word) for word in words], source)

    return run_words


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> SaidSoFar:
    """What was said on stdout and on stderr since the last call."""
    return capsys.readouterr


@pytest.fixture
def clean_folder(smear_folder: Path) -> Path:
    """The smears without the broken one."""
    (smear_folder / "case 2" / "torn.png").unlink()
    return smear_folder
