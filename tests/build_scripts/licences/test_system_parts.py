"""Libraries of the system are known by name, or stop the build."""

import pytest
from licences.parts import LicenceError, claims_the_whole
from licences.system_parts import LIBRARIES, is_microsofts, part_of_system, project_of


def test_a_library_is_known_by_the_beginning_of_its_name() -> None:
    assert project_of("libxcb-cursor.so.0") == ("XCB", "MIT")
    assert project_of("libstdc++.so.6") == ("GCC runtime", "GPL-3.0-or-later WITH GCC-exception-3.1")
    assert project_of("libz.so.1") == ("zlib", "Zlib")


def test_a_library_that_nobody_looked_at_stops_the_build() -> None:
    assert project_of("libreadline.so.8") is None
    with pytest.raises(LicenceError, match=r"libreadline\.so\.8 is not a library that"):
        part_of_system("/lib/x86_64-linux-gnu/libreadline.so.8")


def test_none_of_the_known_ones_claims_the_whole_program() -> None:
    assert [name for name, _, licence in LIBRARIES if claims_the_whole(licence)] == []


def test_microsofts_runtime_is_known() -> None:
    assert is_microsofts("VCRUNTIME140_1.dll")
    assert is_microsofts("api-ms-win-crt-heap-l1-1-0.dll")
    assert not is_microsofts("Qt6Core.dll")
