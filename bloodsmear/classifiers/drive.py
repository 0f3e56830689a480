"""Google Drive, asked for one public file. The only place of the program that goes to the internet.

Imported inside the function that downloads, and nowhere else: whoever does not download loads none of this. It is
Python's own urllib, not gdown: that brings twelve packages along, among them `requests`, whose import alone opens a
socket, and keeps cookies in the user's home.
"""

import contextlib
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from http.cookiejar import CookieJar
from typing import Any, Protocol
from urllib.parse import urljoin, urlsplit

import truststore

from bloodsmear.classifiers.download_site import DriveSite
from bloodsmear.classifiers.drive_page import LARGEST_PAGE_BYTES, next_address
from bloodsmear.classifiers.part_file import PartialAnswer, Position
from bloodsmear.errors import DownloadError

_TIMEOUT_S = 30.0
# The page that asks once more comes once; more of them are a circle.
_MOST_PAGES = 3
# Drive gives programs that name themselves in another way another page.
_AGENT = "Mozilla/5.0 (compatible; Bloodsmear)"
_NETWORK_ERRORS = (OSError, HTTPException)


class _Answer(Protocol):
    """What matters of urllib's answer."""

    status: int
    headers: HTTPMessage

    def read(self, most: int, /) -> bytes:
        """The next bytes."""
        ...

    def close(self) -> None:
        """Let the connection go."""
        ...


class _OwnHostsOnly(urllib.request.HTTPRedirectHandler):
    """Follows to Google's own hosts only, and never from https to http."""

    def __init__(self, site: DriveSite) -> None:
        self._site = site

    def redirect_request(self, *given: Any, **named: Any) -> urllib.request.Request | None:
        """Refuse what leads elsewhere. urllib gives request, answer, code, message, headers and the new address."""
        _require_own_host(self._site, given[-1])
        return super().redirect_request(*given, **named)


class _Stream:
    """The bytes of an answer; what breaks off is said in a sentence."""

    def __init__(self, answer: _Answer, site: DriveSite) -> None:
        self._answer = answer
        self._site = site

    def read(self, most: int, /) -> bytes:
        """The next bytes. DownloadError."""
        try:
            return self._answer.read(most)
        except _NETWORK_ERRORS as error:
            raise DownloadError(_of_network(error, self._site)) from error


@dataclass(frozen=True, slots=True)
class DriveFile:
    """A public file at Google Drive, by its number."""

    site: DriveSite
    file_id: str

    @contextlib.contextmanager
    def open_at(self, position: Position) -> Iterator[PartialAnswer]:
        """The file's bytes from `position` on, or from the beginning where Drive gives no part of it.

        DownloadError says why there are none.
        """
        try:
            answer = self._ask_or_from_the_beginning(position)
        except urllib.error.HTTPError as error:
            with error:
                raise DownloadError(_of_status(error.code, self.site)) from error
        except _NETWORK_ERRORS as error:
            raise DownloadError(_of_network(error, self.site)) from error
        with contextlib.closing(answer):
            yield _partial(answer, self.site)

    def _ask_or_from_the_beginning(self, position: Position) -> _Answer:
        try:
            return self._ask(position)
        except urllib.error.HTTPError as error:
            # The file is shorter now than the part that is there.
            if error.code != 416 or not position.first_byte:
                raise
            error.close()
        return self._ask(Position())

    def _ask(self, position: Position) -> _Answer:
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler(),  # the proxies of the environment, of Windows or of macOS
            # The system's own certificates, so that a hospital's proxy that looks into https works too.
            urllib.request.HTTPSHandler(context=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)),
            urllib.request.HTTPCookieProcessor(CookieJar()),
            _OwnHostsOnly(self.site),
        )
        address = f"{self.site.address}/uc?export=download&id={self.file_id}"
        for _ in range(_MOST_PAGES):
            request = urllib.request.Request(address, headers={"User-Agent": _AGENT, **position.headers()})
            answer: _Answer = opener.open(request, timeout=_TIMEOUT_S)
            if not _is_page(answer):
                return answer
            with contextlib.closing(answer):
                page = answer.read(LARGEST_PAGE_BYTES)
            address = urljoin(address, next_address(page, self.site.name))
            _require_own_host(self.site, address)
        raise DownloadError(f"{self.site.name} asks again and again whether to download. Try again later.")


def _partial(answer: _Answer, site: DriveSite) -> PartialAnswer:
    headers, first, total = answer.headers, 0, None
    if answer.status == 206:
        # `bytes 100-999/1000`
        span, _, whole = headers.get("Content-Range", "").removeprefix("bytes ").partition("/")
        first, total = _number(span.partition("-")[0]) or 0, _number(whole)
    else:
        total = _number(headers.get("Content-Length", ""))
    mark = headers.get("ETag") or headers.get("Last-Modified") or ""
    return PartialAnswer(_Stream(answer, site), first, total, mark)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None


def _is_page(answer: _Answer) -> bool:
    is_text = answer.headers.get_content_type() in ("text/html", "application/xhtml+xml")
    return is_text and "attachment" not in answer.headers.get("Content-Disposition", "")


def _require_own_host(site: DriveSite, address: str) -> None:
    target, own = urlsplit(address), urlsplit(site.address)
    host = target.hostname or ""
    fits = any(host == one or host.endswith(f".{one}") for one in site.hosts)
    if target.scheme != own.scheme or not fits:
        raise DownloadError(
            f"{site.name} leads to {target.scheme}://{host}, which is none of its own places; nothing was fetched."
        )


def _of_status(status: int, site: DriveSite) -> str:
    if 300 <= status < 400:
        return f"{site.name} leads to another place that is no web address; nothing was fetched. Try again later."
    if status == 407:
        return (
            "Your network's proxy asks for a name and a password. Set HTTPS_PROXY=http://NAME:PASSWORD@HOST:PORT, or "
            "ask who runs your network."
        )
    if status in (403, 429):
        return (
            f"{site.name} refuses the file now ({status}): too many people fetched it. Try again in 24 hours."
        )
    if status == 404:
        return f"{site.name} has the file no more (404). Ask the reference project where it went."
    return f"{site.name} or your network's proxy answered with the error {status}. Try again later."


def _of_network(error: Exception, site: DriveSite) -> str:
    reason = getattr(error, "reason", error)
    if isinstance(reason, ssl.SSLError):
        return (
            f"The connection to {site.name} is not to be trusted ({reason.reason or reason}). If your network looks "
            "into https, its certificate must be known to this PC."
        )
    words = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
    return f"There is no connection to {site.name} ({words}). See that this PC has internet, and its proxy settings."
