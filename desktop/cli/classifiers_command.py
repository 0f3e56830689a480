"""bloodsmear classifiers: which there are, what their cards say, whether they are whole; adding and removing."""

import argparse
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from bloodsmear import paths
from bloodsmear.classifiers.card import Card, FastFigures, Figure
from bloodsmear.classifiers.card_file import read_card
from bloodsmear.classifiers.figure_words import figure_words, is_leading
from bloodsmear.classifiers.folder import read_checked_card, verify_classifier
from bloodsmear.errors import CardError, ClassifierError, UsageError
from bloodsmear.workflows.classifier_set import classifier_folders
from desktop.cli.download_command import add_download, run_download
from desktop.cli.exit_code import ExitCode
from desktop.cli.label_check import add_check_on, check_order_of_all
from desktop.cli.own_classifiers import add_add, add_remove, run_add, run_remove
from desktop.cli.terminal import Terminal


def add_classifiers_words(parser: argparse.ArgumentParser) -> None:
    """Add the words of `classifiers`."""
    parser.description = "The classifiers on this PC."
    actions = parser.add_subparsers(
        dest="action", required=True, metavar="list|show|verify|add|remove|download"
    )
    actions.add_parser("list", allow_abbrev=False, help="all classifiers, one a line")
    show = actions.add_parser("show", allow_abbrev=False, help="what a classifier's card says")
    show.add_argument("id", metavar="ID")
    verify = actions.add_parser(
        "verify", allow_abbrev=False, help="check files, graph and golden test of all classifiers or of some"
    )
    verify.add_argument("ids", nargs="*", metavar="ID")
    add_check_on(verify, "it is said, and the command ends with 1")
    add_add(actions)
    add_remove(actions)
    add_download(actions)


def run_classifiers(parsed: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Carry out one of the actions. Raises UsageError, CardError, ClassifierError."""
    if parsed.action == "list":
        return _list(terminal)
    if parsed.action == "show":
        return _show(parsed.id, terminal)
    if parsed.action == "add":
        return run_add(parsed, terminal)
    if parsed.action == "remove":
        return run_remove(parsed.id, terminal)
    if parsed.action == "download":
        return run_download(parsed, terminal)
    wanted = _wanted(parsed.ids)
    if parsed.check_on is not None:
        return max(verify_all(wanted, terminal), check_order_of_all(wanted, parsed.check_on, terminal))
    return verify_all(wanted, terminal)


def verify_all(folders: dict[str, Path], terminal: Terminal) -> ExitCode:
    """Check the classifiers in full and say of each how it is."""
    code = ExitCode.DONE
    for classifier_id, folder in folders.items():
        try:
            outcome = verify_classifier(folder)
        except (CardError, ClassifierError) as error:
            terminal.complain(f"{classifier_id} is refused. {error}")
            code = ExitCode.DONE_IN_PART
        else:
            terminal.say(
                f"{outcome.id} {outcome.version_mark}: well; its golden test differs by at most "
                f"{outcome.largest_difference:.1e}."
            )
    return code


def _wanted(ids: list[str]) -> dict[str, Path]:
    folders = classifier_folders()
    if not folders:
        raise UsageError("There is no classifier on this PC. Install Bloodsmear again.")
    unknown = [one for one in ids if one not in folders]
    if unknown:
        raise UsageError(
            f"There is no classifier {unknown[0]!r} on this PC; there are: {', '.join(folders)}."
        )
    return {one: folders[one] for one in dict.fromkeys(ids)} if ids else folders


def _list(terminal: Terminal) -> ExitCode:
    code = ExitCode.DONE
    for classifier_id, folder in _wanted([]).items():
        origin = "shipped" if folder.parent == paths.shipped_classifiers() else "yours"
        try:
            card = read_checked_card(folder)
        except (CardError, ClassifierError) as error:
            terminal.say(f"{classifier_id}  {origin}  refused")
            terminal.complain(f"{classifier_id} is refused. {error}")
            code = ExitCode.DONE_IN_PART
        else:
            labels = ", ".join(label.name for label in card.labels)
            of_cells = "  for cells" if card.answers_for == "cell" else ""
            terminal.say(f"{classifier_id}  {origin}{of_cells}  {card.version_mark}  {card.name}  ({labels})")
    return code


def _show(classifier_id: str, terminal: Terminal) -> ExitCode:
    folder = _wanted([classifier_id])[classifier_id]
    for line in card_lines(read_card(folder)):
        terminal.say(line)
    return ExitCode.DONE


def card_lines(card: Card) -> Iterator[str]:
    """What a card says, in lines for a terminal."""
    recipe, trained_on = card.recipe, card.trained_on
    sign = "-" if recipe.offset < 0 else "+"
    yield f"{card.name} ({card.id} {card.version_mark})"
    yield f"Architecture: {card.architecture}"
    if card.answers_for == "cell":
        yield "Answers for: single cells in the gallery, and no whole image"
    yield f"Labels in output order: {', '.join(label.name for label in card.labels)}"
    yield (
        f"Recipe: fill the scale bar {'yes' if recipe.fill_scale_bar else 'no'}, denoise {recipe.denoise or 'no'}, "
        f"{recipe.width_px}×{recipe.height_px} px by {recipe.resize}, "
        f"{recipe.channels.upper()}, × {recipe.scale:.10g} {sign} {abs(recipe.offset):.10g}"
    )
    yield f"Trained on: {trained_on.data_set}"
    for count in trained_on.counts:
        yield f"  {count.label}: {count.train} trained, {count.validation} validation, {count.held_out} held out"
    yield f"Split: {trained_on.split} (seed {trained_on.seed}; {trained_on.backend}, {trained_on.date})"
    yield from _figure_lines(card, card.figures)
    if card.cross_validation is not None:
        validation = card.cross_validation
        yield f"From run to run ({validation.settings}, {validation.groups} groups; intervals over runs):"
        yield from _figure_lines(card, validation.figures)
    yield f"Calibration temperature: {card.temperature:.4g}"
    if card.sure_from is not None:
        limits = zip(card.labels, card.sure_from, strict=True)
        yield f"Sure from: {', '.join(f'{label.name} {limit:.2f}' for label, limit in limits)}"
    yield f"Fast answers: {_fast_words(card.fast)}"
    yield f"Licence: {card.licence}"
    yield f"Citation: {card.citation}"
    yield "Limits of use:"
    for limit in card.limits:
        yield f"  {limit}"


def _fast_words(fast: FastFigures | None) -> str:
    if fast is None:
        return "none"
    answered = ""
    if fast.int8_share is not None:
        answered = f", {fast.int8_share:.1%} are answered in int8"
    return (
        f"on {fast.images} held-out images {fast.labels_changed:.2%} of the labels change, the probability of the "
        f"exact answer's label moves by {fast.largest_move:.3f} at most{answered} ({fast.command})"
    )


def _figure_lines(card: Card, figures: Sequence[Figure]) -> Iterator[str]:
    """A table for each command that measures, with what it measured below each other."""
    width = max((len(figure.name) for figure in figures), default=0)
    for command, group in groupby(figures, key=lambda figure: figure.command):
        measured = list(group)
        images = max(figure.images for figure in measured)
        yield f"Measured on {images} images by {command}:"
        for figure in measured:
            interval = ""
            if figure.low is not None and figure.high is not None:
                interval = f"  (95 % interval {figure.low:.4f} to {figure.high:.4f})"
            # Errors and sensitivities are shares of some of them.
            of = f"  of {figure.images}" if figure.images < images else ""
            # The two that a reader must not take for anything else are said in words, too.
            said = f"  ({figure_words(figure.name, card.name_of)})" if is_leading(figure.name) else ""
            yield f"  {figure.name:{width}}  {figure.value:.4f}{interval}{of}{said}"
