"""What the one study of a test's user holds, and what another program does in it meanwhile."""

from collections.abc import Callable
from contextlib import suppress

from real_window import RealWindow

from bloodsmear import paths
from bloodsmear.errors import StudyError
from bloodsmear.images.scale import SetScale
from bloodsmear.review.marks import DrawnShape
from bloodsmear.review.replay import Replay
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.reviewing import Reviewing


def the_study() -> StudyStore:
    """The study. ValueError, StudyError while the window makes it: there is none yet, or an empty one."""
    (path,) = paths.studies().glob("*.bloodsmear")
    return StudyStore.open_existing(path)


def has_records(number: int) -> bool:
    """Whether a study is kept that has so many images read."""
    with suppress(ValueError, StudyError), the_study() as store:
        return sum(record.status != "not_screened" for record in store.records()) >= number
    return False


def said(kind: str) -> list[tuple[str, str]]:
    """Who did what of this kind: reader and decision, in order."""
    with the_study() as store:
        entries = [event.entry for event in store.events.read()]
    return [(entry.reader, entry.decision) for entry in entries if entry.kind == kind]


def marks_kept(reader: str = "Ada") -> list[DrawnShape]:
    """What the reader drew on any image and did not erase."""
    with the_study() as store:
        replay, images = Replay(store.events.read()), store.listed_images()
    return [mark.drawn for image in images for mark in replay.marks(reader, image)]


def scales_kept() -> tuple[SetScale, ...]:
    """The scales that readers set."""
    with the_study() as store:
        return store.head.scales


def do_as(reader: str, act: Callable[[Reviewing], object]) -> None:
    """Let another reader do something in another program."""
    with the_study() as there:
        path, head = there.path, there.head
    with StudyStore.open_or_create(path, head) as store:
        act(Reviewing(store, reader))


def press_until_said(window: RealWindow, key: str, kind: str, reader: str, decision: str = "") -> None:
    """Press the key until it is kept: a window that is not ready yet refuses it."""

    def is_kept() -> bool:
        window.press(key)
        window.settled()
        return (reader, decision) in said(kind)

    window.wait_for(is_kept, f"{reader} {kind} {decision}".strip())
