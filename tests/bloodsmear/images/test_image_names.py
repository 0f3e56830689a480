"""No image vanishes: what has an image's extension or its first bytes is found, and each field of a file by itself."""

import io
from pathlib import Path

import pytest
from PIL import Image, TiffImagePlugin

from bloodsmear import paths
from bloodsmear.errors import ImageError
from bloodsmear.images.decode import decode_image
from bloodsmear.images.formats.sniff import _READERS
from bloodsmear.images.image_names import READ_FORMATS, file_and_page
from bloodsmear.images.scan import FoundImage, Scan


def saved(file_format: str = "JPEG") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 60, 220)).save(buffer, file_format)
    return buffer.getvalue()


def found_in(folder: Path) -> dict[str, FoundImage]:
    return {found.image: found for found in Scan([folder])}


@pytest.mark.parametrize(
    "name", ["a.jfif", "a.JIF", "a.jpg ", "a.jpg.", "a.jpe", "a", "a.dat", "a.jpg - copy"]
)
def test_a_jpeg_by_whatever_name_is_found_and_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(saved())

    if name not in [path.name for path in tmp_path.iterdir()]:
        pytest.skip("this system keeps no such name")
    assert list(found_in(tmp_path)) == [name]
    assert decode_image(tmp_path / name).width_px == 64


def test_sentences_name_every_format_that_is_read() -> None:
    named = READ_FORMATS.casefold().replace(" or ", ", ").split(", ")
    assert sorted(named) == sorted("heic" if name == "heif" else name for name in _READERS)
    assert READ_FORMATS.replace(" or ", " and ") in (paths.guide()).read_text("utf-8")


@pytest.mark.parametrize("name", ["a.heic", "a.dcm", "a.svs", "a.czi", "a.nd2", "a.gif", "a.nef"])
def test_an_image_of_a_format_that_is_not_read_is_found_and_refused_with_a_reason(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes(b"\x01\x02\x03 not one of ours" * 9)

    assert list(found_in(tmp_path)) == [name]
    with pytest.raises(ImageError, match="is not an image that can be read; save it as PNG"):
        decode_image(tmp_path / name)


@pytest.mark.parametrize("ending", [".part", ".crdownload", ".tmp", ".filepart"])
def test_what_a_program_still_writes_is_not_an_image_yet(tmp_path: Path, ending: str) -> None:
    (tmp_path / f"a.jpg{ending}").write_bytes(saved())

    assert found_in(tmp_path) == {}


def test_other_files_are_counted_and_named(tmp_path: Path) -> None:
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "list.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "BMI.txt").write_text("BM is not a bitmap here")
    (tmp_path / ".hidden").touch()
    scan = Scan([tmp_path])

    assert list(scan) == []
    assert scan.other_files == 3
    assert scan.other_names == [".hidden", "BMI.txt", "case/list.xlsx"]


def several(folder: Path, name: str = "three.tif") -> Path:
    path = folder / name
    fields = [Image.new("RGB", (64, 48), colour) for colour in ((200, 60, 220), (60, 200, 60), (10, 10, 10))]
    fields[0].save(path, save_all=True, append_images=fields[1:])
    return path


def test_each_field_of_a_file_is_an_image_of_its_own(tmp_path: Path) -> None:
    several(tmp_path)

    found = found_in(tmp_path)

    assert list(found) == ["three.tif", "three.tif [2]", "three.tif [3]"]
    colours = [decode_image(one.path, asked=one.asked).pixels[0, 0].tolist() for one in found.values()]
    assert colours == [[200, 60, 220], [60, 200, 60], [10, 10, 10]]


@pytest.mark.parametrize("name", ["three.jpg", "three.png", "three.BMP", "three.dat", "three.heic", "three"])
def test_each_field_is_found_whatever_the_file_is_called(tmp_path: Path, name: str) -> None:
    several(tmp_path).rename(tmp_path / name)

    found = found_in(tmp_path)

    assert list(found) == [name, f"{name} [2]", f"{name} [3]"]
    pixels = [decode_image(one.path, asked=one.asked).pixels[0, 0].tolist() for one in found.values()]
    assert pixels == [[200, 60, 220], [60, 200, 60], [10, 10, 10]]
    assert [file_and_page(tmp_path, image) for image in found] == [
        (tmp_path / name, page) for page in range(3)
    ]


def test_a_jpeg_that_is_called_a_tiff_is_one_image(tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(saved())
    (tmp_path / "empty.tif").touch()

    assert list(found_in(tmp_path)) == ["a.tif", "empty.tif"]


def test_the_fields_of_a_file_have_one_sha256_and_are_told_apart_all_the_same(tmp_path: Path) -> None:
    path = several(tmp_path)
    found = found_in(tmp_path)

    decoded = [decode_image(path, asked=one.asked) for one in found.values()]

    assert len({one.sha256 for one in decoded}) == 1
    assert len({one.picture for one in decoded}) == 3


def test_a_file_is_found_again_by_the_name_of_its_field(tmp_path: Path) -> None:
    several(tmp_path)

    for image, found in found_in(tmp_path).items():
        assert file_and_page(tmp_path, image) == (found.path, found.page)
    assert file_and_page(tmp_path, "case [1]/a [2].png") == (tmp_path / "case [1]/a [2].png", 0)


def test_a_reduced_page_is_not_an_image(tmp_path: Path) -> None:
    small, large = Image.new("RGB", (16, 12), (1, 2, 3)), Image.new("RGB", (64, 48), (60, 200, 60))
    path = tmp_path / "thumb.tif"
    marked = TiffImagePlugin.ImageFileDirectory_v2()
    marked[254] = 1
    small.save(path, save_all=True, append_images=[large], tiffinfo=marked)

    assert list(found_in(tmp_path)) == ["thumb.tif"]
    assert decode_image(path).pixels[0, 0].tolist() == [60, 200, 60]


def test_pages_of_a_pyramid_that_do_not_say_what_they_are_count_once(tmp_path: Path) -> None:
    large = Image.linear_gradient("L").convert("RGB").resize((256, 192))
    path = tmp_path / "pyramid.tif"
    large.save(path, save_all=True, append_images=[large.resize((128, 96)), large.resize((64, 48))])

    assert list(found_in(tmp_path)) == ["pyramid.tif"]


def test_a_page_that_is_gone_is_said(tmp_path: Path) -> None:
    path = several(tmp_path)
    third = found_in(tmp_path)["three.tif [3]"]
    Image.new("RGB", (64, 48)).save(path)

    with pytest.raises(ImageError, match="no longer has this page"):
        decode_image(path, asked=third.asked)
