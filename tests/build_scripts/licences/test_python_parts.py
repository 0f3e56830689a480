"""A package says its licence in one of several places, and brings its texts."""

from importlib.metadata import distribution, distributions
from pathlib import Path

import pytest
from licences.python_parts import PythonPackages, licence_of, part_of


def test_qt_is_used_under_the_lgpl_and_its_texts_are_added() -> None:
    part = part_of(distribution("PySide6_Essentials"))
    assert part.licence == "LGPL-3.0-only"
    assert {text.name for text in part.texts} >= {"LGPL-3.0.txt", "GPL-3.0.txt"}
    assert part.purl.startswith("pkg:pypi/pyside6-essentials@6.")


@pytest.mark.parametrize(
    "name", ["numpy", "opencv-python-headless", "openvino", "keras", "pillow", "rich", "namex"]
)
def test_every_package_of_the_program_has_a_licence_and_a_text(name: str) -> None:
    part = part_of(distribution(name))
    assert part.licence
    assert part.texts
    assert not [text for text in part.texts if text.suffix in (".py", ".pyc")]


def test_a_licence_that_only_a_classifier_names_is_found() -> None:
    assert licence_of(distribution("mdurl")) == "MIT License"


def test_libraries_of_others_inside_a_package_are_named() -> None:
    bundled = [
        "opencv_python_headless.libs/libavcodec-c4204469.so.62",
        "cv2/cv2.abi3.so",
        "PIL/.dylibs/libpng16.dylib",
        "libheif-75127e764628a95f6db9f5070bfc87cb.dll",
        "openvino\\libs\\openvino.dll",
    ]
    part = part_of(distribution("opencv-python-headless"), bundled)
    assert part.contains == ("libavcodec", "libheif", "libpng16")


def test_a_file_belongs_to_the_package_that_has_it_in_its_record() -> None:
    import rich

    packages = PythonPackages(distributions())
    owner = packages.of(str(Path(rich.__file__)))
    assert owner is not None
    assert owner.name == "rich"
    assert packages.of(__file__) is None
