"""bloodsmear classifiers add and remove: the user's own classifiers."""

import argparse
from collections.abc import Callable
from pathlib import Path

from bloodsmear import paths
from bloodsmear.adding.importing import ForeignNetwork, ImportEvents, import_classifier
from bloodsmear.adding.installing import AddedClassifier, add_classifier, remove_classifier
from bloodsmear.adding.typed_words import NETWORK_ENDINGS
from bloodsmear.classifiers.card import Card
from bloodsmear.errors import UsageError
from bloodsmear.jobs import Cancel
from bloodsmear.settings import read_settings
from bloodsmear.teaching.audit import why_not_offered
from bloodsmear.teaching.labelled_folder import ANSWERS_CELLS
from desktop.cli.exit_code import ExitCode
from desktop.cli.foreign_network import add_words, foreign_network
from desktop.cli.label_check import LabelCheck, say_trial
from desktop.cli.progress_bar import ProgressBar
from desktop.cli.stop_signal import ctrl_c_requests
from desktop.cli.terminal import Terminal


def add_add(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `add` to the actions on classifiers."""
    add = actions.add_parser(
        "add", allow_abbrev=False, help="add an exported classifier, or a network of another program"
    )
    add.add_argument(
        "source",
        type=Path,
        metavar="FOLDER|FILE",
        help="what `bloodsmear-train export` wrote (folder or zip), or an .h5 or .keras file",
    )
    add.add_argument(
        "--replace",
        action="store_true",
        help="put it in the place of the classifier with the same id, if its version is another",
    )
    add.add_argument(
        "--yes",
        action="store_true",
        help="add a taught classifier without being asked that was not shown to be no worse than what is in use",
    )
    add_words(add)


def add_remove(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `remove` to the actions on classifiers."""
    remove = actions.add_parser("remove", allow_abbrev=False, help="remove a classifier that was added")
    remove.add_argument("id", metavar="ID")


def run_add(parsed: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Add a classifier. Raises UsageError, CardError, ClassifierError, DataSetError, JobCancelled."""
    if parsed.source.suffix.lower() in NETWORK_ENDINGS and not parsed.source.is_dir():
        return _import(foreign_network(parsed), parsed, terminal)
    if parsed.check_on is not None:
        raise UsageError(
            f"--check-on is for an .h5 or .keras file, whose labels' order isn't known; {parsed.source} has its card. "
            "Add it, then give: bloodsmear classifiers verify ID --check-on FOLDER"
        )
    accept = _accepting(parsed.yes, terminal)
    say_added(add_classifier(parsed.source, parsed.replace, accept=accept), terminal)
    return ExitCode.DONE


def _accepting(yes: bool, terminal: Terminal) -> Callable[[Card], None]:
    """Of a taught classifier that is not offered for use say why, and ask; UsageError where nobody agrees."""

    def accept(card: Card) -> None:
        if not (why := why_not_offered(card)):
            return
        terminal.complain(f"{card.id}: {why}")
        if yes or (terminal.can_ask and terminal.agrees("Add it all the same?")):
            return
        raise UsageError(
            f"{card.id} was not added. Draw and read an audit set (docs/teaching.md), or give --yes to add it all "
            "the same."
        )

    return accept


def _import(foreign: ForeignNetwork, parsed: argparse.Namespace, terminal: Terminal) -> ExitCode:
    cancel = Cancel()
    with ctrl_c_requests(cancel), ProgressBar(terminal) as bar:
        events, check = ImportEvents(bar.report), None
        if parsed.check_on is not None:
            check = LabelCheck(parsed.check_on, bar.report, cancel)
            events = ImportEvents(bar.report, check)
        added = import_classifier(foreign, parsed.replace, events=events, cancel=cancel)
    say_added(added, terminal)
    if check is not None and check.trial is not None:
        return say_trial(check.trial, terminal)
    return ExitCode.DONE


def say_added(added: AddedClassifier, terminal: Terminal) -> None:
    """Say what was added, and how to use it."""
    card = added.card
    terminal.say(
        f"{card.id} {card.version_mark} was checked, passed its golden test and was added: {card.name}."
    )
    if added.replaced is not None:
        terminal.say(f"It answers in the place of {added.replaced}.")
    if added.graph_made_here:
        terminal.say(
            "Its graph was made anew on this PC; the one that came along is another one and was left out."
        )
    if added.int8_left_out:
        terminal.say(
            "An int8 graph is not taken over and was left out: without it `screen --fast` refuses the classifier. With "
            f"the training images make it here by: bloodsmear-train quantise {added.folder} --data FOLDER"
        )
    if card.answers_for == "cell":
        terminal.say(ANSWERS_CELLS)
    else:
        terminal.say(f"Screen with it by: bloodsmear screen FOLDER -o REPORT.csv --classifier {card.id}")


def run_remove(classifier_id: str, terminal: Terminal) -> ExitCode:
    """Remove one of the user's own classifiers. Raises UsageError, ClassifierError."""
    removed = remove_classifier(classifier_id)
    terminal.say(f"{classifier_id} was removed. Studies keep what it answered.")
    if removed.shipped_stays:
        terminal.say(f"The {classifier_id} that ships with the program answers from now on.")
    elif classifier_id in read_settings(paths.settings_file()).settings.default_classifiers:
        # Said on stderr: the next screening leaves it out, and ends with 1.
        terminal.complain(
            f"{classifier_id} is one of your default classifiers and will be missed. Choose others in the settings."
        )
    return ExitCode.DONE
