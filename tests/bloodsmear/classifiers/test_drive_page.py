"""Pages that Google Drive sends in place of a file."""

import pytest

from bloodsmear.classifiers.drive_page import next_address
from bloodsmear.errors import DownloadError

# As Drive sends it for files that are too large for its virus scanner.
CONFIRM = b"""<!DOCTYPE html><html><head><title>Google Drive - Virus scan warning</title><style>.a{}</style></head>
<body><p class="uc-warning-caption">Google Drive can't scan this file for viruses.</p>
<form id="download-form" action="https://drive.usercontent.google.com/download" method="get">
<input type="submit" id="uc-download-link" value="Download anyway"/>
<input type="hidden" name="id" value="1M_LO"><input type="hidden" name="export" value="download">
<input type="hidden" name="confirm" value="t"><input type="hidden" name="uuid" value="0a&amp;b"></form></body></html>"""


def test_the_page_that_asks_once_more_leads_to_the_file() -> None:
    assert next_address(CONFIRM, "Google Drive") == (
        "https://drive.usercontent.google.com/download?id=1M_LO&export=download&confirm=t&uuid=0a%26b"
    )


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("<title>Google Drive - Quota exceeded</title><p>Sorry</p>", "too many people fetched it today"),
        (
            "<p class='uc-error-caption'>Sorry, you can't view or download this file at this time.</p>"
            "<p>Too many users have viewed or downloaded this file recently.</p>",
            "Try again in 24 hours",
        ),
        (
            "<title>Google Drive: Sign-in</title><p>Sign in to continue to Google Drive</p>",
            "no longer shared",
        ),
        ("<title>Clinic guest network</title><p>Accept our terms</p>", r"\(Clinic guest network\) in place"),
        ("", r"\(without a title\)"),
        ("<title>x</title><script>'quota exceeded'</script>", "let drive.google.com through"),
    ],
)
def test_what_another_page_means_is_said(page: str, said: str) -> None:
    with pytest.raises(DownloadError, match=said):
        next_address(page.encode(), "Google Drive")
