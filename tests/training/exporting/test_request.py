"""What a maker says of a classifier, and what an export refuses before it begins."""

from pathlib import Path

import msgspec
import pytest

from bloodsmear import RESEARCH_USE, paths
from bloodsmear.errors import TrainingError
from training.exporting.request import (
    ExportRequest,
    MakersWords,
    check_request,
    check_words,
    read_words,
    usual_words,
)


def test_a_new_folder_and_one_with_an_older_classifier_may_be_written(
    tmp_path: Path, words: MakersWords
) -> None:
    request = ExportRequest(tmp_path / "tiny", words, tmp_path / "tiny.zip")
    check_request(request)
    request.target.mkdir()
    for name in ("model.keras", "card.json", "graph.bin", ".DS_Store"):
        (request.target / name).write_bytes(b"older")
    check_request(request)


@pytest.mark.parametrize("other", ["smear (1).jpg", ".git", "page.html"])
def test_a_folder_that_holds_anything_else_is_not_replaced(
    other: str, tmp_path: Path, words: MakersWords
) -> None:
    (tmp_path / "tiny" / other).mkdir(parents=True)
    with pytest.raises(TrainingError, match=r"which is not a file of a classifier\. Name a new folder"):
        check_request(ExportRequest(tmp_path / "tiny", words))


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path, words: MakersWords) -> None:
    (tmp_path / "tiny").write_bytes(b"")
    with pytest.raises(TrainingError, match="tiny is a file"):
        check_request(ExportRequest(tmp_path / "tiny", words))


@pytest.mark.parametrize("archive", ["tiny.rar", "nowhere/tiny.zip"])
def test_a_zip_that_could_not_be_written_or_added_is_refused(
    archive: str, tmp_path: Path, words: MakersWords
) -> None:
    with pytest.raises(TrainingError, match=r"must end in \.zip and lie in a folder that exists"):
        check_request(ExportRequest(tmp_path / "tiny", words, tmp_path / archive))


def test_usual_words_can_be_meant_and_say_what_it_must_not_be_used_for() -> None:
    words = usual_words("lab-2", None, "vgg16")
    check_words(words, Path("somewhere") / "lab-2")
    assert words.name == "VGG16 (lab-2)"
    assert words.limits[0] == RESEARCH_USE
    assert "diagnos" not in str(words).replace(RESEARCH_USE, "").casefold()
    assert usual_words("lab-2", "Our own", "vgg16").name == "Our own"


def test_a_file_of_words_is_read_and_one_with_a_slip_of_the_pen_is_named(
    tmp_path: Path, words: MakersWords
) -> None:
    file = tmp_path / "words.toml"
    pairs = msgspec.to_builtins(words).items()
    file.write_text(
        "\n".join(f"{key} = {msgspec.json.encode(value).decode()}" for key, value in pairs), "utf-8"
    )
    assert read_words(file) == words
    file.write_text(file.read_text("utf-8").replace("licence", "license"), "utf-8")
    with pytest.raises(TrainingError, match=r"Cannot use .*words\.toml: .*licen[cs]e"):
        read_words(file)
    with pytest.raises(TrainingError, match=r"Cannot use .*none\.toml"):
        read_words(tmp_path / "none.toml")


def test_words_for_another_folder_and_golden_images_that_are_none_are_refused(words: MakersWords) -> None:
    with pytest.raises(TrainingError, match="id = 'tiny', but the folder is 'other'"):
        check_words(words, Path("other"))
    with pytest.raises(TrainingError, match="do not name golden_images"):
        check_words(msgspec.structs.replace(words, golden_images=()), Path("tiny"))
    with pytest.raises(TrainingError, match=r"'none\.png', which is not a demo image"):
        check_words(msgspec.structs.replace(words, golden_images=("none.png",)), Path("tiny"))
    assert all((paths.demo_images() / image).is_file() for image in words.golden_images)
