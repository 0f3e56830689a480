"""From a study to its HTML report, with pictures of the images on the disk."""

import os
from collections import deque
from collections.abc import Generator, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from bloodsmear.cells.agreement import compare_cells
from bloodsmear.errors import ImageError
from bloodsmear.images.cell_look import cut_crop
from bloodsmear.images.cells import find_cells
from bloodsmear.images.decode import decoding
from bloodsmear.images.formats.reader_contract import Asked
from bloodsmear.images.image_names import file_and_page
from bloodsmear.jobs import Cancel, Progress, Report, report_nowhere
from bloodsmear.known_folders import unknown_folders
from bloodsmear.reports.case_summary import summarise_cases
from bloodsmear.reports.cell_names import NamedCell
from bloodsmear.reports.html_report.content import (
    EventsFound,
    NamedCrop,
    ReportContent,
    ReportPicture,
    is_shown,
    read_picture,
)
from bloodsmear.reports.html_report.page import page_parts
from bloodsmear.reports.report_file import open_report
from bloodsmear.reports.report_kind import ReportScope
from bloodsmear.reports.report_rows import ReportHead, ReportRow, without_names
from bloodsmear.review.reader_agreement import compare_readers
from bloodsmear.review.records import ImageRecord, ListedImage
from bloodsmear.review.replay import Replay
from bloodsmear.storage.study_store import StudyHead, StudyStore
from bloodsmear.workflows.cell_export import cell_report
from bloodsmear.workflows.export import Exported, changed_sentence, check_export, part_sentence, report_rows

# Decoding waits for the disk and works without the GIL.
_THREADS = 4
# So many pictures are read, or wait to be written, at once.
_AHEAD = 2 * _THREADS
# Of a cell: 13 mm on paper at 165 pixels an inch.
_CROP_PX = 84


@dataclass(frozen=True, slots=True)
class HtmlChoices:
    """`nameless` puts numbers in place of images' and cases' names; `scope` is the part that the report is about, None
    for all of the study. 500 pictures make a page of some 20 MB.
    """

    nameless: bool = False
    most_pictures: int = 500
    most_crops: int = 1000
    scope: ReportScope | None = None


_EVERYTHING = HtmlChoices()


def export_html(
    study: Path,
    target: Path,
    choices: HtmlChoices = _EVERYTHING,
    report: Report = report_nowhere,
    cancel: Cancel | None = None,
) -> Exported:
    """Write the HTML report of a saved study to `target`; its rows are the images.

    Raises UsageError, StudyError, ReportError, and JobCancelled when `cancel` was requested: nothing is written then.
    """
    check_export(study, target)
    cancel = cancel or Cancel()
    with StudyStore.open_existing(study) as store:
        rows = tuple(report_rows(store, scope=choices.scope))
        shown = [row.record for row in rows if is_shown(row)][: choices.most_pictures]
        # Read one after the other while the page is written: not all of them are in memory at once.
        pictures = _read_pictures(store.head, shown, report, cancel)
        content = _content(store, rows, pictures, choices, cancel)
        complaint = changed_sentence(store.events.check())
    with closing(pictures), open_report(target) as file:
        for part in page_parts(content):
            cancel.checkpoint()
            file.write(part.encode())
    return Exported(len(rows), complaint)


def _read_pictures(
    head: StudyHead, records: Sequence[ImageRecord], report: Report, cancel: Cancel
) -> Generator[ReportPicture, None, None]:
    strange = bool(unknown_folders(head.folders))

    def read(record: ImageRecord) -> ReportPicture:
        cancel.checkpoint()
        if strange:
            return ReportPicture(reason="No picture: the study's folders were not opened on this PC before.")
        if (place := _place_of(record, head)) is None:
            return ReportPicture(reason="No picture: the file lies outside of the study's folders.")
        if not record.sha256:
            return ReportPicture(reason="No picture: the file was never read.")
        return read_picture(*place, record.sha256)

    report(Progress(0, len(records)))
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="report-picture") as pool:
        coming = deque(pool.submit(read, record) for record in records[:_AHEAD])
        for done in range(1, len(records) + 1):
            picture = coming.popleft().result()
            coming.extend(pool.submit(read, record) for record in records[done + _AHEAD - 1 : done + _AHEAD])
            report(Progress(done, len(records), "reading pictures"))
            yield picture


def _place_of(record: ImageRecord, head: StudyHead) -> tuple[Path, Asked] | None:
    """The file of an image, and what is asked of it; None where it lies outside of the study's folders."""
    file, page = file_and_page(head.root, record.image)
    path = Path(os.path.normpath(file))
    if not any(path.is_relative_to(os.path.normpath(folder)) for folder in head.folders):
        return None
    return path, Asked(page, head.camera_bits)


def _cut_crops(head: StudyHead, cells: Sequence[NamedCell], cancel: Cancel) -> list[NamedCrop]:
    """Crops of the cells, image after image. Of a file that is gone, or holds other bytes by now, there is none."""
    if unknown_folders(head.folders):
        return []
    crops: list[NamedCrop] = []
    for image, some in groupby(cells, key=lambda one: one.record.image):
        cancel.checkpoint()
        of_image = list(some)
        record = of_image[0].record
        place = _place_of(record, head)
        if place is None or not record.sha256:
            continue
        with suppress(ImageError), decoding(place[0], asked=place[1]) as decoded:
            if decoded.sha256 != record.sha256:
                continue
            red_cell_px = find_cells(decoded.pixels).red_cell_px
            crops += [
                NamedCrop(
                    image,
                    one.reader,
                    one.said.name,
                    cut_crop(decoded.pixels, one.said.box, red_cell_px, _CROP_PX),
                    one.said.note,
                )
                for one in of_image
            ]
    return crops


def _content(
    store: StudyStore,
    rows: tuple[ReportRow, ...],
    pictures: Iterable[ReportPicture],
    choices: HtmlChoices,
    cancel: Cancel,
) -> ReportContent:
    check = store.events.check()
    root, nameless = store.head.root, choices.nameless
    named_rows = tuple(without_names(rows)) if nameless else rows
    case_names = {row.record.case: other.record.case for row, other in zip(rows, named_rows, strict=True)}
    told = cell_report(store, rows)
    replay = Replay(store.events.readable())
    named = [one for one in told.cells if one.said.name]
    images = {row.record.image: other.record.case for row, other in zip(rows, named_rows, strict=True)}
    return ReportContent(
        title="a study" if nameless else root.name or str(root),
        head=ReportHead(store.head.classifiers),
        made_at=datetime.now(UTC),
        rows=named_rows,
        cases=summarise_cases(named_rows),
        comparisons=(
            *compare_readers(replay, [row.record for row in rows]),
            *compare_cells(replay, map(_listed, rows)),
        ),
        events=EventsFound(check.head.events, check.head.last_hash, check.complaint or check.noted),
        pictures=pictures,
        part=part_sentence(choices.scope, len(rows), len(store.listed_images())),
        differentials=tuple(replace(one, case=case_names[one.case]) for one in told.differentials),
        crops=_by_case_and_reader(_cut_crops(store.head, named[: choices.most_crops], cancel), images),
        crops_left_out=max(0, len(named) - choices.most_crops),
    )


def _listed(row: ReportRow) -> ListedImage:
    return ListedImage(row.record.image, row.record.case, row.record.status, row.record.sha256)


def _by_case_and_reader(
    crops: Iterable[NamedCrop], cases: Mapping[str, str]
) -> dict[tuple[str, str], list[NamedCrop]]:
    """Those of one name beside each other; `cases` has the case of each image as the report shows it."""
    found: dict[tuple[str, str], list[NamedCrop]] = {}
    for one in sorted(crops, key=lambda crop: crop.name):
        found.setdefault((cases[one.image], one.reader), []).append(one)
    return found
