"""bloodsmear doctor: whether the user's studies are well, and with --study whether anything in one was changed."""

from collections.abc import Sequence
from pathlib import Path

from bloodsmear import paths
from bloodsmear.errors import StudyError
from bloodsmear.review.events import Event
from bloodsmear.review.reader import reader_name
from bloodsmear.review.replay import Replay
from bloodsmear.storage.database import damaged_sentence
from bloodsmear.storage.event_chain import ChainCheck
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.time_words import zoned_words
from bloodsmear.workflows.study_choice import look_at_studies
from desktop.cli.exit_code import ExitCode
from desktop.cli.terminal import Terminal

_MOST_NAMED = 20
_COVERED = (
    "The chain covers the readers' events, and with the last hash the images, their sha256, the classifiers and their "
    "answers as they were at the last event. Outside of it lie the images' own files."
)


def check_study(study: Path, noted_hash: str, terminal: Terminal) -> ExitCode:
    """Follow the chain of a study's events and say the first that does not fit: DONE when all do.

    `noted_hash` (empty: none) is a hash that was printed earlier; the chain must go through it. Raises StudyError.
    """
    with StudyStore.open_existing(study) as store:
        check = store.events.check()
        terminal.say(f"Study {study}")
        terminal.say(f"  images {len(store.listed_images()):,}")
        terminal.say(f"  events {len(check.hashes):,}")
        if check.hashes:
            terminal.say(f"  last hash {check.hashes[-1]}")
        if check.whole:
            _say_readers(store.events.read(), terminal)
        unread = [record for record in store.records() if record.error and record.status == "not_screened"]
        damage = store.damage()
    for remark in (*check.remarks, *check.acknowledged):
        terminal.say(f"  note: {remark}")
    terminal.say(f"  {_COVERED}")
    wrong = [sentence for sentence in (check.complaint, _missing(noted_hash, check)) if sentence]
    wrong += [f"SQLite says of the file: {damage}"] if damage else []
    wrong += [f"{record.image}: {record.error}" for record in unread[:_MOST_NAMED]]
    terminal.say()
    if not wrong:
        but = ", but for what was taken note of" if check.acknowledged else ""
        terminal.say(f"Every event fits to the one before{but}.")
        return ExitCode.DONE
    terminal.say("The study was changed outside of Bloodsmear, or damaged, or it is another one:")
    for sentence in wrong:
        terminal.say(f"  {sentence}")
    terminal.say(
        "What to do: compare it with a copy from before. What comes after the place cannot be relied on. To go on with "
        "it all the same, give the same command with --acknowledge and your reader's name: reports still say what was "
        "changed, and nothing else complains of it any more."
    )
    return ExitCode.DONE_IN_PART


def acknowledge_changes(study: Path, reader: str) -> None:
    """The reader takes note of what was changed in the study: it is said in reports, and complained of no more.

    Raises StudyError, UsageError for a name that nobody can have.
    """
    with StudyStore.open_existing(study) as there:
        head = there.head
    with StudyStore.open_or_create(study, head) as store:
        store.events.acknowledge_changes(reader_name(reader))


def look_at_all_studies(terminal: Terminal) -> list[str]:
    """Look at every study in the user's folder; returns a sentence for each that is damaged or was changed."""
    place = paths.studies()
    found = look_at_studies(place)
    terminal.say("Studies")
    terminal.say(f"  {found.studies} in {place}, {len(found.decided)} with decisions")
    wrong = [f"{one.path.name}: {one.reason}" for one in found.unread]
    for study in found.decided:
        complaint = _complaint_of(study.path)
        wrong += [f"{study.path.name}: {complaint}"] if complaint else []
    return wrong


def _complaint_of(study: Path) -> str:
    try:
        with StudyStore.open_existing(study) as store:
            damage, check = store.damage(), store.events.check()
    except StudyError as error:
        return str(error)
    said = damaged_sentence(study) if damage else check.complaint
    return f"{said} `bloodsmear doctor --study` with this file says more." if said else ""


def _say_readers(events: Sequence[Event], terminal: Terminal) -> None:
    replay = Replay(events)
    for reader in replay.readers:
        decided = len(replay.decided_images(reader))
        signed = replay.study_sign_off(reader)
        told = f", study signed off {zoned_words(signed.at)}" if signed else ""
        terminal.say(f"  {reader}: {decided:,} decided{told}")


def _missing(noted_hash: str, check: ChainCheck) -> str:
    if not noted_hash or noted_hash.lower() in check.hashes:
        return ""
    return f"No event has the hash {noted_hash} that was noted earlier: the events up to it were replaced or cut off."
