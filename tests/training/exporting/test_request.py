"""What an export refuses before it begins."""

from pathlib import Path

import pytest

from bloodsmear.errors import TrainingError
from training.exporting.request import ExportRequest, check_request
from training.exporting.words import MakersWords


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
