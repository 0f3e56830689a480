"""bloodsmear teach: a laboratory's own labels, taught on a classifier's features, and measured."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from bloodsmear.classifiers.figure_words import COLOUR_ALONE, GAIN_OVER_BASE, SENSITIVITY, figure_words
from bloodsmear.errors import UsageError
from bloodsmear.jobs import Cancel, JobCancelled
from bloodsmear.teaching.intervals import Share
from bloodsmear.teaching.labelled_folder import LabelledImages, read_labelled_folder
from bloodsmear.teaching.taught_card import TaughtTarget, write_taught
from bloodsmear.teaching.teach import Lesson, open_base, teach
from bloodsmear.workflows.classifier_set import classifier_folders
from bloodsmear.workflows.signed_images import read_signed_images
from bloodsmear.workflows.study_folders import strange_folders_sentence, unknown_folders_of
from desktop.cli.exit_code import ExitCode
from desktop.cli.progress_bar import ProgressBar
from desktop.cli.stop_signal import ctrl_c_requests
from desktop.cli.terminal import Terminal

_BASE = "vgg16"
# Not the trees of an evaluation: the base edition has none.
_COLOUR_ALONE = "colour alone: accuracy of a head that sees no cell"
# Below it Student's t is wide, and the interval rough.
_FEW_CASES = 10


def add_teach_words(parser: argparse.ArgumentParser) -> None:
    """Add the words of `teach`."""
    parser.description = (
        "Teach a classifier your own labels from signed decisions, or from images in folders named after the labels, "
        "cases below. What it is worth is printed before it is written."
    )
    parser.add_argument(
        "studies", nargs="*", type=Path, metavar="STUDY", help="studies with signed decisions"
    )
    parser.add_argument(
        "--data", type=Path, metavar="FOLDER", help="in place of studies: one folder for each label"
    )
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
    parser.add_argument("--base", default=_BASE, metavar="ID", help=f"the classifier to teach on ({_BASE})")


def run_teach(parsed: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Teach, print the figures, write. Raises UsageError, DataSetError, CardError, ClassifierError."""
    target = TaughtTarget(parsed.output, parsed.id, parsed.name or parsed.id)
    target.check()
    folders = classifier_folders()
    if parsed.base not in folders:
        raise UsageError(
            f"There is no classifier {parsed.base!r} on this PC to teach on; there are: {', '.join(folders) or 'none'}."
        )
    cancel = Cancel()
    try:
        with ctrl_c_requests(cancel), ProgressBar(terminal) as bar:
            images = _labelled_images(parsed, terminal, cancel)
            lesson = teach(images, open_base(folders[parsed.base]), bar.report, cancel)
            cancel.checkpoint()
    except JobCancelled:
        terminal.complain("Stopped. Nothing was written.")
        return ExitCode.CANCELLED
    for line in lesson_lines(lesson):
        terminal.say(line)
    card = write_taught(lesson, target)
    terminal.say(f"{card.id} {card.version_mark} was written to {target.path}. Use it by:")
    terminal.say(f"  bloodsmear classifiers add {target.path}")
    terminal.say(f"  bloodsmear screen FOLDER -o REPORT.csv --classifier {card.id}")
    return ExitCode.DONE


def _labelled_images(parsed: argparse.Namespace, terminal: Terminal, cancel: Cancel) -> LabelledImages:
    if bool(parsed.studies) == (parsed.data is not None):
        raise UsageError("Give either studies with signed decisions, or --data FOLDER.")
    if parsed.data is not None:
        return read_labelled_folder(parsed.data, cancel)
    strange = tuple(folder for study in parsed.studies for folder in unknown_folders_of(study))
    if strange and not parsed.trust_folders:
        raise UsageError(
            f"{strange_folders_sentence(parsed.studies[0], strange)} If it is, give --trust-folders as well."
        )
    signed = read_signed_images(parsed.studies)
    for sentence in signed.left_out:
        terminal.say(sentence)
    return signed.images


def lesson_lines(lesson: Lesson) -> Iterator[str]:
    """What was taught and what it is worth, in lines for a terminal."""
    images, base = lesson.images, lesson.base.card
    of_images = int((~lesson.known).sum())
    cases = len(set(lesson.groups[~lesson.known].tolist()))
    unit = "cases" if any(images.cases) else "runs of neighbouring names (cases are not known)"
    names = ", ".join(label.name for label in images.labels)
    yield f"{len(images.labels)} labels from {len(images.images)} images, on {base.id} {base.version_mark}: {names}"
    if images.loose_images:
        yield f"{images.loose_images} images lie beside the label folders and were left out."
    if lesson.known.any():
        yield f"{int(lesson.known.sum())} of the images were used to train {base.id}: taught, but not measured on."
    yield f"Cross-validated on {of_images} images, {cases} {unit}, none of which its head had seen:"
    shares = lesson.measured.shares
    named = {f"{SENSITIVITY}{label.key}": label.name for label in images.labels}
    words = {name: figure_words(name) for name in shares} | {COLOUR_ALONE: _COLOUR_ALONE}
    words |= {name: f"sensitivity of {label}" for name, label in named.items() if name in shares}
    width = max(map(len, words.values()))
    for name, share in shares.items():
        yield f"  {words[name]:{width}}  {_share_words(share, signed=name == GAIN_OVER_BASE)}"
    for label in (label for name, label in named.items() if name not in shares):
        yield f"Nothing was measured on {label}: {base.id} was trained on all of its images."
    if cases < _FEW_CASES:
        yield f"With {cases} {unit} the intervals are rough."
    gain = shares.get(GAIN_OVER_BASE)
    if gain is not None and (gain.low is None or gain.low < 0):
        yield f"The interval of the gain reaches below 0, so it may be worse than {base.id}. Keep {base.id}."


def _share_words(share: Share, signed: bool) -> str:
    sign = "+" if signed else ""
    value = f"{100 * share.value:{sign}6.1f} %"
    if share.low is None or share.high is None:
        return f"{value}  of {share.images}"
    return f"{value}  ({100 * share.low:{sign}.1f} to {100 * share.high:{sign}.1f})  of {share.images}"
