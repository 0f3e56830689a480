"""Fitting in a process of its own (as always: TensorFlow and Qt never share one), then the engine's answer."""

import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from msgspec.structs import replace

from bloodsmear import RESEARCH_USE, paths
from bloodsmear.classifiers.card_file import read_card, write_card
from bloodsmear.classifiers.folder import open_classifier
from bloodsmear.images.scan import Scan
from bloodsmear.jobs.training_messages import FitStarted, decode_message

Bloodsmear = Callable[..., "subprocess.CompletedProcess[str]"]
WORDS = """
id = "tiny"
name = "Tiny"
version = "0.1"
data_set = "pictures made by a test"
licence = "Apache-2.0"
citation = "none"
limits = ["For tests only."]
golden_images = ["{golden}"]
command = "bloodsmear-train evaluate"
"""


def make_smears(root: Path, images_a_label: int) -> Path:
    random = np.random.default_rng(1)
    for place, folder in enumerate(("Benign", "Early", "Pre", "Pro")):
        (root / folder).mkdir(parents=True)
        for number in range(images_a_label):
            pixels = random.integers(0, 120, (36, 48, 3), np.uint8)
            pixels[:, :, place % 3] += np.uint8(60 + 30 * (place // 3))
            cv2.imwrite(str(root / folder / f"smear ({number}).png"), pixels)
    return root


def _a_demo_image() -> str:
    return next(iter(Scan([paths.demo_images()]))).image


def train(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "training.program", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)


def begun(*arguments: str) -> FitStarted:
    """Start a fit; what it says at its begin, with which everything has been read and accepted. It is killed then."""
    command = [sys.executable, "-m", "training.program", "--messages", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        said = (decode_message(line) for line in process.stdout)
        started = next((message for message in said if isinstance(message, FitStarted)), None)
        process.kill()
    assert started is not None
    return started


@pytest.fixture(scope="module")
def finished_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    place = tmp_path_factory.mktemp("training")
    data = make_smears(place / "smears", 24)
    fitted = train(
        "fit", str(data), "--run", str(place / "run"), "--size", "32", "--epochs", "2", "--batch", "8"
    )
    assert fitted.returncode == 0, fitted.stderr
    return data, place / "run"


@pytest.fixture(scope="module")
def carried(finished_run: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip of the run's classifier, exported without a file of words; its folder lies beside it."""
    data, run = finished_run
    place = tmp_path_factory.mktemp("carried")
    exported = train(
        *("export", str(run), "--data", str(data), "-o", str(place / "tiny")),
        *("--name", "Our own", "--zip", str(place / "tiny.zip")),
    )
    assert exported.returncode == 0, exported.stderr
    assert "accuracy_colour_only_baseline" in exported.stdout
    assert "classifiers add tiny.zip" in exported.stdout
    assert "accuracy_grey" in (place / "tiny" / "evaluation.json").read_text("utf-8")
    assert "<title>Evaluation of Our own 1.0+" in (run / "evaluation.html").read_text("utf-8")
    assert sorted(path.name for path in place.iterdir()) == ["tiny", "tiny.zip"], "nothing is left behind"
    return place / "tiny.zip"


def test_a_fitted_unet_becomes_a_classifier_that_opens_and_answers(carried: Path) -> None:
    target = carried.parent / "tiny"
    classifier = open_classifier(target)
    answer = classifier.predict(np.full((60, 80, 3), 90, np.uint8))
    assert sum(answer.probabilities) == pytest.approx(1.0)
    assert {path.name for path in target.iterdir()} == {
        *("model.keras", "card.json", "evaluation.json", "MODEL_CARD.md", "graph.xml", "graph.bin")
    }
    card = (target / "MODEL_CARD.md").read_text("utf-8")
    assert card.startswith(f"# Our own\n\n**{RESEARCH_USE}**\n")
    assert "diagnos" not in card.replace(RESEARCH_USE, "").casefold()


def test_the_zip_holds_no_image_and_no_file_name_of_the_training_set(
    finished_run: tuple[Path, Path], carried: Path
) -> None:
    data, _ = finished_run
    parts = _unpacked(carried.read_bytes())
    assert "model.keras/model.weights.h5" in parts
    forbidden = [b"smear (", b".png", b".jpg", b"\x89PNG", b"\xff\xd8\xff\xe0", str(data).encode(), b"Early/"]
    for name, content in parts.items():
        # The golden test's images are synthetic and ship with the program.
        content = content.replace(b"synthetic-1/smear-1.jpg", b"").replace(b"synthetic-2/smear-1.jpg", b"")
        content = content.replace(b"synthetic-3/smear-2.png", b"")
        assert [sign for sign in forbidden if sign in content] == [], name
    for image in data.rglob("*.png"):
        assert all(image.read_bytes()[-64:] not in content for content in parts.values())


def _unpacked(content: bytes, place: str = "") -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = {f"{place}{name}": packed.read(name) for name in packed.namelist()}
    for name, part in list(parts.items()):
        if name.endswith(".keras"):
            parts |= _unpacked(part, f"{name}/")
    return parts


def test_a_carried_classifier_is_added_listed_used_and_removed(
    carried: Path, bloodsmear: Bloodsmear, smear_folder: Path, tmp_path: Path
) -> None:
    added = bloodsmear("classifiers", "add", carried)
    assert added.returncode == 0, added.stderr
    assert "passed its golden test and was added: Our own." in added.stdout
    assert "Its graph" not in added.stdout, "the same PC makes the same graph"
    again = bloodsmear("classifiers", "add", carried, "--replace")
    assert again.returncode == 2
    assert "is on this PC already" in again.stderr
    assert "tiny  yours  1.0+" in bloodsmear("classifiers", "list").stdout

    # 1: the folder holds one image that cannot be read.
    screened = bloodsmear("screen", smear_folder, "-o", tmp_path / "r.csv", "--classifier", "tiny", "--quiet")
    assert screened.returncode == 1, screened.stderr
    assert b"tiny_p_early_pre_b" in (tmp_path / "r.csv").read_bytes()

    assert bloodsmear("classifiers", "remove", "tiny").returncode == 0
    assert "tiny" not in bloodsmear("classifiers", "list").stdout


def test_a_classifier_is_given_a_fast_graph_and_screens_with_it(
    finished_run: tuple[Path, Path], carried: Path, bloodsmear: Bloodsmear, smear_folder: Path, tmp_path: Path
) -> None:
    data, _ = finished_run
    target = shutil.copytree(carried.parent / "tiny", paths.user_classifiers() / "tiny")
    report = tmp_path / "r.csv"
    words = ("screen", smear_folder, "-o", report, "--classifier", "tiny", "--quiet")
    refused = bloodsmear(*words, "--fast")
    assert refused.returncode == 2
    assert "has no int8 graph" in refused.stderr

    _make_sure_of_its_answers(target)
    quantised = train("quantise", str(target), "--data", str(data))
    assert quantised.returncode == 0, quantised.stderr
    assert "fast answers change 0.00% of the labels" in quantised.stdout
    before = [(target / name).read_bytes() for name in ("graph_int8.xml", "graph_int8.bin", "card.json")]
    measured = train("quantise", str(target), "--data", str(data), "--measure")
    assert measured.returncode == 0, measured.stderr
    assert "was measured again" in measured.stdout
    assert before == [
        (target / name).read_bytes() for name in ("graph_int8.xml", "graph_int8.bin", "card.json")
    ]
    assert "Fast answers (`bloodsmear screen --fast`" in (target / "MODEL_CARD.md").read_text("utf-8")

    assert bloodsmear(*words).returncode == 1, "the folder holds one image that cannot be read"
    exact = report.read_text("utf-8-sig")
    assert bloodsmear(*words, "--fast").returncode == 1
    fast = report.read_text("utf-8-sig")
    assert "-int8," not in exact
    assert fast.count("-int8,") == fast.count(",ok,") == 6


def _make_sure_of_its_answers(target: Path) -> None:
    """As if it had been fitted for longer: its card makes much of small differences, and knows wider features."""
    card = read_card(target)
    assert card.unlike_training is not None
    features = replace(card.unlike_training.features, threshold=100 * card.unlike_training.features.threshold)
    write_card(
        target,
        replace(card, temperature=0.05, unlike_training=replace(card.unlike_training, features=features)),
    )


def test_a_classifier_of_the_makers_words_is_installed_and_a_second_one_asks_before_it_measures(
    finished_run: tuple[Path, Path], home_of_its_own: Path, tmp_path: Path
) -> None:
    data, run = finished_run
    words = tmp_path / "words.toml"
    words.write_text(WORDS.format(golden=_a_demo_image()), "utf-8")
    command = ("export", str(run), "--data", str(data), "-o", str(tmp_path / "tiny"), "--words", str(words))
    exported = train(*command, "--no-graph", "--install")
    assert exported.returncode == 0, exported.stderr
    assert {path.name for path in (tmp_path / "tiny").iterdir()} == {
        *("model.keras", "card.json", "evaluation.json", "MODEL_CARD.md")
    }
    installed = home_of_its_own / "data" / "classifiers" / "tiny"
    assert (installed / "card.json").read_bytes() == (tmp_path / "tiny" / "card.json").read_bytes()

    refused = train(*command, "--install")
    assert refused.returncode == 2
    assert "Give --replace to put the new one in its place" in refused.stderr
    assert "measuring" not in refused.stdout


def test_the_history_holds_both_epochs_and_the_best_weights_lie_beside_it(
    finished_run: tuple[Path, Path],
) -> None:
    _, run = finished_run
    history = json.loads((run / "history.json").read_text())
    assert [epoch["epoch"] for epoch in history] == [1, 2]
    assert (run / "best.weights.h5").is_file()


def test_a_finished_run_fits_nothing_again(finished_run: tuple[Path, Path]) -> None:
    data, run = finished_run
    again = train("fit", str(data), "--run", str(run), "--size", "32", "--epochs", "2", "--batch", "8")
    assert again.returncode == 0
    assert "loss" not in again.stdout


def test_a_run_refuses_to_go_on_with_other_settings(finished_run: tuple[Path, Path]) -> None:
    data, run = finished_run
    other = train("fit", str(data), "--run", str(run), "--size", "48")
    assert other.returncode == 2
    assert "was begun with other settings" in other.stderr
    assert "Traceback" not in other.stderr


def test_a_split_of_another_folder_is_refused_and_the_command_can_be_corrected(
    finished_run: tuple[Path, Path], tmp_path: Path
) -> None:
    data, run = finished_run
    other = tmp_path / "split.json"
    other.write_text('{"seed": 1, "description": "", "parts": {"elsewhere.png": "train"}}')
    words = (
        "fit",
        str(data),
        "--run",
        str(tmp_path / "run"),
        "--size",
        "32",
        "--epochs",
        "1",
        "--batch",
        "8",
    )
    refused = train(*words, "--split", str(other))
    assert refused.returncode == 2
    assert "is not in the split" in refused.stderr
    assert not (tmp_path / "run").exists()
    assert begun(*words, "--split", str(run / "split.json")).train_images > 0
    corrected, given = (
        json.loads((place / "split.json").read_text("utf-8")) for place in (tmp_path / "run", run)
    )
    assert corrected["parts"] == given["parts"]


def test_weights_of_another_network_are_refused(finished_run: tuple[Path, Path], tmp_path: Path) -> None:
    data, run = finished_run
    weights = run / "best.weights.h5"
    words = ("fit", str(data), "--run", str(tmp_path / "run"), "--architecture", "vgg16", "--size", "32")
    refused = train(*words, "--epochs", "1", "--weights", str(weights))
    assert refused.returncode == 2
    assert "do not fit this network" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("folder", "golden", "sentence"),
    [
        ("tiny", "none.png", "'none.png', which is not a demo image"),
        ("other", "", "but the folder is 'other'"),
    ],
)
def test_words_that_cannot_be_meant_leave_an_older_classifier_as_it_was(
    finished_run: tuple[Path, Path], tmp_path: Path, folder: str, golden: str, sentence: str
) -> None:
    data, run = finished_run
    older = tmp_path / folder / "model.keras"
    older.parent.mkdir()
    older.write_bytes(b"older")
    words = tmp_path / "words.toml"
    words.write_text(WORDS.format(golden=golden or _a_demo_image()), "utf-8")
    refused = train("export", str(run), "--data", str(data), "-o", str(older.parent), "--words", str(words))
    assert refused.returncode == 2
    assert sentence in refused.stderr
    assert older.read_bytes() == b"older"


def test_an_export_that_fails_on_its_way_leaves_everything_as_it_was(
    finished_run: tuple[Path, Path], tmp_path: Path
) -> None:
    data, run = finished_run
    begun = tmp_path / "begun"
    begun.mkdir()
    (begun / "config.json").write_bytes((run / "config.json").read_bytes())
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "model.keras").write_bytes(b"older")
    refused = train("export", str(begun), "--data", str(data), "-o", str(tmp_path / "tiny"))
    assert refused.returncode == 2
    assert "has no finished epoch yet" in refused.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["begun", "tiny"], "nothing is left behind"
    assert (tmp_path / "tiny" / "model.keras").read_bytes() == b"older"


def test_an_export_stops_when_the_window_says_so(finished_run: tuple[Path, Path], tmp_path: Path) -> None:
    data, run = finished_run
    words = ("--messages", "export", str(run), "--data", str(data), "-o", str(tmp_path / "tiny"))
    command = [sys.executable, "-m", "training.program", *words]
    stopped = subprocess.run(
        command, input="stop\n", capture_output=True, text=True, timeout=400, check=False
    )
    assert stopped.returncode == 130, stopped.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_missing_training_folder_is_named() -> None:
    refused = train("fit", "no-such-folder", "--run", "run")
    assert refused.returncode == 2
    assert "no-such-folder" in refused.stderr


def test_a_damaged_image_is_named(tmp_path: Path) -> None:
    data = make_smears(tmp_path / "smears", 12)
    (data / "Pre" / "smear (3).png").write_bytes(b"no picture")
    refused = train("fit", str(data), "--run", str(tmp_path / "run"), "--size", "32", "--epochs", "1")
    assert refused.returncode == 2
    assert "smear (3).png" in refused.stderr
