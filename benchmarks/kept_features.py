"""What it costs that screening keeps what teaching needs of an image, and what that saves the first teaching.

.venv/bin/python benchmarks/kept_features.py LABELLED [--folder FOLDER] [--images N] [--rounds N] [--a-label N]

Screens the images of FOLDER (the demo images, 1024×768) by VGG16 and U-Net with and without keeping, in turns, each
with a study of its own, and compares every answer. Then it screens the images of four folders of LABELLED with and
without, decides each as its folder says, and teaches from both studies: until the head and its figures are there. Times
are medians of the rounds, ratios those of a round's two, and "least" that of the shortest of all: what else runs makes
a time longer and never shorter. Exit status 1: an answer or a kept row differs.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from bloodsmear import paths
from bloodsmear.classifiers.deviations import TAUGHT_ON
from bloodsmear.classifiers.folder import open_screening_classifier
from bloodsmear.images.opencv_threads import one_thread_a_call
from bloodsmear.images.scan import Scan
from bloodsmear.jobs import Cancel, report_nowhere
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.teaching.teach import open_base
from bloodsmear.workflows.classifier_set import (
    DEFAULT_CLASSIFIERS,
    ClassifierSet,
    classifier_folders,
    load_named_classifiers,
)
from bloodsmear.workflows.reviewing import Reviewing
from bloodsmear.workflows.screening import ScreeningEvents, ScreeningPlan, default_jobs, screen
from bloodsmear.workflows.study_teaching import StudyLesson, teach_studies

LABELS = ("benign", "early_pre_b", "pre_b", "pro_b")
_OF_A_CASE = 10


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of the wall clock and of all processors."""

    wall: float
    processor: float


def main(words: list[str]) -> int:
    """Time and print; returns the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("labelled", type=Path, help="one folder for each label; the first four are used")
    parser.add_argument(
        "--folder", type=Path, default=paths.demo_images(), help="what is screened (demo images)"
    )
    parser.add_argument("--images", type=int, default=48, help="images of it a round (48)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds (5)")
    parser.add_argument("--a-label", type=int, default=50, help="images of each label (50)")
    parsed = parser.parse_args(words)
    keeping = load_named_classifiers(DEFAULT_CLASSIFIERS, default_jobs(), open_screening_classifier)
    both = (load_named_classifiers(DEFAULT_CLASSIFIERS, default_jobs()), keeping)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, one_thread_a_call():
        same = _print_screening(Path(folder) / "screening", parsed, both)
        same &= _print_teaching(Path(folder) / "teaching", parsed, both)
    print("every answer and every kept row is the same" if same else "an answer or a kept row DIFFERS")
    return int(not same)


def _print_screening(place: Path, parsed: argparse.Namespace, both: Sequence[ClassifierSet]) -> bool:
    originals, images = [found.path for found in Scan([parsed.folder])], parsed.images
    (place / "in").mkdir(parents=True)
    for number, original in enumerate(islice(cycle(originals), images)):
        shutil.copyfile(original, place / "in" / f"{number:05}{original.suffix}")
    spent: list[list[Spent]] = [[], []]
    # The first round is a warm-up; which of the two begins changes.
    for number in range(parsed.rounds + 1):
        for which in (0, 1) if number % 2 else (1, 0):
            study = place / f"{number}-{which}.bloodsmear"
            took = _spent(lambda which=which, study=study: _screen(place / "in", study, both[which]))  # type: ignore[misc]
            spent[which] += [took] if number else []
    for which, words in enumerate(("without keeping", "keeping")):
        wall, processor = (
            statistics.median(getattr(one, what) for one in spent[which]) for what in Spent.__slots__
        )
        print(
            f"screening, {words:16}{1000 * wall / images:8.1f} ms an image, {1000 * processor / images:6.1f} of a "
            "processor"
        )
    for what in Spent.__slots__:
        least = [min(getattr(one, what) for one in each) for each in spent]
        ratios = [getattr(new, what) / getattr(old, what) for old, new in zip(*spent, strict=True)]
        print(
            f"    {what:9} {100 * (statistics.median(ratios) - 1):+.1f} % "
            f"({100 * (min(ratios) - 1):+.1f} to {100 * (max(ratios) - 1):+.1f}), "
            f"least {100 * (least[1] / least[0] - 1):+.1f} %"
        )
    sizes = [(place / f"0-{which}.bloodsmear").stat().st_size for which in (0, 1)]
    print(f"    the study grows by {(sizes[1] - sizes[0]) / images:,.0f} bytes an image", flush=True)
    return _answers(place / "0-0.bloodsmear") == _answers(place / "0-1.bloodsmear")


def _print_teaching(place: Path, parsed: argparse.Namespace, both: Sequence[ClassifierSet]) -> bool:
    count = 0
    for label, source in zip(LABELS, sorted(filter(Path.is_dir, parsed.labelled.iterdir())), strict=False):
        for number, found in enumerate(islice(Scan([source]), parsed.a_label)):
            target = place / "in" / f"case-{number // _OF_A_CASE}" / f"{label} {number}{found.path.suffix}"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(found.path, target)
            count += 1
    studies = [place / f"{which}.bloodsmear" for which in (0, 1)]
    for study, classifiers in zip(studies, both, strict=True):
        _screen(place / "in", study, classifiers)
        _decide(study)
    lessons: list[StudyLesson] = []
    spent: list[list[float]] = [[], []]
    for _ in range(parsed.rounds):
        for which in (0, 1):
            spent[which].append(_spent(lambda which=which: lessons.append(_teach(studies[which]))).wall)  # type: ignore[misc]
    for which, words in enumerate(("nothing kept", "all kept by screening")):
        made = len(lessons[which].rows.made)
        print(
            f"to the first head of {count} images, {words:22}{statistics.median(spent[which]):6.1f} s, "
            f"{made} images read",
            flush=True,
        )
    old, new = (one.lesson.examples for one in lessons[:2])
    return (
        old.features.tobytes() == new.features.tobytes()
        and old.base_probabilities.tobytes() == new.base_probabilities.tobytes()
        and old.colours.tobytes() == new.colours.tobytes()
        and old.fingerprints == new.fingerprints
    )


def _screen(folder: Path, study: Path, classifiers: ClassifierSet) -> None:
    screen(ScreeningPlan((folder,), study, jobs=default_jobs()), classifiers, ScreeningEvents(), Cancel())


def _decide(study: Path) -> None:
    with StudyStore.open_existing(study) as there:
        head = there.head
    with StudyStore.open_or_create(study, head) as store:
        names = [one.image for one in store.listed_images()]
        for label in LABELS:
            Reviewing(store, "reader").decide(
                [one for one in names if Path(one).name.startswith(f"{label} ")], label
            )


def _teach(study: Path) -> StudyLesson:
    base = open_base(classifier_folders()[TAUGHT_ON])
    return teach_studies([study], base, False, report_nowhere, Cancel())


def _answers(study: Path) -> list[object]:
    with StudyStore.open_existing(study) as store:
        return [record.answers for record in store.records()]


def _spent(run: Callable[[], object]) -> Spent:
    wall, processor = time.perf_counter(), time.process_time()
    run()
    return Spent(time.perf_counter() - wall, time.process_time() - processor)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
