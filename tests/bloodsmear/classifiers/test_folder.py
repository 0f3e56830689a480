"""A classifier's folder: what opens it and what refuses it."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest

from bloodsmear.classifiers import folder as folder_module
from bloodsmear.classifiers import golden
from bloodsmear.classifiers.card import Card, GoldenCase
from bloodsmear.classifiers.engine import Engine
from bloodsmear.classifiers.folder import find_classifier_folders, open_classifier, verify_classifier
from bloodsmear.classifiers.graph_cache import GraphCache
from bloodsmear.errors import CardError, ClassifierError

if TYPE_CHECKING:
    from tests.bloodsmear.conftest import FolderMaker

IMAGE = np.random.default_rng(9).integers(0, 256, (50, 70, 3), dtype=np.uint8)


def wrong_golden(card: Card) -> Card:
    case = card.golden[0]
    turned = GoldenCase(image=case.image, sha256=case.sha256, probabilities=case.probabilities[::-1])
    return msgspec.structs.replace(card, golden=(turned,))


def test_an_opened_classifier_predicts_with_calibration_and_distance(
    folder_maker: FolderMaker, warm_cache: GraphCache
) -> None:
    classifier = open_classifier(folder_maker.make(), cache=warm_cache)
    prediction = classifier.predict(IMAGE)
    assert len(prediction.probabilities) == len(classifier.card.labels)
    assert sum(prediction.probabilities) == pytest.approx(1.0)
    assert prediction.feature_distance is not None
    assert classifier.predict(IMAGE) == prediction


def test_the_order_of_labels_is_the_cards(folder_maker: FolderMaker, warm_cache: GraphCache) -> None:
    classifier = open_classifier(folder_maker.make(), cache=warm_cache)
    assert classifier.card.label_keys == ("benign", "pre_b", "pro_b", "early_pre_b")


def test_a_missing_model_is_named(folder_maker: FolderMaker, warm_cache: GraphCache) -> None:
    folder = folder_maker.make()
    (folder / "model.keras").unlink()
    with pytest.raises(
        ClassifierError, match=r"tiny/model\.keras is missing; install the classifier tiny again"
    ):
        open_classifier(folder, cache=warm_cache)


def test_an_altered_model_is_named_whether_or_not_its_size_fits(
    folder_maker: FolderMaker, warm_cache: GraphCache
) -> None:
    folder = folder_maker.make()
    content = (folder / "model.keras").read_bytes()
    (folder / "model.keras").write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(ClassifierError, match=r"tiny/model\.keras was altered: its sha256 is"):
        open_classifier(folder, cache=warm_cache)
    (folder / "model.keras").write_bytes(content + b"more")
    with pytest.raises(ClassifierError, match=r"tiny/model\.keras was altered: it has \d+ bytes"):
        verify_classifier(folder, cache=warm_cache)


def test_a_card_with_an_unknown_field_is_refused(folder_maker: FolderMaker, warm_cache: GraphCache) -> None:
    folder = folder_maker.make()
    path = folder / "card.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"id"', '"colour": 1, "id"'), encoding="utf-8")
    with pytest.raises(CardError, match=r"tiny/card\.json: the card has the unknown field `colour`"):
        open_classifier(folder, cache=warm_cache)


def test_a_folder_with_another_name_than_the_cards_id_is_refused(
    folder_maker: FolderMaker, warm_cache: GraphCache
) -> None:
    folder = folder_maker.make()
    other = folder.rename(folder.parent / "other")
    with pytest.raises(CardError, match="id is 'tiny'; the folder must have the same name"):
        open_classifier(other, cache=warm_cache)


def test_a_classifier_that_fails_its_golden_test_is_refused(
    folder_maker: FolderMaker, warm_cache: GraphCache
) -> None:
    folder = folder_maker.make(change=wrong_golden)
    with pytest.raises(ClassifierError, match="tiny does not answer its golden test as its card says"):
        open_classifier(folder, cache=warm_cache)
    with pytest.raises(ClassifierError, match="at most 1e-05 is allowed"):
        verify_classifier(folder, cache=warm_cache)


def test_an_altered_or_missing_demo_image_is_named(
    folder_maker: FolderMaker, demo_images: Path, warm_cache: GraphCache
) -> None:
    folder = folder_maker.make()
    smear = demo_images / "case" / "smear.png"
    shutil.copy(smear, demo_images / "kept.png")
    smear.write_bytes(smear.read_bytes() + b"more")
    with pytest.raises(ClassifierError, match=r"smear\.png is not the one that the golden test of tiny"):
        verify_classifier(folder, cache=warm_cache)
    smear.unlink()
    with pytest.raises(ClassifierError, match=r"smear\.png, which the golden test of tiny needs"):
        verify_classifier(folder, cache=warm_cache)


def _with_other_last_digits(card: Card) -> Card:
    case = card.golden[0]
    probabilities = tuple(value + 1e-7 for value in case.probabilities)
    return msgspec.structs.replace(card, golden=(msgspec.structs.replace(case, probabilities=probabilities),))


def test_the_golden_test_runs_once_for_opening_and_each_time_for_verifying(
    folder_maker: FolderMaker, demo_images: Path, warm_cache: GraphCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A card of its own: other tests' may have passed on this PC before.
    folder = folder_maker.make("vgg", _with_other_last_digits)
    runs = []
    measure = golden.largest_golden_difference

    def counted(card: Card, engine: Engine, demo_images: Path, temperature: float | None = None) -> float:
        runs.append(1)
        return measure(card, engine, demo_images, temperature)

    monkeypatch.setattr(folder_module, "largest_golden_difference", counted)
    open_classifier(folder, cache=warm_cache)
    open_classifier(folder, cache=warm_cache)
    assert len(runs) == 1
    verify_classifier(folder, cache=warm_cache)
    verify_classifier(folder, cache=warm_cache)
    assert len(runs) == 3


def test_a_card_with_another_golden_test_is_tested_again(
    folder_maker: FolderMaker, warm_cache: GraphCache
) -> None:
    folder = folder_maker.make()
    open_classifier(folder, cache=warm_cache)
    shutil.rmtree(folder)
    with pytest.raises(ClassifierError, match="golden test"):
        open_classifier(folder_maker.make(change=wrong_golden), cache=warm_cache)


def test_verifying_says_what_was_verified_and_how_far_it_is_off(
    folder_maker: FolderMaker, warm_cache: GraphCache
) -> None:
    outcome = verify_classifier(folder_maker.make(), cache=warm_cache)
    assert outcome.id == "tiny"
    assert outcome.version_mark.startswith("1.0+")
    assert 0 <= outcome.largest_difference < 1e-6


def test_the_users_classifier_wins_over_the_shipped_one_of_the_same_id(tmp_path: Path) -> None:
    for place, ids in (("user", ["unet", "own"]), ("shipped", ["vgg16", "unet"])):
        for classifier_id in ids:
            (tmp_path / place / classifier_id).mkdir(parents=True)
            (tmp_path / place / classifier_id / "card.json").write_text("{}")
    (tmp_path / "user" / "empty").mkdir()
    (tmp_path / "user" / ".hidden").mkdir()
    (tmp_path / "user" / ".hidden" / "card.json").write_text("{}")
    found = find_classifier_folders((tmp_path / "user", tmp_path / "shipped", tmp_path / "nowhere"))
    assert list(found) == ["own", "unet", "vgg16"]
    assert found["unet"] == tmp_path / "user" / "unet"
    assert found["vgg16"] == tmp_path / "shipped" / "vgg16"


def test_a_folder_with_a_model_but_no_card_is_found_and_says_so_when_opened(tmp_path: Path) -> None:
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "model.keras").write_bytes(b"x")
    folder = find_classifier_folders((tmp_path,))["half"]
    with pytest.raises(CardError, match=r"half/card\.json cannot be read"):
        open_classifier(folder)


@pytest.fixture
def closed_to_us(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of folders that the system does not let us look into (root may, so the system is played here)."""
    closed: list[str] = []
    look, list_it = Path.stat, Path.iterdir

    def stat(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        if path.parent.name in closed:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return look(path, follow_symlinks=follow_symlinks)

    def iterdir(path: Path) -> Iterator[Path]:
        if path.name in closed:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return list_it(path)

    monkeypatch.setattr(Path, "stat", stat)
    monkeypatch.setattr(Path, "iterdir", iterdir)
    return closed


def test_a_folder_that_may_not_be_read_is_found_and_says_so_when_opened(
    tmp_path: Path, closed_to_us: list[str]
) -> None:
    (tmp_path / "closed").mkdir()
    closed_to_us.append("closed")
    folder = find_classifier_folders((tmp_path,))["closed"]
    with pytest.raises(CardError, match=r"closed/card\.json cannot be read \(Permission denied\)"):
        open_classifier(folder)


def test_a_place_that_may_not_be_read_is_named(tmp_path: Path, closed_to_us: list[str]) -> None:
    (tmp_path / "place").mkdir()
    closed_to_us.append("place")
    with pytest.raises(ClassifierError, match=r"place cannot be read \(Permission denied\); give yourself"):
        find_classifier_folders((tmp_path / "place",))


def test_opening_a_classifier_and_predicting_loads_neither_tensorflow_nor_keras(
    folder_maker: FolderMaker, demo_images: Path, warm_cache: GraphCache
) -> None:
    folder = folder_maker.make()
    code = f"""
import sys
from pathlib import Path
import numpy as np
from bloodsmear import paths
from bloodsmear.classifiers.folder import open_classifier
from bloodsmear.classifiers.graph_cache import GraphCache
paths.demo_images = lambda: Path({str(demo_images)!r})
assert "openvino" not in sys.modules, "openvino must wait until a classifier is opened"
cache = GraphCache(Path({str(warm_cache.place)!r}), Path({str(warm_cache.converter)!r}))
open_classifier(Path({str(folder)!r}), cache=cache).predict(np.zeros((40, 50, 3), np.uint8))
print(sorted({{"tensorflow", "keras", "torch", "jax", "PySide6"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "[]", done.stderr


def test_what_reading_a_card_and_a_graph_needs_is_there_before_two_threads_do_it(
    folder_maker: FolderMaker, demo_images: Path, warm_cache: GraphCache
) -> None:
    """Two threads that decode a type of msgspec's for the first time end the program (a null pointer).

    Describing a type runs msgspec's Python code, which is watched for while a classifier is opened.
    """
    folder = folder_maker.make()
    open_classifier(folder, cache=warm_cache)
    code = f"""
import sys
from pathlib import Path
from bloodsmear import paths
from bloodsmear.classifiers.folder import open_classifier
from bloodsmear.classifiers.graph_cache import GraphCache
paths.demo_images = lambda: Path({str(demo_images)!r})
cache = GraphCache(Path({str(warm_cache.place)!r}), Path({str(warm_cache.converter)!r}))
ran = set()
sys.setprofile(lambda frame, event, _: ran.add(frame.f_code.co_filename) if event == "call" else None)
open_classifier(Path({str(folder)!r}), cache=cache)
sys.setprofile(None)
print([name for name in ran if Path(name).parent.name == "msgspec"])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "[]", done.stderr
