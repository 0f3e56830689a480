"""From one file to one record."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.errors import ClassifierError
from bloodsmear.images.decode import decode_image
from bloodsmear.images.denoise import denoise_image
from bloodsmear.images.image_quality import measure_quality
from bloodsmear.images.scan import FoundImage
from bloodsmear.review.consensus import consensus_of
from bloodsmear.workflows.reading import CHECK_DENOISER, ReadRequest, answers_of, read_image, read_pixels

Draw = Callable[..., Path]
Make = Callable[..., Classifier]


def found(path: Path) -> FoundImage:
    return FoundImage(path, f"case/{path.name}", "case")


def test_a_readable_file_becomes_a_record_with_everything_measured(
    tmp_path: Path, draw_image: Draw, make_classifier: Make
) -> None:
    path = draw_image(tmp_path / "a.png")
    classifiers = [make_classifier("vgg16"), make_classifier("unet", strength=1.0)]

    record = read_image(ReadRequest(found(path)), classifiers)

    pixels = decode_image(path).pixels
    assert (record.image, record.case, record.status, record.error) == ("case/a.png", "case", "ok", "")
    assert record.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (record.width_px, record.height_px) == (48, 36)
    assert record.quality == measure_quality(pixels)
    assert record.answers == answers_of(pixels, classifiers)
    assert [answer.classifier.id for answer in record.answers] == ["vgg16", "unet"]
    assert record.consensus == consensus_of(record.answers, record.quality)
    assert record.denoised_answers == ()
    assert record.screened_at is not None
    assert abs(record.screened_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_an_image_decoded_by_the_window_gives_the_same_record(
    tmp_path: Path, draw_image: Draw, make_classifier: Make
) -> None:
    path = draw_image(tmp_path / "a.png")
    request, classifiers = ReadRequest(found(path)), [make_classifier("vgg16")]

    record = read_pixels(decode_image(path), request, classifiers)

    assert record.answers == read_image(request, classifiers).answers


def test_a_bad_file_is_a_record_with_its_reason_and_no_path(tmp_path: Path, make_classifier: Make) -> None:
    path = tmp_path / "notes.jpg"
    path.write_text("no image at all")

    record = read_image(ReadRequest(found(path)), [make_classifier("vgg16")])

    assert record.status == "unreadable"
    assert record.error
    assert str(tmp_path) not in record.error
    assert record.sha256 == hashlib.sha256(b"no image at all").hexdigest()
    assert (record.answers, record.consensus, record.quality, record.width_px) == ((), None, None, None)


def test_a_file_that_is_gone_is_a_record_without_a_sha256(tmp_path: Path, make_classifier: Make) -> None:
    record = read_image(ReadRequest(found(tmp_path / "gone.png")), [make_classifier("vgg16")])

    assert (record.status, record.sha256) == ("unreadable", "")


def test_the_answers_on_the_denoised_image_are_there_when_asked_for(
    tmp_path: Path, draw_image: Draw, make_classifier: Make
) -> None:
    path = draw_image(tmp_path / "a.png")
    classifiers = [make_classifier("vgg16")]

    record = read_image(ReadRequest(found(path), check_denoised=True), classifiers)

    denoised = denoise_image(decode_image(path).pixels, CHECK_DENOISER)
    assert record.denoised_answers == answers_of(denoised, classifiers)
    # The report's columns stay those of the original.
    assert record.answers == read_image(ReadRequest(found(path)), classifiers).answers


def test_a_classifier_that_cannot_answer_is_not_a_fault_of_the_file(
    tmp_path: Path, draw_image: Draw, make_classifier: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    classifier = make_classifier("vgg16")

    def refuse(image: object) -> object:
        raise ClassifierError("OpenVINO could not answer an image: out of memory.")

    monkeypatch.setattr(classifier, "predict", refuse)

    with pytest.raises(ClassifierError, match="out of memory"):
        read_image(ReadRequest(found(draw_image(tmp_path / "a.png"))), [classifier])
