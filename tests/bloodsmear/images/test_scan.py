"""What a search of folders finds, in which order, and what it leaves aside."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bloodsmear.errors import ScanError
from bloodsmear.images import scan as scan_module
from bloodsmear.images.image_names import IMAGE_EXTENSIONS
from bloodsmear.images.natural_order import natural_key
from bloodsmear.images.scan import Scan
from bloodsmear.jobs import Cancel, JobCancelled


def make(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()


def images(*folders: Path) -> list[str]:
    return [found.image for found in Scan(folders)]


def test_images_of_all_levels_come_in_natural_order(tmp_path: Path) -> None:
    names = ["2.png", "10.png", "case 2/b.png", "case 2/c/1.png", "case 2/d.png", "case 10/a.png", "z.png"]
    make(tmp_path, *reversed(names))

    assert images(tmp_path) == names
    assert names == sorted(names, key=natural_key)


def test_the_path_of_an_image_leads_to_the_file(tmp_path: Path) -> None:
    make(tmp_path, "папка/血 [1] 🩸.JPG")

    (found,) = Scan([tmp_path])

    assert found.path.is_file()
    assert found.image == "папка/血 [1] 🩸.JPG"


@pytest.mark.parametrize("extension", sorted(IMAGE_EXTENSIONS))
def test_every_extension_counts_in_any_case(tmp_path: Path, extension: str) -> None:
    make(tmp_path, f"a{extension}", f"b{extension.upper()}", f"c.x{extension.title()}")

    assert len(images(tmp_path)) == 3


def test_other_files_and_names_with_a_dot_are_counted_and_not_searched(tmp_path: Path) -> None:
    make(tmp_path, "a.png", "b.txt", "png", "Thumbs.db", "._a.png", ".hidden/x.png", "case/report.csv")
    scan = Scan([tmp_path])

    assert [found.image for found in scan] == ["a.png"]
    assert scan.other_files == 6


def test_the_case_is_the_first_folder_below_the_root(tmp_path: Path) -> None:
    root = tmp_path / "ward 3"
    make(root, "loose.png", "case 1/a.png", "case 1/second slide/b.png")

    assert [(found.image, found.case) for found in Scan([root])] == [
        ("case 1/a.png", "case 1"),
        ("case 1/second slide/b.png", "case 1"),
        ("loose.png", "ward 3"),
    ]


def test_several_folders_have_their_deepest_common_parent_as_root(tmp_path: Path) -> None:
    make(tmp_path, "x/case 10/a.png", "x/case 9/a.png", "x/other/a.png", "y/a.png")
    scan = Scan([tmp_path / "x" / "case 10", tmp_path / "x" / "case 9"])

    assert scan.root == tmp_path / "x"
    assert [(found.image, found.case) for found in scan] == [
        ("case 9/a.png", "case 9"),
        ("case 10/a.png", "case 10"),
    ]


def test_overlapping_folders_give_each_image_once(tmp_path: Path) -> None:
    make(tmp_path, "a/1.png", "a/b/2.png", "c/3.png")
    inner, outer, other = tmp_path / "a" / "b", tmp_path / "a", tmp_path / "c"

    assert images(inner, outer, other, outer) == ["a/1.png", "a/b/2.png", "c/3.png"]
    assert Scan([inner, outer]).root == outer


def test_a_relative_folder_with_dots_is_the_folder_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, "study/a.png", "work/x.txt")
    monkeypatch.chdir(tmp_path / "work")
    scan = Scan([Path("../study/.")])

    assert scan.root == tmp_path / "study"
    assert [found.case for found in scan] == ["study"]


def test_links_that_lead_in_a_circle_end_and_give_each_image_once(
    tmp_path: Path, make_link: Callable[[Path, Path], None]
) -> None:
    make(tmp_path, "a/1.png", "b/2.png")
    make_link(tmp_path / "a" / "up", tmp_path)
    make_link(tmp_path / "a" / "over", tmp_path / "b")
    make_link(tmp_path / "b" / "back", tmp_path / "a")
    make_link(tmp_path / "self", tmp_path / "self")

    assert images(tmp_path) == ["a/1.png", "b/2.png"]


def test_a_link_to_a_folder_elsewhere_is_searched_once(
    tmp_path: Path, make_link: Callable[[Path, Path], None]
) -> None:
    make(tmp_path, "elsewhere/1.png", "elsewhere/deep/2.png", "study/0.png")
    make_link(tmp_path / "study" / "m", tmp_path / "elsewhere" / "deep")
    make_link(tmp_path / "study" / "n", tmp_path / "elsewhere")
    make_link(tmp_path / "study" / "o", tmp_path / "elsewhere" / "deep")
    make_link(tmp_path / "elsewhere" / "home", tmp_path)

    assert images(tmp_path / "study") == ["0.png", "m/2.png", "n/1.png"]


def test_two_names_of_one_folder_give_each_image_once(
    tmp_path: Path, make_link: Callable[[Path, Path], None]
) -> None:
    make(tmp_path, "a/1.png")
    make_link(tmp_path / "z", tmp_path / "a")

    assert images(tmp_path / "a", tmp_path / "z") == ["a/1.png"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permission_is_recorded(tmp_path: Path) -> None:
    make(tmp_path, "a/1.png", "b/2.png")
    (tmp_path / "a").chmod(0)
    scan = Scan([tmp_path])

    assert [found.image for found in scan] == ["b/2.png"]
    assert scan.unreadable_folders == ["a"]


def test_a_folder_that_cannot_be_listed_is_recorded_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, "a/b/1.png", "c/2.png")
    listing = scan_module._listing

    def refuse_b(folder: Path) -> list[tuple[str, bool]]:
        if folder.name == "b":
            raise PermissionError(13, "Permission denied", str(folder))
        return listing(folder)

    monkeypatch.setattr(scan_module, "_listing", refuse_b)
    scan = Scan([tmp_path])

    assert [found.image for found in scan] == ["c/2.png"]
    assert scan.unreadable_folders == ["a/b"]


def test_the_first_images_come_before_the_later_folders_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, "a/1.png", "b/2.png")
    listed: list[str] = []
    listing = scan_module._listing

    def watched(folder: Path) -> list[tuple[str, bool]]:
        listed.append(folder.name)
        return listing(folder)

    monkeypatch.setattr(scan_module, "_listing", watched)

    first = next(iter(Scan([tmp_path])))

    assert first.image == "a/1.png"
    assert "b" not in listed


def test_a_search_stops_when_asked_and_what_was_found_is_kept(tmp_path: Path) -> None:
    make(tmp_path, "1.png", "2.png", "3.png")
    cancel = Cancel()
    found = []

    def take_two() -> None:
        for image in Scan([tmp_path], cancel):
            found.append(image.image)
            if len(found) == 2:
                cancel.request()

    with pytest.raises(JobCancelled):
        take_two()
    assert found == ["1.png", "2.png"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScanError, match=r"There is no folder .*nowhere"):
        Scan([tmp_path, tmp_path / "nowhere"])


def test_a_file_in_place_of_a_folder_is_named(tmp_path: Path) -> None:
    make(tmp_path, "a.png")

    with pytest.raises(ScanError, match=r"a\.png is a file, not a folder"):
        Scan([tmp_path / "a.png"])


def test_no_folder_at_all_is_refused() -> None:
    with pytest.raises(ScanError, match="No folder was given"):
        Scan([])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps names that are not Unicode")
def test_a_name_that_is_not_unicode_is_found_and_can_be_written_as_text(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.png"))).touch()

    (found,) = Scan([tmp_path])

    assert found.path.is_file()
    assert found.image == "caf\\udce9.png"
