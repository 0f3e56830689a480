"""The command: what it measures on, what it writes and where."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from msgspec.structs import replace

from bloodsmear import paths
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.card_file import read_card
from bloodsmear.classifiers.engine import RawAnswer
from bloodsmear.classifiers.preprocess import prepare_input
from bloodsmear.errors import DataSetError, UsageError
from bloodsmear.images.decode import decode_image
from bloodsmear.images.fingerprint import fingerprint
from bloodsmear.jobs import Cancel, JobCancelled
from bloodsmear.jobs.training_messages import Finished
from bloodsmear.json_file import read_json
from bloodsmear.teaching.labelled_folder import CROPS_FILE
from training.command_output import MessageSpeaker
from training.commands import evaluate as command
from training.data.data_set import read_data_set
from training.data.split import Part, Split, read_split, with_fingerprints, write_split
from training.evaluation.evaluation import Evaluation
from training.evaluation.shifts import SHIFTS
from training.options.evaluate_options import EvaluateOptions

HISTORY = (
    '[{"epoch":1,"loss":1.0,"accuracy":0.5,"validation_loss":0.9,"validation_accuracy":0.6,'
    '"checkpoint":"epoch_001.keras"}]'
)


class FirstLabel:
    """An engine that answers the first label for every picture; it counts them, and may ask to stop."""

    def __init__(self, stop_after: int = 0, cancel: Cancel | None = None) -> None:
        self.answered = 0
        self._stop_after = stop_after
        self._cancel = cancel

    def run(self, prepared: npt.NDArray[np.float32]) -> RawAnswer:
        self.answered += 1
        if self._cancel is not None and self.answered == self._stop_after:
            self._cancel.request()
        return RawAnswer(np.array([0.7, 0.1, 0.1, 0.1], np.float32), None)


class Heard(MessageSpeaker):
    """Keeps what is said."""

    def __init__(self) -> None:
        self.messages: list[object] = []

    def say(self, message: object) -> None:
        self.messages.append(message)


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Card:
    shipped = read_card(paths.shipped_classifiers() / "unet")
    small = replace(shipped, recipe=replace(shipped.recipe, width_px=12, height_px=12))
    monkeypatch.setenv("BLOODSMEAR_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(command, "read_checked_card", lambda folder: small)
    return small


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FirstLabel:
    made = FirstLabel()
    monkeypatch.setattr(command, "_engine_of", lambda classifier, card: made)
    return made


def split_of(root: Path, file: Path) -> Path:
    """Every third image held out, the others to train."""
    data_set = read_data_set(root)
    parts: dict[str, Part] = {
        data_set.name_of(image): "held_out" if image.number % 3 == 0 else "train" for image in data_set.images
    }
    write_split(file, Split(0, "every third", parts))
    return file


def test_page_and_data_are_written_and_the_data_name_no_image(
    labelled_folder: Callable[[int], Path], tmp_path: Path, card: Card, engine: FirstLabel
) -> None:
    root = labelled_folder(12)
    speaker, run = Heard(), tmp_path / "run"
    run.mkdir()
    split_of(root, run / "split.json")
    (run / "history.json").write_text(HISTORY, encoding="utf-8")
    options = EvaluateOptions(Path("unet"), root, run=run, target=tmp_path / "out")
    command.evaluate(options, speaker, Cancel())

    evaluation = read_json(tmp_path / "out" / "evaluation.json", Evaluation)
    assert evaluation.images == 16
    assert engine.answered == 16 * (4 + len(SHIFTS))
    assert evaluation.subject is not None
    assert (evaluation.subject.measured_on, evaluation.subject.train_images) == ("held_out", 32)
    assert evaluation.baseline is not None
    assert len(evaluation.epochs) == 1
    data = (tmp_path / "out" / "evaluation.json").read_text(encoding="utf-8")
    assert "smear (" not in data
    assert str(tmp_path) not in data
    page = (tmp_path / "out" / "evaluation.html").read_text(encoding="utf-8")
    assert "smear (" in page
    finished = speaker.messages[-1]
    assert isinstance(finished, Finished)
    assert finished.page == str(tmp_path / "out" / "evaluation.html")
    assert finished.page in finished.sentence


def test_all_of_another_folder_has_no_baseline(
    labelled_folder: Callable[[int], Path],
    tmp_path: Path,
    card: Card,
    engine: FirstLabel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    command.evaluate(EvaluateOptions(Path("unet"), labelled_folder(3), all_images=True), Heard(), Cancel())
    evaluation = read_json(tmp_path / "evaluation-unet" / "evaluation.json", Evaluation)
    assert (evaluation.images, evaluation.baseline) == (12, None)
    assert evaluation.figures[0].command == "bloodsmear-train evaluate unet --data FOLDER --all"


def test_an_image_that_was_trained_on_is_refused_before_anything_is_measured(
    labelled_folder: Callable[[int], Path],
    tmp_path: Path,
    card: Card,
    engine: FirstLabel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = labelled_folder(3)
    mark = f"{int(fingerprint(decode_image(root / 'Pre' / 'smear (1).png').pixels)):016x}"
    seen = replace(card, trained_on=replace(card.trained_on, fingerprints=(mark,)))
    monkeypatch.setattr(command, "read_checked_card", lambda folder: seen)
    options = EvaluateOptions(Path("unet"), root, all_images=True, target=tmp_path / "out")
    with pytest.raises(DataSetError, match=r"1 images were seen in training, .*smear \(1\)\.png first"):
        command.evaluate(options, Heard(), Cancel())
    assert engine.answered == 0


def test_the_split_of_other_pictures_with_the_same_names_is_refused(
    labelled_folder: Callable[[int], Path], tmp_path: Path, card: Card, engine: FirstLabel
) -> None:
    root = labelled_folder(3)
    data_set = read_data_set(root)
    split = read_split(split_of(root, tmp_path / "split.json"))
    of_others = np.arange(1, 13, dtype=np.uint64)
    write_split(tmp_path / "split.json", with_fingerprints(split, data_set, of_others))
    options = EvaluateOptions(Path("unet"), root, split=tmp_path / "split.json", target=tmp_path / "out")
    with pytest.raises(DataSetError, match=r"12 images in .* are other pictures than the split was made of"):
        command.evaluate(options, Heard(), Cancel())
    assert engine.answered == 0


def test_a_classifier_of_images_is_not_measured_on_cells_nor_one_of_cells_on_images(
    labelled_folder: Callable[[int], Path],
    tmp_path: Path,
    card: Card,
    engine: FirstLabel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = labelled_folder(3)
    options = EvaluateOptions(Path("unet"), root, all_images=True, target=tmp_path / "out")
    (root / CROPS_FILE).touch()
    with pytest.raises(
        UsageError, match=r"unet answers for whole images, but .* holds crops of single cells"
    ):
        command.evaluate(options, Heard(), Cancel())
    (root / CROPS_FILE).unlink()
    monkeypatch.setattr(command, "read_checked_card", lambda folder: replace(card, answers_for="cell"))
    with pytest.raises(UsageError, match="unet answers for single cells, but"):
        command.evaluate(options, Heard(), Cancel())
    assert engine.answered == 0


def test_the_classifiers_own_folder_is_not_a_target(
    labelled_folder: Callable[[int], Path], tmp_path: Path, card: Card, engine: FirstLabel
) -> None:
    classifier = tmp_path / "unet"
    options = EvaluateOptions(classifier, labelled_folder(3), all_images=True, target=classifier / "page")
    with pytest.raises(UsageError, match="lies in the classifier's folder"):
        command.evaluate(options, Heard(), Cancel())
    assert not classifier.exists()


def test_asked_to_stop_it_stops_between_two_pictures_and_writes_nothing(
    labelled_folder: Callable[[int], Path], tmp_path: Path, card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancel = Cancel()
    engine = FirstLabel(stop_after=5, cancel=cancel)
    monkeypatch.setattr(command, "_engine_of", lambda classifier, card: engine)
    options = EvaluateOptions(Path("unet"), labelled_folder(10), all_images=True, target=tmp_path / "out")
    with pytest.raises(JobCancelled):
        command.evaluate(options, Heard(), cancel)
    assert engine.answered < 10
    assert list((tmp_path / "out").iterdir()) == []


def test_of_several_classifiers_the_consensus_is_measured_on_what_none_of_them_has_seen(
    labelled_folder: Callable[[int], Path], tmp_path: Path, card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = replace(card, id="vgg16", name="VGG16", labels=tuple(reversed(card.labels)))
    cards = {"unet": card, "vgg16": other}
    monkeypatch.setattr(command, "read_checked_card", lambda folder: cards[folder.name])
    engines = {"unet": FirstLabel(), "vgg16": FirstLabel()}
    monkeypatch.setattr(command, "_engine_of", lambda classifier, card: engines[card.id])
    root, speaker = labelled_folder(6), Heard()
    options = EvaluateOptions(
        Path("unet"),
        root,
        split=split_of(root, tmp_path / "split.json"),
        target=tmp_path / "out",
        beside=(Path("vgg16"),),
    )
    command.evaluate(options, speaker, Cancel())
    evaluation = read_json(tmp_path / "out" / "evaluation.json", Evaluation)
    # The first output of the one is Benign, of the other Pro-B: they never agree, and the tie goes to the first.
    assert evaluation.figure("share_in_disagreement").value == 1.0
    assert [row[0] for row in evaluation.confusion] == [2, 2, 2, 2]
    assert evaluation.figures[0].command == "bloodsmear-train evaluate unet vgg16 --data FOLDER"
    assert evaluation.subject is not None
    assert evaluation.subject.name == "the consensus of U-Net and VGG16"
    finished = speaker.messages[-1]
    assert isinstance(finished, Finished)
    assert "VGG16 alone: Benign called one of the other three 1.0000" in finished.sentence


def test_classifiers_of_other_labels_have_no_consensus_to_measure(
    labelled_folder: Callable[[int], Path], tmp_path: Path, card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = replace(card, id="mine", labels=(*card.labels[:3], replace(card.labels[3], key="basophil")))
    cards = {"unet": card, "mine": other}
    monkeypatch.setattr(command, "read_checked_card", lambda folder: cards[folder.name])
    options = EvaluateOptions(Path("unet"), labelled_folder(3), True, target=tmp_path, beside=(Path("mine"),))
    with pytest.raises(UsageError, match="unet and mine have different labels"):
        command.evaluate(options, Heard(), Cancel())


def test_a_recipe_with_blue_first_is_shifted_red_first_and_answered_as_in_use(
    labelled_folder: Callable[[int], Path], tmp_path: Path, card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Remembers(FirstLabel):
        def __init__(self) -> None:
            super().__init__()
            self.seen: list[npt.NDArray[np.float32]] = []

        def run(self, prepared: npt.NDArray[np.float32]) -> RawAnswer:
            self.seen.append(prepared)
            return super().run(prepared)

    blue_first = replace(card, recipe=replace(card.recipe, channels="bgr", scale=1.0, offset=0.0))
    monkeypatch.setattr(command, "read_checked_card", lambda folder: blue_first)
    engine, root = Remembers(), labelled_folder(1)
    monkeypatch.setattr(command, "_engine_of", lambda classifier, card: engine)
    command.evaluate(EvaluateOptions(Path("unet"), root, True, target=tmp_path / "out"), Heard(), Cancel())
    decoded = [decode_image(root / folder / "smear (0).png").pixels for folder in ("Benign", "Pro")]
    for image in decoded:
        prepared = prepare_input(image, blue_first.recipe)
        assert any(np.array_equal(prepared, one) for one in engine.seen)
    # Warm is more red: the last channel of what the network sees.
    places = list(SHIFTS).index("white_balance_warm") + 1
    plain, warm = (np.mean(engine.seen[start : start + 4], axis=(0, 1, 2)) for start in (0, 4 * places))
    assert warm[2] > plain[2]
    assert warm[0] < plain[0]
