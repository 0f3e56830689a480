"""A study's audit set: drawn, and how far it is read."""

from collections.abc import Sequence

from bloodsmear.errors import ReviewError
from bloodsmear.review.audit import draw_entries
from bloodsmear.review.audit_draw import USUAL_IMAGES, draw_images
from bloodsmear.review.audit_read import AuditRead, may_be_drawn
from bloodsmear.review.events import Entry, Event
from bloodsmear.review.reader import reader_name
from bloodsmear.review.replay import Replay
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.teaching.intervals import expected_reach


def draw_audit(store: StudyStore, reader: str, wanted: int = USUAL_IMAGES) -> Replay:
    """Draw an audit set, in place of an earlier one, and keep it in the study's chain. Returns the replay after it.

    Images are drawn that were screened, and decided by nobody, or with no answer in sight. ReviewError for too few,
    StudyError.
    """
    name = reader_name(reader)
    listed = store.listed_images()
    last_hash = store.events.check().head.last_hash
    replay = Replay()

    def entries(there: Sequence[Event]) -> Sequence[Entry]:
        for event in there:
            replay.take(event)
        free = {one.image for one in listed if may_be_drawn(one, replay)}
        seed = int(last_hash[:12], 16)
        before = replay.drawn_before | (replay.audit.names if replay.audit is not None else frozenset())
        return draw_entries(name, seed, draw_images(listed, free, before, wanted, seed))

    for event in store.events.append(0, entries):
        if event.number > replay.last_number:
            replay.take(event)
    return replay


def give_up_audit(store: StudyStore, reader: str) -> None:
    """Do without the audit set; its images may be taught from now on, and are never drawn again. StudyError."""
    name = reader_name(reader)

    def entries(there: Sequence[Event]) -> Sequence[Entry]:
        if Replay(there).audit is None:
            raise ReviewError("No audit set is drawn in this study.")
        return [Entry("audit_drawn", name)]

    store.events.append(0, entries)


def audit_words(read: AuditRead) -> str:
    """How far it is read, and how wide an interval it gives."""
    drawn, done = len(read.draw.images), len(read.said)
    told = f"{done} of the {drawn} images of the audit set are read"
    reach = (
        f"All of them give an interval of about ±{100 * expected_reach(drawn):.0f} points, wider where "
        "patients differ."
    )
    gone = ""
    if read.gone:
        gone = (
            f" {len(read.gone)} are not there any more, or not the files that were drawn: put them back, or draw "
            "a new audit set."
        )
    looks = read.draw.looks
    looked = (
        f" {looks} heads were measured on it: the best of them looks better than it is." if looks > 1 else ""
    )
    left = f", {len(read.to_read)} are still to be read" if read.to_read else ""
    return f"{told}{left}. {reach}{gone}{looked}"
