"""A public file of Google Drive, by gdown: the only place of the program that goes to the internet.

Imported in the process that downloading.py starts for it, and nowhere else: no window and no command loads any of this.
"""

import textwrap
from collections.abc import Callable
from pathlib import Path

import gdown
import requests
import truststore
import urllib3

from bloodsmear.errors import DownloadError

# Between two bytes; gdown goes on where it was, so often.
_TIMEOUT_S = 20.0
_RETRIES = 3
_LONGEST = 120
_HOSTS = "drive.google.com and drive.usercontent.google.com"
_BROKE_OFF = (
    f"The connection to Google Drive broke off, {_RETRIES} more times after it was made again. See that this PC's "
    "network holds, and download it once more."
)


def fetch(file_id: str, target: Path, progress: Callable[[int, int | None], None]) -> None:
    """Fetch the file with this number into `target`, or raise DownloadError with a sentence.

    `progress` hears how many bytes came, and of how many (None: not said). The proxies are the system's.
    """
    # The system's own certificates, so that a hospital's proxy that looks into https works too.
    truststore.inject_into_ssl()
    try:
        gdown.download(
            id=file_id,
            output=str(target),
            quiet=True,
            use_cookies=False,
            timeout=_TIMEOUT_S,
            retries=_RETRIES,
            progress=progress,
        )
    # gdown takes apart what anybody may have answered: what it did not think of ends in any error of Python.
    except Exception as error:
        raise DownloadError(_sentence(error)) from error


def _sentence(error: Exception) -> str:
    if isinstance(error, gdown.FileURLRetrievalError):
        return (
            "Google Drive, or your network, answers with a page in place of the file "
            f"(gdown: {_shortened(str(error.__context__ or error))}). Open the file's page in a browser and look. If "
            "too many people fetched it, try again in 24 hours. If it is gone, or asks for a login, ask the reference "
            f"project. If it is the page of your network's login or filter, let {_HOSTS} through."
        )
    # Once it has retried, gdown raises an error of its own over that of requests.
    beneath = error if isinstance(error, requests.RequestException) else error.__cause__
    if isinstance(beneath, requests.RequestException):
        return _of_network(beneath)
    if isinstance(error, gdown.DownloadError):
        return _BROKE_OFF
    if isinstance(error, OSError):
        return f"The file cannot be written ({error.strerror or error}). Make room, or give permission."
    return (
        f"Google Drive answers in a way that gdown {gdown.__version__} does not know ({type(error).__name__}: "
        f"{_shortened(str(error))}). Try again later, or with a newer Bloodsmear."
    )


def _of_network(error: requests.RequestException) -> str:
    words = _shortened(_words_of_the_first(error))
    if isinstance(error, requests.exceptions.ProxyError | requests.exceptions.InvalidProxyURL):
        return (
            f"Your network's proxy does not let this PC through to Google Drive ({words}). If it asks for a name and a "
            "password, set HTTPS_PROXY=http://NAME:PASSWORD@HOST:PORT; if not, ask who runs your network to let "
            f"{_HOSTS} through."
        )
    if isinstance(error, requests.exceptions.SSLError):
        return (
            f"The connection to Google Drive cannot be trusted ({words}). If your network looks into https, its "
            "certificate must be known to this PC."
        )
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return (
            f"Google Drive answers with the error {error.response.status_code}. Try again in 24 hours; if it is the "
            "same then, ask the reference project whether the file is still there."
        )
    if error.args and isinstance(error.args[0], urllib3.exceptions.MaxRetryError):
        return f"There is no connection to Google Drive ({words}). See that this PC has internet, and the right proxy."
    return _BROKE_OFF


def _words_of_the_first(error: BaseException) -> str:
    """What the system said, which is the first of the errors that follow from one another."""
    before = error.__cause__ or error.__context__
    if before is not None:
        return _words_of_the_first(before)
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _shortened(text: str) -> str:
    return textwrap.shorten(text, _LONGEST, placeholder=" …").rstrip(".")
