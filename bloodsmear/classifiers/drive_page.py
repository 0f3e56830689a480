"""What Google Drive answers in place of a file: a page that asks once more, or one that says why not."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

from bloodsmear.errors import DownloadError

# A page is a few kB; nobody needs to read more of one to know what it is.
LARGEST_PAGE_BYTES = 1_000_000
_QUOTA = re.compile(r"quota exceeded|too many users|exceeded .{0,40}(quota|limit)", re.IGNORECASE | re.DOTALL)
_NO_ACCESS = re.compile(r"you need (access|permission)|request access|sign in|access denied", re.IGNORECASE)


@dataclass
class _Page:
    """The parts of a page that matter: its title, its words, the form that asks whether to download anyway."""

    title: str = ""
    words: list[str] = field(default_factory=list)
    form_address: str = ""
    form_values: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = _Page()
        self._within = ""
        self._in_form = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._within = tag
        if tag == "form" and given.get("id") == "download-form":
            self._in_form = True
            self.page.form_address = given.get("action", "")
        elif tag == "input" and self._in_form and given.get("name"):
            self.page.form_values[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        self._within = ""
        if tag == "form":
            self._in_form = False

    def handle_data(self, data: str) -> None:
        if self._within in ("script", "style") or not data.strip():
            return
        if self._within == "title":
            self.page.title += data.strip()
        self.page.words.append(data.strip())


def next_address(html: bytes, where: str) -> str:
    """The address behind "Download anyway". DownloadError says what any other page means; `where` names its sender."""
    reader = _Reader()
    reader.feed(html[:LARGEST_PAGE_BYTES].decode("utf-8", errors="replace"))
    page = reader.page
    if page.form_address:
        sign = "&" if "?" in page.form_address else "?"
        values = {name: value for name, value in page.form_values.items() if value}
        return page.form_address + (sign + urlencode(values) if values else "")
    text = " ".join(page.words)
    if _QUOTA.search(text):
        raise DownloadError(
            "Google Drive does not give the file now: too many people fetched it today. Try again in 24 hours."
        )
    if _NO_ACCESS.search(text):
        raise DownloadError(
            "Google Drive asks for a login: the file is no longer shared with everybody. Ask the reference project."
        )
    raise DownloadError(
        f"{where} answered with a web page ({page.title[:80] or 'without a title'}) in place of the file. If it is the "
        "page of your network's login or filter, let drive.google.com through and try again."
    )
