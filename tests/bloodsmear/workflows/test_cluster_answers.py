"""What a worker says of an image is believed value by value, and no pickle runs anything once a cluster was asked."""

import subprocess
import sys
from dataclasses import replace

import msgspec
import pytest

from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.errors import ClassifierError
from bloodsmear.images.formats.reader_contract import DECODER
from bloodsmear.images.image_quality import ImageQuality
from bloodsmear.review.consensus import consensus_of
from bloodsmear.review.records import Answer, ClassifierMark, ImageRecord
from bloodsmear.workflows.cluster_answers import (
    RemoteRead,
    answer_of,
    encode,
    question_of,
    record_of,
    refusal_of,
)

MARK = ClassifierMark("vgg16", "VGG16", "1.0+1a", "1a" * 32, ("benign", "pre_b"))
ASKED = RemoteRead("/smears/1.png", "1.png", "case", True, (MARK,), 2, 12)
QUALITY = ImageQuality(12.5, 0.25, 0.5)
ANSWERS = (Answer(MARK, Prediction((0.25, 0.75), 3.5, True)),)
RECORD = ImageRecord(
    "1.png",
    "case",
    "ok",
    sha256="ab" * 32,
    width_px=640,
    height_px=480,
    quality=QUALITY,
    answers=ANSWERS,
    denoised_answers=ANSWERS,
    consensus=consensus_of(ANSWERS, QUALITY, ANSWERS),
    colour_profile="sRGB",
    decoder=DECODER,
)
UNREADABLE = ImageRecord(
    "1.png", "case", "unreadable", error="it is cut off.", sha256="ab" * 32, decoder=DECODER
)


def test_a_question_comes_back_as_it_was_asked() -> None:
    assert question_of(encode(ASKED)) == ASKED


@pytest.mark.parametrize("record", [RECORD, UNREADABLE], ids=["read", "unreadable"])
def test_a_record_comes_back_with_the_names_and_the_time_of_this_pc(record: ImageRecord) -> None:
    elsewhere = replace(record, image="other.png", case="other")
    got = record_of(answer_of(elsewhere), ASKED)
    assert got.screened_at is not None
    assert replace(got, screened_at=None) == record


def test_a_worker_that_refuses_says_why() -> None:
    with pytest.raises(ClassifierError, match="has the classifier"):
        record_of(refusal_of(ClassifierError("The worker has the classifier vgg16 2.0.")), ASKED)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("type", "other"),
        ("status", "done"),
        ("decoder", DECODER - 1),
        ("error", "x" * 30_000),
        ("error", 1),
        ("sha256", "../../secret"),
        ("width_px", 0),
        ("width_px", None),
        ("height_px", 10**12),
        ("quality", None),
        ("quality", {"sharpness": float("nan"), "dark_share": 0.0, "bright_share": 0.0}),
        ("predictions", []),
        ("predictions", [{"probabilities": [0.5]}]),
        ("predictions", [{"probabilities": [0.5, 1.5]}]),
        ("predictions", [{"probabilities": [float("nan"), 0.5]}]),
        ("predictions", [{"probabilities": [0.5, 0.5], "feature_distance": float("inf")}]),
        ("predictions", 2 * [{"probabilities": [0.5, 0.5]}]),
        ("denoised_predictions", []),
        ("colour_profile", "x" * 1000),
        ("more", 1),
    ],
)
def test_what_no_worker_of_ours_says_is_refused(field: str, value: object) -> None:
    said = msgspec.msgpack.decode(answer_of(RECORD))
    with pytest.raises(ValueError):  # noqa: PT011 - msgspec's own words, or ours
        record_of(encode({**said, field: value}), ASKED)


@pytest.mark.parametrize("answer", [None, 0, "text", [answer_of(RECORD)], b"", b"\xc1", bytes(1_000_000)])
def test_what_is_not_an_answer_is_refused(answer: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - as above
        record_of(answer, ASKED)


HELD = """
import pickle, sys
from bloodsmear.workflows.cluster import _only_data

class Hostile:
    def __reduce__(self):
        return print, ("RAN",)

hostile = (Hostile(), print, ValueError("x"), {1: [Hostile()]})
code = [pickle.dumps(one, protocol) for one in hostile for protocol in range(6)]
code.append(b"cbuiltins\\nbytes.fromhex\\n(Vff\\ntR.")
data = {"a": [1, 2.5, None, b"x", ("y",)]}
sys.addaudithook(_only_data)
for load in (pickle.loads, pickle._loads):
    assert load(pickle.dumps(data)) == data
    assert load(pickle.dumps(bytes)) is bytes
    for one in code:
        try:
            load(one)
        except TypeError:
            continue
        print("loaded", one)
"""


def test_after_a_cluster_was_asked_a_pickle_is_data_alone() -> None:
    ended = subprocess.run([sys.executable, "-c", HELD], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
