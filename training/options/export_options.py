"""The words of `bloodsmear-train export`."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from bloodsmear.errors import UsageError


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """The run's folder, the labelled folder it was fitted on, the classifier's folder to write, and how.

    Its maker's words come from the file `words`, or from `classifier_id` (None: the folder's name) and `name`.
    `install` adds the classifier to the user's own, `replace_other` in place of one with the same id.
    """

    run: Path
    data: Path
    target: Path
    words: Path | None
    classifier_id: str | None
    name: str | None
    archive: Path | None
    with_graph: bool
    install: bool
    replace_other: bool


def add_export(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the program's parser."""
    export = commands.add_parser("export", help="make a classifier's folder from a finished run")
    export.add_argument("run", type=Path, help="the folder of the run")
    export.add_argument(
        "--data", type=Path, required=True, help="the folder or the study that the run was fitted on"
    )
    export.add_argument("-o", "--target", type=Path, required=True, help="the classifier's folder to write")
    export.add_argument("--words", type=Path, help="a TOML file: id, name, version, licence, ...")
    export.add_argument("--id", help="without --words: the classifier's id, which is its folder's name")
    export.add_argument("--name", help="without --words: the classifier's name, for people")
    export.add_argument("--zip", type=Path, help="also write one file to carry to another PC")
    export.add_argument(
        "--no-graph",
        action="store_true",
        help="leave out the graph, which each PC makes in some seconds: for a repository",
    )
    export.add_argument("--install", action="store_true", help="add it to your classifiers on this PC, too")
    export.add_argument(
        "--replace",
        action="store_true",
        help="with --install: in the place of the classifier with the same id",
    )


def export_options_of(parsed: argparse.Namespace) -> ExportOptions:
    """What was asked for. UsageError for words that say two things."""
    if parsed.words is not None and (parsed.id or parsed.name):
        raise UsageError("Give either --words FILE, or --id and --name; the file holds both already.")
    if parsed.replace and not parsed.install:
        raise UsageError("--replace says what --install may replace. Give --install as well, or neither.")
    return ExportOptions(
        run=parsed.run,
        data=parsed.data,
        target=parsed.target,
        words=parsed.words,
        classifier_id=parsed.id,
        name=parsed.name,
        archive=parsed.zip,
        with_graph=not parsed.no_graph,
        install=parsed.install,
        replace_other=parsed.replace,
    )
