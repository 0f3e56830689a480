"""Crops of a study's named cells in folders by name: from a reading a folder to train or teach on."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import cv2

from bloodsmear import RESEARCH_USE, __version__
from bloodsmear.count_words import count_words
from bloodsmear.errors import ImageError, ReportError, UsageError
from bloodsmear.file_names import as_one_file, is_device
from bloodsmear.images.cell_look import CROP_RED_CELLS, LEARNED_PX, crop_of
from bloodsmear.images.cells import find_cells
from bloodsmear.images.decode import decoding
from bloodsmear.images.natural_order import natural_key
from bloodsmear.images.scan import FoundImage
from bloodsmear.jobs import Cancel, Progress, Report, report_nowhere
from bloodsmear.reports.csv_table import write_table
from bloodsmear.teaching.labelled_folder import CROPS_FILE
from bloodsmear.workflows.image_copies import begin_folder, write_new
from bloodsmear.workflows.signed_cells import NO_RED_CELLS, SignedCell, read_signed_cells
from bloodsmear.workflows.study_folders import unknown_folders_of

_HEADER = (
    *("file", "image", "case", "sha256", "left_px", "top_px", "width_px", "height_px", "name", "readers"),
    *("signed_off", "red_cell_px", "red_cells_across", "side_px", "app_version", "intended_use"),
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class CellCrops:
    """How many crops of each name were written, and sentences on what was left out."""

    counts: Counter[str]
    left_out: tuple[str, ...]


def export_cell_crops(
    study: Path, target: Path, report: Report = report_nowhere, cancel: Cancel | None = None
) -> CellCrops:
    """Write `target`/name/case/image a.png, b.png …, a crop a cell, for the cells that all readers named alike.

    `target` is a new folder or an empty one; cell_crops.csv in it says of each crop where it comes from and who named
    it, and by it the folder is known as one of cells. Cells of an audit set's cases stay out. UsageError for a study
    that was changed or whose folders nobody opened here, DataSetError for two names that would be one label,
    StudyError, ReportError, JobCancelled (what was written until then stays, with its rows).
    """
    cancel = cancel or Cancel()
    if unknown_folders_of(study):
        raise UsageError("The study's folders were not opened on this PC before, so no crop was made.")
    signed = read_signed_cells([study], signed_only=False)
    left_out = Counter(one.why_left_out for one in signed.cells if one.why_left_out)
    cells = [one for one in signed.cells if not one.why_left_out]
    if not cells:
        raise ReportError(
            f"No cell was written. {' '.join(left_out_sentences(left_out)) or 'Nobody named any.'}"
        )
    begin_folder(target)
    rows: list[list[str]] = []
    counts: Counter[str] = Counter()
    by_image: dict[FoundImage, list[SignedCell]] = defaultdict(list)
    for one in cells:
        by_image[one.found].append(one)
    namer = Namer(target, signed.names)
    try:
        for done, found in enumerate(sorted(by_image, key=lambda one: natural_key(one.image))):
            cancel.checkpoint()
            report(Progress(done, len(by_image), "cutting crops"))
            try:
                for one, row in _write_image(found, by_image[found], namer):
                    rows.append(row)
                    counts[signed.names[one.label]] += 1
            except _ScaleUnknownError:
                left_out[NO_RED_CELLS] += len(by_image[found])
            except ImageError as error:
                left_out[f"{found.image}: {error.reason}"] += len(by_image[found])
    finally:
        # First of all it says that these are cells and no whole images.
        write_table(target / CROPS_FILE, _HEADER, rows)
    return CellCrops(counts, tuple(left_out_sentences(left_out)))


def left_out_sentences(left_out: Counter[str]) -> Iterator[str]:
    """A sentence for each reason why cells are not used."""
    for why, count in sorted(left_out.items()):
        yield f"{count_words(count, 'cell was', 'cells were')} left out: {why.rstrip('.')}."


class _ScaleUnknownError(Exception):
    """No red cell was seen in an image."""


class Namer:
    """Gives each crop a file of its own: `name/case/image a.png`. The image's number stays the last in it, by which
    training keeps neighbours together.
    """

    def __init__(self, target: Path, names: dict[str, str]) -> None:
        self.target = target
        self.names = names
        self._taken: set[str] = set()

    def file_of(self, cell: SignedCell) -> PurePosixPath:
        """Where the crop goes, below the target."""
        name = self.names[cell.label]
        folder = name if name.replace(" ", "").isalnum() else cell.label
        # Windows takes CON for a device; `CON_` is the same label.
        folder = f"{folder}_" if is_device(folder.casefold()) else folder
        case = cell.found.case
        parts = PurePosixPath(cell.found.image).parts
        below = parts[1:-1] if len(parts) > 1 and parts[0] == case else parts[:-1]
        # `smear.tif [2]` is a page of its file.
        page = f" [{cell.found.page + 1}]" if cell.found.page else ""
        place = PurePosixPath(folder, case, *below)
        for letters in _all_letters():
            file = place / f"{cell.found.path.stem}{page} {letters}.png"
            if as_one_file(str(file)) not in self._taken:
                break
        self._taken.add(as_one_file(str(file)))
        return file


def _write_image(
    found: FoundImage, cells: Sequence[SignedCell], namer: Namer
) -> Iterator[tuple[SignedCell, list[str]]]:
    with decoding(found.path, asked=found.asked) as decoded:
        if cells[0].sha256 and decoded.sha256 != cells[0].sha256:
            raise ImageError(found.path, "it has changed since its cells were named")
        red_cell_px = find_cells(decoded.pixels).red_cell_px
        if not red_cell_px:
            raise _ScaleUnknownError
        for one in sorted(cells, key=lambda cell: (cell.box.top_px, cell.box.left_px)):
            crop = crop_of(decoded.pixels, one.box, red_cell_px)
            file = namer.file_of(one)
            content = cv2.imencode(".png", cv2.cvtColor(crop, cv2.COLOR_RGB2BGR))[1].tobytes()
            write_new(namer.target / file, content)
            yield one, _row(one, file, red_cell_px, namer.names)


def _row(one: SignedCell, file: PurePosixPath, red_cell_px: float, names: dict[str, str]) -> list[str]:
    box = one.box
    return [
        str(file),
        one.found.image,
        one.found.case,
        one.sha256,
        *map(str, (box.left_px, box.top_px, box.width_px, box.height_px)),
        names[one.label],
        ";".join(sorted(one.readers)),
        "yes" if one.is_signed else "no",
        f"{red_cell_px:.1f}",
        f"{CROP_RED_CELLS:g}",
        str(LEARNED_PX),
        __version__,
        RESEARCH_USE,
    ]


def _all_letters() -> Iterable[str]:
    """a to z, then aa, ab and so on."""
    yield from _LETTERS
    for before in _all_letters():
        for letter in _LETTERS:
            yield before + letter
