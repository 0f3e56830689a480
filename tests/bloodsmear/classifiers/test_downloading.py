"""Downloading a published classifier, from a fake of Google Drive on this PC. The real one was never asked."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bloodsmear import paths
from bloodsmear.classifiers import downloading
from bloodsmear.classifiers.download_record import DownloadRecord
from bloodsmear.classifiers.download_site import DriveSite
from bloodsmear.classifiers.downloading import download_and_add
from bloodsmear.classifiers.importing import ForeignNetwork, ImportEvents
from bloodsmear.classifiers.installing import AddedClassifier
from bloodsmear.classifiers.labels import PUBLISHED_LABELS
from bloodsmear.classifiers.published import published_network
from bloodsmear.errors import ClassifierError, DownloadError, UsageError
from bloodsmear.jobs import Cancel, JobCancelled, Progress
from bloodsmear.workflows.classifier_set import ClassifierSet

NETWORK = published_network("unet-published")
FILE = b"\x89HDF\r\n\x1a\n" + bytes(range(256)) * 2000
ASKS = '<form id="download-form" action="{}/download"><input name="confirm" value="t"></form>'


@dataclass
class Drive:
    """What the fake Drive holds and does, and what it was asked."""

    content: bytes = FILE
    mark: str = '"first"'
    page: str = ""  # sent in place of the file
    status: int = 200
    asks_first: bool = True
    breaks_off_after: int | None = None
    leads_to: str = ""
    knows_ranges: bool = True
    address: str = ""
    asked: list[tuple[str, str | None]] = field(default_factory=list)


class _Handler(BaseHTTPRequestHandler):
    drive: Drive

    def do_GET(self) -> None:
        drive, wanted = self.drive, self.headers.get("Range")
        # Asked as a proxy it gets the whole address.
        path = urlsplit(self.path)
        self.drive.asked.append((path.path, wanted))
        if drive.leads_to:
            self._head(302, {"Location": drive.leads_to})
        elif drive.status != 200:
            self._head(drive.status, {})
        elif drive.page:
            self._send_page(drive.page)
        elif drive.asks_first and path.path == "/uc":
            self._send_page(ASKS.format(drive.address))
        else:
            self._send_file(wanted, self.headers.get("If-Range"))

    def _send_page(self, page: str) -> None:
        self._head(200, {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(page))})
        self.wfile.write(page.encode())

    def _send_file(self, wanted: str | None, if_mark: str | None) -> None:
        drive = self.drive
        first, status, total = 0, 200, len(drive.content)
        headers = {"ETag": drive.mark, "Content-Type": "application/octet-stream"}
        if wanted and drive.knows_ranges and if_mark in (None, drive.mark):
            first, status = int(wanted.removeprefix("bytes=").rstrip("-")), 206
            if first >= total:
                self._head(416, {})
                return
            headers["Content-Range"] = f"bytes {first}-{total - 1}/{total}"
        headers["Content-Length"] = str(total - first)
        self._head(status, headers)
        end = total if drive.breaks_off_after is None else first + drive.breaks_off_after
        self.wfile.write(drive.content[first:end])

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *given: object) -> None:
        """Quiet: the tests look at `asked`."""


@pytest.fixture
def drive(monkeypatch: pytest.MonkeyPatch) -> Iterator[Drive]:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    held = Drive()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"drive": held}))
    held.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield held
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


@pytest.fixture
def download(drive: Drive, imported: list[ForeignNetwork]) -> Download:
    """`download(report=…, cancel=…)`: from the fake."""

    def run(**more: object) -> AddedClassifier:
        site = DriveSite("Google Drive", drive.address, ("127.0.0.1",))
        return download_and_add(NETWORK, site=site, **more)  # type: ignore[arg-type]  # report and cancel alone

    return run


def left_over() -> list[str]:
    return sorted(path.name for path in paths.downloads().glob("*"))


def test_a_file_comes_through_the_page_that_asks_once_more_and_is_described_as_published(
    download: Download, drive: Drive, imported: list[ForeignNetwork]
) -> None:
    heard: list[Progress] = []
    download(report=heard.append)
    assert [path for path, _ in drive.asked] == ["/uc", "/download"]
    assert imported[0].labels == PUBLISHED_LABELS == ("benign", "pre_b", "pro_b", "early_pre_b")
    assert (imported[0].preparation.resize, imported[0].preparation.size_px) == ("nearest", (150, 150))
    assert heard[0].done == 0
    assert heard[-1].done == heard[-1].total == len(FILE)
    assert left_over() == [], "the classifier's folder holds all that is needed"
    known = paths.download_record().read_text("utf-8")
    assert hashlib.sha256(FILE).hexdigest() in known


def test_a_small_file_comes_without_a_question(download: Download, drive: Drive) -> None:
    drive.asks_first = False
    download()
    assert [path for path, _ in drive.asked] == ["/uc"]


def test_a_download_that_broke_off_goes_on_where_it_stopped(
    download: Download, drive: Drive, imported: list[ForeignNetwork]
) -> None:
    drive.breaks_off_after = 100_000
    with pytest.raises(DownloadError, match=r"broke off at 0\.1 of 0\.5 MB\. Give the same command again"):
        download()
    drive.breaks_off_after = None
    download()
    assert drive.asked[-1] == ("/download", "bytes=100000-")
    assert hashlib.sha256(FILE).hexdigest() in paths.download_record().read_text("utf-8")
    assert len(imported) == 1


@pytest.mark.parametrize("change", ["mark", "ranges", "shorter"])
def test_a_part_that_cannot_be_continued_is_fetched_anew(
    change: str, download: Download, drive: Drive, imported: list[ForeignNetwork]
) -> None:
    drive.breaks_off_after = 300_000
    with pytest.raises(DownloadError):
        download()
    drive.breaks_off_after = None
    if change == "mark":
        drive.mark, drive.content = '"second"', FILE[:-1] + b"x"
    elif change == "ranges":
        drive.knows_ranges = False
    else:
        drive.content = FILE[:200_000]
    download()
    assert hashlib.sha256(drive.content).hexdigest() in paths.download_record().read_text("utf-8")


def test_stopping_keeps_what_came(download: Download, drive: Drive, imported: list[ForeignNetwork]) -> None:
    cancel = Cancel()

    def stop_soon(progress: Progress) -> None:
        if progress.done > 60_000:
            cancel.request()

    with pytest.raises(JobCancelled):
        download(report=stop_soon, cancel=cancel)
    assert left_over() == ["unet-published.h5.part", "unet-published.h5.part.json"]
    assert imported == []


def test_while_one_is_under_way_another_is_refused_and_the_first_comes_whole(
    download: Download, drive: Drive, imported: list[ForeignNetwork]
) -> None:
    refusals: list[str] = []

    def ask_once_more(_progress: Progress) -> None:
        if not refusals:
            with pytest.raises(UsageError, match="Another download is under way on this PC") as refusal:
                download()
            refusals.append(str(refusal.value))

    download(report=ask_once_more)
    assert len(refusals) == len(imported) == 1
    assert [path for path, _ in drive.asked] == ["/uc", "/download"]
    # And the next one may begin.
    download()
    assert len(imported) == 2


def test_another_file_than_the_first_is_refused_and_thrown_away(
    download: Download, drive: Drive, imported: list[ForeignNetwork]
) -> None:
    download()
    drive.content = FILE[:-1] + b"x"
    with pytest.raises(
        DownloadError, match=r"unet-published is another one than on \d{4}-\d\d-\d\d .* not added"
    ):
        download()
    assert len(imported) == 1
    assert left_over() == []


def test_a_file_that_cannot_be_added_is_not_believed_and_kept_for_a_second_time_only(
    download: Download, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*given: object, **more: object) -> AddedClassifier:
        raise ClassifierError("The cache folder cannot be written.")

    monkeypatch.setattr(downloading, "import_classifier", refuse)
    with pytest.raises(ClassifierError):
        download()
    assert left_over() == ["unet-published.h5"]
    with pytest.raises(ClassifierError):
        download()
    assert len(drive.asked) == 2, "the second time nothing was fetched"
    assert left_over() == []
    assert not paths.download_record().exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"page": "<title>Google Drive - Quota exceeded</title>"}, "too many people"),
        ({"page": "<title>Guest network</title>"}, "Guest network"),
        ({"status": 404}, r"has the file no more \(404\)"),
        ({"status": 403}, "Try again in 24 hours"),
        ({"status": 407}, "proxy asks for a name and a password"),
        ({"status": 500}, "answered with the error 500"),
        ({"content": b"PK\x03\x04 something else"}, r"is no \.h5 file"),
        ({"leads_to": "http://elsewhere.invalid/file"}, "leads to http://elsewhere.invalid"),
        ({"leads_to": "file:///etc/passwd"}, "leads to another place"),
    ],
)
def test_whatever_else_comes_is_explained_and_nothing_is_added(
    change: dict[str, object], said: str, download: Download, drive: Drive, imported: list[ForeignNetwork]
) -> None:
    for name, value in change.items():
        setattr(drive, name, value)
    with pytest.raises(DownloadError, match=said):
        download()
    assert imported == []
    assert left_over() == []


def test_a_page_that_asks_for_ever_ends(download: Download, drive: Drive) -> None:
    drive.page = ASKS.format(drive.address)
    with pytest.raises(DownloadError, match="asks again and again"):
        download()


def test_without_a_connection_that_is_said(imported: list[ForeignNetwork], drive: Drive) -> None:
    nobody = DriveSite("Google Drive", "http://127.0.0.1:9", ("127.0.0.1",))
    with pytest.raises(DownloadError, match="There is no connection to Google Drive"):
        download_and_add(NETWORK, site=nobody)


def test_the_proxy_of_the_environment_is_used(
    drive: Drive, imported: list[ForeignNetwork], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", drive.address)
    drive.asks_first = False
    download_and_add(NETWORK, site=DriveSite("Google Drive", "http://drive.invalid", ("drive.invalid",)))
    assert len(imported) == 1


def test_an_id_that_is_taken_is_said_before_anything_is_fetched(
    download: Download, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = paths.user_classifiers() / NETWORK.id
    folder.mkdir(parents=True)
    (folder / "model.keras").write_bytes(b"a network")
    with pytest.raises(ClassifierError, match="on this PC already"):
        download()
    assert drive.asked == []


def test_a_damaged_record_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "downloads.json").write_text("{")
    with pytest.raises(DownloadError, match=r"downloads\.json cannot be read"):
        DownloadRecord(tmp_path / "downloads.json").require_same("unet-published", "0" * 64)


def test_an_unknown_published_classifier_is_named_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match="'resnet'; there are: vgg16-published, unet-published"):
        published_network("resnet")
