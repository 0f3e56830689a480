"""What an image's file says of itself: facts of the file, of its picture and of the camera, and nothing of places."""

import hashlib
import io
import re
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from bloodsmear.errors import ImageError
from bloodsmear.images.formats.ome_facts import ome_lines
from bloodsmear.images.formats.reader_contract import Asked
from bloodsmear.images.image_information import read_information

PIXELS = np.full((48, 64, 3), 200, np.uint8)


def test_a_jpeg_says_its_size_its_camera_and_its_sha256(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[271], exif[272], exif[306] = "ZEISS", "Axiocam 208\n color", "2026:11:29 20:00:00"
    exif.get_ifd(34665)[33434] = IFDRational(1, 250)
    exif.get_ifd(34853)[2] = (48.0, 8.0, 0.0)
    path = tmp_path / "smear.jpg"
    Image.fromarray(PIXELS).save(path, exif=exif)

    lines = dict(read_information(path, Asked()))

    assert lines["File"] == "smear.jpg"
    assert lines["Format"] == "JPEG"
    assert lines["Picture size"] == "64 × 48 px"
    assert lines["Bits a sample"] == "8"
    assert lines["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (lines["Camera maker"], lines["Camera"]) == ("ZEISS", "Axiocam 208 color")
    assert lines["Exposure"] == "0.004 s"
    # EXIF's form of a date, and the file system's, are written alike.
    assert lines["Date in the file"] == "2026-11-29 20:00:00"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", lines["Changed"])
    # Where a picture was taken is nobody's business here.
    assert "48" not in "".join(value for name, value in lines.items() if name.startswith(("GPS", "Place")))


def test_a_turned_picture_has_the_size_that_it_is_shown_in(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[274] = 6
    Image.fromarray(PIXELS).save(tmp_path / "turned.jpg", exif=exif)

    assert dict(read_information(tmp_path / "turned.jpg", Asked()))["Picture size"] == "48 × 64 px"


def test_a_page_of_a_file_says_which_it_is_and_how_many_bits_it_has(tmp_path: Path) -> None:
    path = tmp_path / "fields.tif"
    with tifffile.TiffWriter(path) as tiff:
        for _ in range(3):
            tiff.write(PIXELS.astype(np.uint16), photometric="rgb", metadata=None, software="Labscope 3")

    lines = dict(read_information(path, Asked(page=1)))

    assert lines["Picture"] == "2 of 3 in the file"
    assert lines["Bits a sample"] == "16"
    assert lines["Program"] == "Labscope 3"


def test_a_long_text_in_a_file_is_cut_and_has_no_letters_that_no_line_shows(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[272] = "\x1b[2J" + "a" * 5000
    Image.fromarray(PIXELS).save(tmp_path / "a.jpg", exif=exif)

    camera = dict(read_information(tmp_path / "a.jpg", Asked()))["Camera"]

    assert len(camera) <= 200
    assert camera.isprintable()


@pytest.mark.parametrize("content", [b"no image", b"\xff\xd8\xff\xe0", b"II*\0" + bytes(50)])
def test_of_what_cannot_be_read_the_file_is_told_and_the_reason(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(content)

    lines = dict(read_information(path, Asked()))

    assert lines["Size of the file"] == f"{len(content)} bytes"
    assert lines["sha256"] == hashlib.sha256(content).hexdigest()
    assert lines["Picture"].startswith("It cannot be read: ")
    assert "Picture size" not in lines


OME = """<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">
<Instrument ID="Instrument:0"><Microscope Manufacturer="Zeiss" Model='Axio Imager'/>
<Objective ID="Objective:0" NominalMagnification="100.0" LensNA="1.4" Immersion="Oil" Model="Plan &amp; Apo\x1b"/>
</Instrument><Image ID="Image:0" Name="smear 3"><AcquisitionDate>2026-11-29T10:00:00</AcquisitionDate>
<Pixels DimensionOrder="XYCZT" SizeC="3" SizeX="64" SizeY="48" SizeZ="1" SizeT="1" Type="uint8" PhysicalSizeX="0.1"
 PhysicalSizeY="0.1"><Channel SamplesPerPixel="3"/></Pixels></Image></OME>"""


def test_an_ome_tiff_says_its_objective_and_its_microscope(tmp_path: Path) -> None:
    tifffile.imwrite(
        tmp_path / "a.tif", np.zeros((48, 64, 3), np.uint8), photometric="rgb", description=OME, metadata=None
    )

    lines = dict(read_information(tmp_path / "a.tif", Asked()))

    assert lines["Objective"] == "100×, NA 1.4, Oil, Plan & Apo"
    assert lines["Microscope"] == "Zeiss Axio Imager"
    assert (lines["Name in the file"], lines["Taken"]) == ("smear 3", "2026-11-29 10:00:00")
    assert "0.1 µm per pixel (OME)" in lines["Scale in the file"]


def test_what_is_not_closed_in_a_description_says_nothing() -> None:
    assert ome_lines("<OME" + "<Objective " * 100_000) == ()


def test_a_file_that_is_gone_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ImageError):
        read_information(tmp_path / "gone.jpg", Asked())


def test_every_format_says_its_size(tmp_path: Path) -> None:
    for kind, name in (
        ("PNG", "PNG"),
        ("TIFF", "TIFF"),
        ("BMP", "BMP"),
        ("WEBP", "WebP"),
        ("JPEG2000", "JPEG 2000"),
    ):
        buffer = io.BytesIO()
        Image.fromarray(PIXELS).save(buffer, kind)
        path = tmp_path / kind
        path.write_bytes(buffer.getvalue())

        lines = dict(read_information(path, Asked()))

        assert (lines["Format"], lines["Picture size"]) == (name, "64 × 48 px")
