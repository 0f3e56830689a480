"""What two systems exchange is compared in earnest: here both are Linux; windows_under_wine.py takes one of each."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from wine.exchange import ROOT, Run, exchange_classifier, exchange_study, on_linux
from wine.packages import SetUpError


@pytest.fixture
def systems(tmp_path: Path) -> tuple[Run, Run]:
    """Two systems, each with a user's folder of its own."""
    return on_linux(tmp_path / "first home"), on_linux(tmp_path / "second home")


def test_a_study_goes_on_on_the_second_system_with_every_kind_of_event(
    systems: tuple[Run, Run], tmp_path: Path
) -> None:
    study = tmp_path / "study.bloodsmear"
    program = Path(sys.executable).with_name("bloodsmear")
    words = ["screen", "assets/demo", "-o", str(tmp_path / "r.csv"), "--study", str(study), "--quiet"]
    subprocess.run([str(program), *words], cwd=ROOT, check=True)
    again = Path(shutil.copyfile(study, tmp_path / "again.bloodsmear"))
    first, second = systems
    # Twelve decisions, a change, its undo, a note and the sign-offs of the cases, by two readers.
    assert exchange_study(study, first, second) > 2 * 15

    def reads_otherwise(*words: str) -> list[str]:
        return [*second(*words), "one more"]

    with pytest.raises(SetUpError, match="don't read the same"):
        exchange_study(again, first, reads_otherwise)


def test_a_classifier_answers_the_same_after_it_was_carried(systems: tuple[Run, Run], tmp_path: Path) -> None:
    archive = tmp_path / "carried.zip"
    assert exchange_classifier(ROOT / "models" / "unet", archive, *systems) == 0
    with pytest.raises(SetUpError, match=r"add .* failed on Linux"):
        systems[0]("add", str(archive))
