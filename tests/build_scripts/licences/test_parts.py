"""No part goes out without a licence, without its text, or with one that claims the whole program."""

from pathlib import Path

import pytest
from licences.parts import LicenceError, Part, claims_the_whole, require_harmless

TEXT = (Path("LICENSE"),)


@pytest.mark.parametrize(
    "licence",
    ["GPL-3.0-only", "GPL-2.0-or-later AND MIT", "GNU General Public License v2 (GPLv2)", "AGPL-3.0", "GPL"],
)
def test_the_gpl_claims_the_whole(licence: str) -> None:
    assert claims_the_whole(licence)


@pytest.mark.parametrize(
    "licence",
    [
        "LGPL-3.0-only",
        "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only",
        "FTL OR GPL-2.0-only",
        "GPL-3.0-or-later WITH GCC-exception-3.1",
        "BSD-3-Clause AND 0BSD AND MIT",
        "Apache 2.0",
    ],
)
def test_the_lgpl_a_choice_and_an_exception_do_not(licence: str) -> None:
    assert not claims_the_whole(licence)


def test_every_fault_is_named() -> None:
    parts = [
        Part("readline", "8", "GPL-3.0-only", TEXT),
        Part("nobody", "1", "", TEXT),
        Part("silent", "2", "MIT"),
        Part("well", "3", "MIT", TEXT),
    ]
    with pytest.raises(LicenceError) as caught:
        require_harmless(parts)
    said = str(caught.value)
    assert "readline is under GPL-3.0-only" in said
    assert "nobody does not state a licence" in said
    assert "silent brings no text" in said
    assert "well" not in said
