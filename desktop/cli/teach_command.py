"""bloodsmear teach: a laboratory's own labels, taught on a classifier's features, and measured."""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bloodsmear.classifiers.deviations import TAUGHT_ON
from bloodsmear.classifiers.figure_words import (
    AUDIT_ACCURACY,
    AUDIT_GAIN,
    AUDIT_SENSITIVITY,
    COLOUR_ALONE,
    GAIN_OVER_BASE,
    SENSITIVITY,
    figure_words,
)
from bloodsmear.count_words import count_words
from bloodsmear.errors import StudyError, UsageError
from bloodsmear.jobs import Cancel, JobCancelled, Report
from bloodsmear.review.sentences import percent
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.teaching.audit import NO_AUDIT, why_not_offered
from bloodsmear.teaching.intervals import Share
from bloodsmear.teaching.labelled_folder import ANSWERS_CELLS, read_labelled_folder
from bloodsmear.teaching.taught_card import TaughtTarget, golden_disagreement, write_taught
from bloodsmear.teaching.teach import Base, Lesson, Material, open_base, teach
from bloodsmear.workflows.auditing import audit_words
from bloodsmear.workflows.cell_teaching import teach_cells
from bloodsmear.workflows.classifier_set import classifier_folders
from bloodsmear.workflows.study_folders import strange_folders_sentence, unknown_folders_of
from bloodsmear.workflows.study_teaching import keep_lesson, note_lesson, teach_studies
from desktop.cli.exit_code import ExitCode
from desktop.cli.progress_bar import ProgressBar
from desktop.cli.screen_arguments import add_camera_bits
from desktop.cli.stop_signal import ctrl_c_requests
from desktop.cli.terminal import Terminal

# Not the trees of an evaluation: the base edition has none.
_COLOUR_ALONE = "colour alone: accuracy of a head that sees no cell"
# Below it Student's t is wide, and the interval rough.
_FEW_CASES = 10
_NOT_READ = "It is not offered for use: the audit set is not wholly read."
_FOR_CELLS = (
    f"{ANSWERS_CELLS} Once its audit set shows a gain, the gallery of cells offers orders by what it says."
)


def add_teach_words(parser: argparse.ArgumentParser) -> None:
    """Add the words of `teach`."""
    parser.description = (
        "Teach a classifier your own labels from signed decisions, or from images in folders named after the labels, "
        "cases below; with --cells from the names that readers gave to cells. What it is worth is printed before it is "
        "written."
    )
    parser.add_argument(
        "studies", nargs="*", type=Path, metavar="STUDY", help="studies with signed decisions"
    )
    parser.add_argument(
        "--data", type=Path, metavar="FOLDER", help="in place of studies: one folder for each label"
    )
    parser.add_argument(
        "--unsigned",
        action="store_true",
        help="teach decisions that nobody signed off as well, as the window does",
    )
    parser.add_argument(
        "--cells",
        action="store_true",
        help="teach the cells that readers named in the studies, in place of the images; with --data: its pictures are "
        "crops of single cells",
    )
    add_camera_bits(parser)
    parser.add_argument(
        "--trust-folders",
        action="store_true",
        help="read the images in the studies' folders, although nobody opened them on this PC",
    )
    parser.add_argument(
        "-o", "--output", required=True, type=Path, metavar="CLASSIFIER", help="the folder or .zip to write"
    )
    parser.add_argument("--id", required=True, help="the classifier's id: small letters, digits, _ and -")
    parser.add_argument("--name", help="its name for people; without it the id")
    parser.add_argument(
        "--base", default=TAUGHT_ON, metavar="ID", help=f"the classifier to teach on ({TAUGHT_ON})"
    )


def run_teach(parsed: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Teach, print the figures, write. Raises UsageError, DataSetError, CardError, ClassifierError."""
    target = TaughtTarget(parsed.output, parsed.id, parsed.name or parsed.id)
    target.check()
    _check_sources(parsed)
    folders = classifier_folders()
    if parsed.base not in folders:
        raise UsageError(
            f"There is no classifier {parsed.base!r} on this PC to teach on; there are: {', '.join(folders) or 'none'}."
        )
    cancel = Cancel()
    try:
        with ctrl_c_requests(cancel), ProgressBar(terminal) as bar:
            base = open_base(folders[parsed.base])
            if parsed.data is None:
                lesson, told = _teach_studies(parsed, base, terminal, (bar.report, cancel))
            else:
                images = read_labelled_folder(parsed.data, cancel, parsed.camera_bits)
                if parsed.cells:
                    images = replace(images, answers_for="cell")
                lesson, told = teach(Material(images), base, bar.report, cancel), ()
            cancel.checkpoint()
    except JobCancelled:
        terminal.complain("Stopped. Nothing was written.")
        return ExitCode.CANCELLED
    for line in lesson_lines(lesson, told):
        terminal.say(line)
    card = write_taught(lesson, target)
    if disagreement := golden_disagreement(card, lesson.base.card):
        terminal.say(disagreement)
    terminal.say(f"{card.id} {card.version_mark} was written to {target.path}. Use it by:")
    # Why it is not offered stands among the figures above.
    all_the_same = " --yes" if why_not_offered(card) else ""
    terminal.say(f"  bloodsmear classifiers add {target.path}{all_the_same}")
    terminal.say(
        _FOR_CELLS
        if card.answers_for == "cell"
        else f"  bloodsmear screen FOLDER -o REPORT.csv --classifier {card.id}"
    )
    return ExitCode.DONE


def _check_sources(parsed: argparse.Namespace) -> None:
    if bool(parsed.studies) == (parsed.data is not None):
        raise UsageError("Give either studies with signed decisions, or --data FOLDER.")
    if parsed.studies and parsed.camera_bits is not None:
        raise UsageError("--camera-bits is for --data; a study keeps those that it was screened with.")
    if parsed.data is not None and parsed.unsigned:
        raise UsageError("--unsigned is for studies; in a folder nothing is signed.")
    output, data = parsed.output.absolute(), parsed.data and parsed.data.absolute()
    if data is not None and (output == data or data in output.parents):
        raise UsageError(
            f"{parsed.output} lies in the labelled folder {parsed.data}, where it would count as a label next time. "
            "Name a place outside of it."
        )


def _teach_studies(
    parsed: argparse.Namespace, base: Base, terminal: Terminal, job: tuple[Report, Cancel]
) -> tuple[Lesson, tuple[str, ...]]:
    strange = tuple(folder for study in parsed.studies for folder in unknown_folders_of(study))
    if strange and not parsed.trust_folders:
        raise UsageError(
            f"{strange_folders_sentence(parsed.studies[0], strange)} If it is, give --trust-folders as well."
        )
    if parsed.cells:
        cells = teach_cells(parsed.studies, base, not parsed.unsigned, *job)
        _keep(parsed.studies, cells.lesson, lambda store: note_lesson(store, cells.lesson))
        left_out, lesson, told = cells.left_out, cells.lesson, cells.told
    else:
        taught = teach_studies(parsed.studies, base, not parsed.unsigned, *job)
        _keep(parsed.studies, taught.lesson, lambda store: keep_lesson(store, taught))
        left_out, lesson = taught.signed.told, taught.lesson
        told = tuple(audit_words(read) for read in taught.signed.reads)
    for sentence in left_out:
        terminal.say(sentence)
    return lesson, told


def _keep(studies: Sequence[Path], lesson: Lesson, keep: Callable[[StudyStore], None]) -> None:
    for study in studies:
        try:
            with StudyStore.open_existing(study) as store:
                head = store.head
            with StudyStore.open_or_create(study, head) as store:
                keep(store)
        except StudyError:
            # Nothing of it is needed but that an audit set was looked at: nobody may look without a trace.
            if lesson.audit is not None:
                raise


def lesson_lines(lesson: Lesson, told: Sequence[str] = ()) -> Iterator[str]:
    """What was taught and what it is worth, in lines for a terminal; `told` says how far audit sets are read."""
    images, base = lesson.images, lesson.base.card
    of_images = int((~lesson.known).sum())
    cases = len(set(lesson.groups[~lesson.known].tolist()))
    unit, noun = images.unit, images.noun
    names = ", ".join(label.name for label in images.labels)
    yield f"{len(images.labels)} labels from {len(images.images)} {noun}, on {base.id} {base.version_mark}: {names}"
    if images.loose_images:
        yield f"{count_words(images.loose_images, 'image lies', 'images lie')} beside the label folders: left out."
    if images.strangers:
        yield (
            f"{', '.join(images.strangers)}: taught as labels of your own beside the built-in ones. Where that is a "
            "slip of the pen, rename the folder and teach again."
        )
    if images.lone_folders:
        yield (
            "Each label has one folder of images at most: that is not taken for a patient, so cases are not known. "
            "Give every patient a folder of their own."
        )
    if lesson.known.any():
        yield f"{int(lesson.known.sum())} of the {noun} were used to train {base.id}: taught, but not measured on."
    yield f"Cross-validated on {of_images} {noun}, {cases} {unit}, none of which its head had seen:"
    yield from _share_lines(lesson, lesson.measured.shares)
    if cases < _FEW_CASES:
        yield f"With {cases} {unit} the intervals are rough."
    yield lesson.promise.words
    yield from _audit_lines(lesson, told)


def _audit_lines(lesson: Lesson, told: Sequence[str]) -> Iterator[str]:
    audit, noun = lesson.audit, lesson.images.noun
    if lesson.apart:
        yield f"{lesson.apart:,} of the {noun} left out: near duplicates of {noun} of the audit set."
    yield from told
    if audit is None:
        yield NO_AUDIT.sentence if not told else _NOT_READ
        return
    yield f"On the {audit.measured} {noun} of the audit set that got a label, of {audit.drawn} that were drawn:"
    yield from _share_lines(lesson, audit.shares)
    if audit.not_taught:
        yield f"{audit.not_taught} of them have a label that was not taught, and count as wrong."
    if audit.looks:
        heads = count_words(audit.looks, "head was", "heads were")
        yield f"{heads} measured on it before: the best of several looks better than it is."
    yield audit.offer.sentence


def _share_lines(lesson: Lesson, shares: Mapping[str, Share]) -> Iterator[str]:
    images, base = lesson.images, lesson.base.card
    named = {
        f"{kind}{label.key}": label.name
        for label in images.labels
        for kind in (SENSITIVITY, AUDIT_SENSITIVITY)
    }
    words = {name: figure_words(name) for name in shares} | {COLOUR_ALONE: _COLOUR_ALONE}
    words |= {name: f"sensitivity of {label}" for name, label in named.items() if name in shares}
    width = max(map(len, words.values()))
    for name, share in shares.items():
        is_gain = name == GAIN_OVER_BASE or name.startswith(AUDIT_GAIN)
        yield f"  {words[name]:{width}}  {_share_words(share, signed=is_gain)}"
    unmeasured = () if AUDIT_ACCURACY in shares else images.labels
    for label in (label.name for label in unmeasured if f"{SENSITIVITY}{label.key}" not in shares):
        yield f"Nothing was measured on {label}: {base.id} was trained on all of its images."
    gain = shares.get(GAIN_OVER_BASE)
    if gain is not None and (gain.low is None or gain.low < 0):
        yield f"The interval of the gain reaches below 0, so it may be worse than {base.id}. Keep {base.id}."


def _share_words(share: Share, signed: bool) -> str:
    words = _signed if signed else percent
    value = f"{words(share.value):>6} %"
    if share.low is None or share.high is None:
        return f"{value}  of {share.images}"
    return f"{value}  ({words(share.low)} to {words(share.high)})  of {share.images}"


def _signed(gain: float) -> str:
    return f"{100 * gain:+.1f}"
