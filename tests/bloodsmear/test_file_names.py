"""A name in a file from anywhere leads nowhere but below its folder."""

import sys

import pytest

from bloodsmear.file_names import as_one_file, is_below, is_device, require_below

OUT = ("", ".", "..", "../x", "a/../../x", "/etc/passwd", "a\0b", "x" * 5000)
OUT_ON_WINDOWS = ("..\\x", "C:x", "C:\\x", "\\\\server\\share\\x", "a\\..\\..\\x")


@pytest.mark.parametrize("name", OUT)
def test_what_leads_out_is_refused_in_every_way(name: str) -> None:
    assert not is_below(name)
    assert not is_below(name, everywhere=True)
    assert not is_below(name, bare=True)


@pytest.mark.parametrize("name", OUT_ON_WINDOWS)
def test_what_leads_out_on_windows_is_refused_for_what_travels_and_there(name: str) -> None:
    assert not is_below(name, everywhere=True)
    assert not is_below(name, bare=True)
    assert is_below(name) is (sys.platform != "win32")


def test_folders_and_odd_letters_are_names_and_a_bare_name_has_no_folder() -> None:
    for name in ("case 1/smear.png", "Fälle/Ж 10.tif", "a.b..c"):
        assert is_below(name)
        assert is_below(name, everywhere=True)
    assert is_below("model.keras", bare=True)
    assert not is_below("a/model.keras", bare=True)
    with pytest.raises(ValueError, match=r"'\.\./x' must name a file below its folder"):
        require_below("../x")


def test_a_windows_device_is_not_a_name_of_a_folder() -> None:
    names = ("con", "lpt1", "nul", "console", "com", "unet")
    assert [name for name in names if is_device(name)] == ["con", "lpt1", "nul"]


def test_names_that_windows_or_macos_take_for_one_file_are_known_as_one() -> None:
    assert as_one_file("case/\u00c9.PNG") == as_one_file("case/e\u0301.png")
    assert as_one_file("case/e.png") != as_one_file("case/e\u0301.png")
