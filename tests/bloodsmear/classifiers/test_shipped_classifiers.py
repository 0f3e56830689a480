"""The classifiers that ship, on real smears: the graph answers as the reference engine does."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bloodsmear import paths
from bloodsmear.classifiers.fast_engine import LARGEST_MOVE, LEAST_INT8_SHARE
from bloodsmear.classifiers.folder import (
    open_classifier,
    open_fast_classifier,
    open_screening_classifier,
    verify_classifier,
)
from bloodsmear.classifiers.graph_cache import GraphCache
from bloodsmear.images.decode import decode_image

MAX_BYTES = 40_000_000

REFERENCE = """
import sys
from pathlib import Path
import numpy as np
from bloodsmear.classifiers.keras_side.tensorflow_engine import open_reference_classifier
from bloodsmear.images.decode import decode_image
classifier = open_reference_classifier(Path(sys.argv[1]))
names = Path(sys.argv[2]).read_text(encoding="utf-8").splitlines()
answers = [classifier.predict(decode_image(Path(name)).pixels) for name in names]
np.save(sys.argv[3], [answer.probabilities for answer in answers])
"""


@pytest.fixture(params=["vgg16", "unet"])
def shipped(request: pytest.FixtureRequest) -> Path:
    folder = paths.shipped_classifiers() / str(request.param)
    if not (folder / "model.keras").is_file():
        pytest.skip(f"needs the classifier {folder}")
    return folder


def test_a_shipped_classifier_passes_its_verification(shipped: Path, warm_cache: GraphCache) -> None:
    outcome = verify_classifier(shipped, cache=warm_cache)
    assert outcome.id == shipped.name


def test_a_shipped_classifier_holds_only_its_own_files_and_none_too_large_for_git(
    shipped: Path,
) -> None:
    allowed = {"model.keras", "card.json", "evaluation.json", "MODEL_CARD.md", "graph.xml", "graph.bin"}
    files = list(shipped.iterdir())
    assert {file.name for file in files} <= allowed | {"graph_int8.xml", "graph_int8.bin"}
    assert all(file.stat().st_size < MAX_BYTES for file in files)


def test_fast_answers_of_a_shipped_classifier_are_near_the_exact_ones_on_the_full_size_smears(
    shipped: Path, shared_data: Path, warm_cache: GraphCache
) -> None:
    exact, fast = (opener(shipped, cache=warm_cache) for opener in (open_classifier, open_fast_classifier))
    moved = []
    for path in (shared_data / "fullsize").rglob("*.jpg"):
        pixels = decode_image(path).pixels
        answers = exact.predict(pixels), fast.predict(pixels)
        first, second = (np.array(answer.probabilities) for answer in answers)
        assert first.argmax() == second.argmax(), path.name
        assert abs(first - second)[first.argmax()] <= LARGEST_MOVE, path.name
        assert answers[0].unlike_training == answers[1].unlike_training, path.name
        moved.append(answers[0] != answers[1])
    assert np.mean(moved) > LEAST_INT8_SHARE, "an answer of the exact graph is the same bit for bit"


def test_graph_and_reference_agree_within_1e_5_on_the_full_size_smears(
    shipped: Path, shared_data: Path, warm_cache: GraphCache, tmp_path: Path
) -> None:
    images = sorted(
        path for path in (shared_data / "fullsize").rglob("*") if path.suffix.lower() in (".jpg", ".png")
    )
    assert len(images) == 35
    # Some of each label: all of them take TensorFlow a quarter of a minute.
    images = images[::3]
    (tmp_path / "names.txt").write_text("\n".join(map(str, images)), encoding="utf-8")
    command = [
        sys.executable,
        "-c",
        REFERENCE,
        *map(str, (shipped, tmp_path / "names.txt", tmp_path / "reference.npy")),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    classifier, screening = (
        opener(shipped, cache=warm_cache) for opener in (open_classifier, open_screening_classifier)
    )
    pictures = [decode_image(path).pixels for path in images]
    predictions = [classifier.predict(picture) for picture in pictures]
    assert [screening.predict(picture) for picture in pictures[:3]] == predictions[:3], "the same bits"
    answers = [one.probabilities for one in predictions]
    assert np.abs(np.array(answers) - np.load(tmp_path / "reference.npy")).max() < 1e-5
