"""Downloading a published classifier: the real gdown in its own process, from a fake of Google Drive on this PC.

The fake is the proxy of the environment and answers in Google's place, with a certificate that the process is told to
trust as the system's. The real Google Drive was never asked.
"""

import contextlib
import hashlib
import multiprocessing
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bloodsmear import paths
from bloodsmear.adding import downloading
from bloodsmear.adding.downloading import download_and_add
from bloodsmear.adding.importing import ForeignNetwork, ImportEvents
from bloodsmear.adding.installing import AddedClassifier
from bloodsmear.adding.published import published_network
from bloodsmear.classifiers.labels import PUBLISHED_LABELS
from bloodsmear.errors import ClassifierError, DownloadError, UsageError
from bloodsmear.jobs import Cancel, JobCancelled, Progress
from bloodsmear.workflows.classifier_set import ClassifierSet

NETWORK = published_network("unet-published")
FILE = b"\x89HDF\r\n\x1a\n" + bytes(range(256)) * 6000
HOSTS = ("drive.google.com", "drive.usercontent.google.com")
FIRST = f"https://drive.google.com/uc?id={NETWORK.file_id}"
SECOND = f"https://drive.usercontent.google.com/download?id={NETWORK.file_id}&export=download&confirm=t&uuid=0a%26b"
# As Drive sends them: for a file that is too large for its virus scanner, and for one that was fetched too often.
ASKS = f"""<!DOCTYPE html><html><head><title>Google Drive - Virus scan warning</title></head><body>
<p class="uc-warning-caption">Google Drive can't scan this file for viruses.</p><form id="download-form"
action="https://drive.usercontent.google.com/download" method="get"><input type="submit" value="Download anyway"/>
<input type="hidden" name="id" value="{NETWORK.file_id}"><input type="hidden" name="export" value="download"><input
type="hidden" name="confirm" value="t"><input type="hidden" name="uuid" value="0a&amp;b"></form></body></html>"""
ASKS = ASKS.replace("\n", " ")
QUOTA = """<!DOCTYPE html><html><head><title>Google Drive - Quota exceeded</title></head><body>
<p class="uc-error-caption">Sorry, you can't view or download this file at this time.</p>
<p class="uc-error-subcaption">Too many users have viewed or downloaded this file recently. Please try accessing the
 file again later.</p></body></html>""".replace("\n ", " ")
LOGIN = "<title>Clinic guest network</title><p>Accept our terms</p>"


@dataclass
class Drive:
    """What the fake holds and does, and what it was asked."""

    content: bytes = FILE
    page: str = ""  # sent in place of the file
    status: int = 200
    error_headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html"})
    proxy_status: int = 200
    says_type: bool = True
    says_length: int | None = len(FILE)
    asks_first: bool = True
    # So often the file ends too soon, after so many bytes; or stands still until `goes_on` is set.
    breaks_off: int = 0
    breaks_off_after: int = 600_000
    stands_still: bool = False
    goes_on: threading.Event = field(default_factory=threading.Event)
    address: str = ""
    asked: list[tuple[str, str | None]] = field(default_factory=list)


class _Handler(BaseHTTPRequestHandler):
    """Answers as the proxy, and in the tunnel as Google."""

    protocol_version = "HTTP/1.1"
    drive: Drive
    identity: ssl.SSLContext
    host = ""

    def do_CONNECT(self) -> None:
        self._head(self.drive.proxy_status, {} if self.drive.proxy_status == 200 else {"Content-Length": "0"})
        self.host = self.path.removesuffix(":443")
        # Whoever trusts no such certificate hangs up.
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection = self.identity.wrap_socket(self.connection, server_side=True)
            self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
            self.close_connection = False

    def finish(self) -> None:
        """The tunnel is ours to close."""
        super().finish()
        self.connection.close()

    def do_GET(self) -> None:
        drive, wanted = self.drive, self.headers.get("Range")
        drive.asked.append((f"https://{self.host}{self.path}", wanted))
        if drive.status != 200:
            self._head(drive.status, {"Content-Length": "0", **drive.error_headers})
        elif drive.page or (drive.asks_first and self.path.startswith("/uc")):
            self._send_page(drive.page or ASKS)
        else:
            self.close_connection = True
            with contextlib.suppress(OSError):
                self._send_file(int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0)

    def _send_page(self, page: str) -> None:
        kind = {"Content-Type": "text/html; charset=utf-8"} if self.drive.says_type else {}
        self._head(200, {**kind, "Content-Length": str(len(page.encode()))})
        self.wfile.write(page.encode())

    def _send_file(self, first: int) -> None:
        drive, total = self.drive, len(self.drive.content)
        headers = {"Content-Type": "application/octet-stream", "ETag": '"one"', "Connection": "close"}
        headers["Content-Disposition"] = 'attachment; filename="model.h5"'
        if first:
            headers["Content-Range"] = f"bytes {first}-{total - 1}/{total}"
        if drive.says_length is not None:
            headers["Content-Length"] = str(drive.says_length - first)
        self._head(206 if first else 200, headers)
        if drive.breaks_off:
            drive.breaks_off -= 1
            self.wfile.write(drive.content[first : first + drive.breaks_off_after])
            return
        if drive.stands_still:
            self.wfile.write(drive.content[first : first + 600_000])
            drive.goes_on.wait(60)
            first += 600_000
        self.wfile.write(drive.content[first:])

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *given: object) -> None:
        """Quiet: the tests look at `asked`."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of Google's hosts that signs itself, with its key in the same file."""
    if sys.platform != "linux" or shutil.which("openssl") is None:
        pytest.skip("elsewhere than on Linux no variable makes a certificate the system's; openssl makes it")
    file = tmp_path_factory.mktemp("identity") / "google.pem"
    names = ",".join(f"DNS:{host}" for host in HOSTS)
    words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=google"]
    words += [
        "-addext",
        f"subjectAltName={names}",
        "-keyout",
        str(file.with_suffix(".key")),
        "-out",
        str(file),
    ]
    subprocess.run(["openssl", *words], check=True, capture_output=True, timeout=60)
    file.write_bytes(file.read_bytes() + file.with_suffix(".key").read_bytes())
    return file


@pytest.fixture
def drive(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Drive]:
    """The fake, as the proxy of the environment; its certificate is trusted."""
    for name in ("all_proxy", "no_proxy", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    held, identity = Drive(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    identity.load_cert_chain(certificate)
    handler = type("Handler", (_Handler,), {"drive": held, "identity": identity})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    held.address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("https_proxy", held.address)
    monkeypatch.setenv("HTTPS_PROXY", held.address)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield held
    held.goes_on.set()
    server.shutdown()
    thread.join()
    server.server_close()


Download = Callable[..., AddedClassifier]


@pytest.fixture
def imported(fake_classifiers: ClassifierSet, monkeypatch: pytest.MonkeyPatch) -> list[ForeignNetwork]:
    """What was given to the importer, which here adds nothing and believes everything."""
    given: list[ForeignNetwork] = []

    def take(foreign: ForeignNetwork, replace: bool, events: ImportEvents, cancel: Cancel) -> AddedClassifier:
        given.append(foreign)
        assert foreign.file.read_bytes().startswith(b"\x89HDF")
        events.before_adding(fake_classifiers.classifiers[0])
        return AddedClassifier(fake_classifiers.classifiers[0].card, Path("there"), None, False)

    monkeypatch.setattr(downloading, "import_classifier", take)
    return given


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """However it ended: no process goes on, and no part of a file stays."""
    yield
    assert multiprocessing.active_children() == []
    assert not paths.downloads().exists()


def test_a_file_comes_through_the_page_that_asks_once_more_and_is_described_as_published(
    drive: Drive, imported: list[ForeignNetwork], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    heard: list[Progress] = []
    download_and_add(NETWORK, report=heard.append)
    assert drive.asked == [(FIRST, None), (SECOND, None)]
    assert imported[0].labels == PUBLISHED_LABELS == ("benign", "pre_b", "pro_b", "early_pre_b")
    assert (imported[0].preparation.resize, imported[0].preparation.size_px) == ("nearest", (150, 150))
    assert (heard[0].done, heard[0].total) == (0, None)
    assert heard[-1].done == heard[-1].total == len(FILE)
    known = paths.download_record().read_text("utf-8")
    assert hashlib.sha256(FILE).hexdigest() in known
    assert not (tmp_path / "home").exists(), "no cookies are kept"


def test_a_small_file_comes_without_a_question(drive: Drive, imported: list[ForeignNetwork]) -> None:
    drive.asks_first = False
    download_and_add(NETWORK)
    assert drive.asked == [(FIRST, None)]


def test_a_connection_that_breaks_off_is_made_anew_and_the_file_goes_on_there(
    drive: Drive, imported: list[ForeignNetwork]
) -> None:
    drive.breaks_off = 2
    download_and_add(NETWORK)
    assert drive.asked[2:] == [(SECOND, "bytes=524288-"), (SECOND, "bytes=1048576-")], "whole blocks"
    assert hashlib.sha256(FILE).hexdigest() in paths.download_record().read_text("utf-8")


def test_stopping_ends_the_process_that_downloads(drive: Drive, imported: list[ForeignNetwork]) -> None:
    cancel, drive.stands_still = Cancel(), True

    def stop_soon(progress: Progress) -> None:
        if progress.done:
            cancel.request()

    with pytest.raises(JobCancelled):
        download_and_add(NETWORK, report=stop_soon, cancel=cancel)
    assert imported == []


def test_a_process_that_somebody_ends_is_said(drive: Drive, imported: list[ForeignNetwork]) -> None:
    drive.stands_still = True

    def end_it(progress: Progress) -> None:
        if progress.done:
            (child,) = multiprocessing.active_children()
            assert child.pid is not None
            os.kill(child.pid, signal.SIGKILL)

    with pytest.raises(DownloadError, match=r"ended unexpectedly \(code -9\)"):
        download_and_add(NETWORK, report=end_it)


def test_while_one_is_under_way_another_is_refused_and_the_first_comes_whole(
    drive: Drive, imported: list[ForeignNetwork]
) -> None:
    refusals: list[str] = []

    def ask_once_more(progress: Progress) -> None:
        if progress.done and not refusals:
            with pytest.raises(UsageError, match="Another download is under way on this PC") as refusal:
                download_and_add(NETWORK)
            refusals.append(str(refusal.value))

    download_and_add(NETWORK, report=ask_once_more)
    assert len(refusals) == len(imported) == 1
    assert len(drive.asked) == 2
    # And the next one may begin.
    download_and_add(NETWORK)
    assert len(imported) == 2


def test_another_file_than_the_first_is_refused(drive: Drive, imported: list[ForeignNetwork]) -> None:
    download_and_add(NETWORK)
    drive.content = FILE[:-1] + b"x"
    with pytest.raises(DownloadError, match=r"unet-published has changed since \d{4}-\d\d-\d\d .* not added"):
        download_and_add(NETWORK)
    assert len(imported) == 1


def test_a_file_that_cannot_be_added_is_not_believed(drive: Drive, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object, **more: object) -> AddedClassifier:
        raise ClassifierError("The cache folder cannot be written.")

    monkeypatch.setattr(downloading, "import_classifier", refuse)
    with pytest.raises(ClassifierError):
        download_and_add(NETWORK)
    assert not paths.download_record().exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"page": QUOTA}, r"\(gdown: Too many users .* file again later\)\. .* try again in 24 hours"),
        ({"page": LOGIN}, "with a page in place of the file .* If it is the page of your network's login"),
        ({"page": LOGIN, "says_type": False}, r"a way that gdown \d.* does not know \(KeyError"),
        ({"status": 404}, r"with a page in place of the file .* If it is gone, .* ask the reference project"),
        (
            {"status": 503, "error_headers": {"Content-Type": "a/b", "Content-Disposition": "attachment"}},
            r"answers with the error 503\. Try again in 24 hours",
        ),
        ({"proxy_status": 407}, "407 Proxy Authentication Required.* HTTPS_PROXY=http://NAME:PASSWORD@"),
        ({"proxy_status": 403}, "proxy does not let .*403 Forbidden.* let drive.google.com and .* through"),
        (
            {"content": b"PK\x03\x04 something else", "says_length": 19},
            r"other than an \.h5 file.*file/d/1C-",
        ),
        ({"breaks_off": 9, "breaks_off_after": 9}, "broke off, 3 more times .* download it once more"),
        ({"says_length": 2_000_000_000}, "more than 1000 MB"),
    ],
)
def test_whatever_else_comes_is_explained_and_nothing_is_added(
    change: dict[str, object], said: str, drive: Drive, imported: list[ForeignNetwork]
) -> None:
    for name, value in change.items():
        setattr(drive, name, value)
    with pytest.raises(DownloadError, match=said):
        download_and_add(NETWORK)
    assert imported == []


def test_a_file_that_does_not_say_its_size_and_grows_too_large_is_given_up_on_the_way(
    drive: Drive, imported: list[ForeignNetwork], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloading, "_LARGEST_BYTES", 500_000)
    drive.says_length, drive.stands_still = None, True
    with pytest.raises(DownloadError, match="more than 0 MB, more than any published classifier"):
        download_and_add(NETWORK)


def test_a_page_that_leads_to_itself_ends(
    drive: Drive, imported: list[ForeignNetwork], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloading, "_PATIENCE_S", 4.0)
    drive.page = ASKS
    with pytest.raises(DownloadError, match="sent nothing of the file for 4 seconds"):
        download_and_add(NETWORK)


def test_a_certificate_that_the_system_does_not_know_is_refused(
    drive: Drive, imported: list[ForeignNetwork], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(DownloadError, match=r"cannot be trusted .*certificate must be known to this PC"):
        download_and_add(NETWORK)
    assert drive.asked == []


def test_a_proxy_that_is_not_there_or_no_address_is_said(
    drive: Drive, imported: list[ForeignNetwork], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{nobody.getsockname()[1]}")
        with pytest.raises(DownloadError, match=r"proxy does not let .*\(Connection refused\)"):
            download_and_add(NETWORK)
    monkeypatch.setenv("https_proxy", "http://")
    with pytest.raises(DownloadError, match=r"proxy does not let .*malformed"):
        download_and_add(NETWORK)


def test_a_full_disk_is_said(drive: Drive, imported: list[ForeignNetwork]) -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    # Inherited by the process that downloads; what a disk without room says differs by its number alone.
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    try:
        with pytest.raises(DownloadError, match=r"cannot be written \(File too large\)\. Make room"):
            download_and_add(NETWORK)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_an_id_that_is_taken_is_said_before_anything_is_fetched(drive: Drive) -> None:
    folder = paths.user_classifiers() / NETWORK.id
    folder.mkdir(parents=True)
    (folder / "model.keras").write_bytes(b"a network")
    with pytest.raises(ClassifierError, match="on this PC already"):
        download_and_add(NETWORK)
    assert drive.asked == []
