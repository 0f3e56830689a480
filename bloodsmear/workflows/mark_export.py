"""From a study to the files of its marks, one GeoJSON for each image that has any."""

from pathlib import Path

from bloodsmear import atomic_file
from bloodsmear.errors import ReportError
from bloodsmear.jobs import Cancel
from bloodsmear.reports.geojson import geojson_text
from bloodsmear.reports.report_kind import ReportScope
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.export import Exported, changed_sentence, notice_of, report_rows
from bloodsmear.workflows.image_copies import begin_folder

ENDING = ".geojson"


def export_marks(
    study: Path, target: Path, scope: ReportScope | None = None, cancel: Cancel | None = None
) -> Exported:
    """Write `target`/image.geojson for each image with marks, in the images' own folders; its rows are those images.

    `target` is a new folder or an empty one. Raises StudyError, ReportError (no image has a mark, or it cannot be
    written), and JobCancelled; what was written until then stays.
    """
    cancel = cancel or Cancel()
    with StudyStore.open_existing(study) as store:
        check = store.events.check()
        rows = [row for row in report_rows(store, scope=scope) if row.decision.marks]
    if not rows:
        raise ReportError("No image has a mark, so nothing was written. Draw one first (menu Marks).")
    begin_folder(target)
    for row in rows:
        cancel.checkpoint()
        file = target / f"{row.record.image}{ENDING}"
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            atomic_file.write(file, geojson_text(row.record, row.decision.marks, notice_of(check)).encode())
        except OSError as error:
            raise ReportError(
                f"The marks of {row.record.image} cannot be written to {file}: {error.strerror or error}. Choose "
                "another place."
            ) from error
    return Exported(len(rows), changed_sentence(check))
