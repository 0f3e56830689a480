"""bloodsmear report: the report of a saved study."""

import argparse
from pathlib import Path

from bloodsmear.errors import UsageError
from bloodsmear.workflows.export import export_csv
from desktop.cli.exit_code import ExitCode
from desktop.cli.screen_command import csv_target
from desktop.cli.terminal import Terminal


def add_report(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `report` to the commands."""
    parser = commands.add_parser(
        "report",
        allow_abbrev=False,
        help="write the report of a saved study",
        description="Write the report of a saved study.",
    )
    parser.add_argument("study", type=Path, metavar="STUDY", help="the study's file")
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="R.csv", help="the report")


def run_report(parsed: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Write the report. Raises UsageError, StudyError, ReportError."""
    study: Path = parsed.study
    if not study.is_file():
        raise UsageError(f"There is no study {study}. See that its name is right.")
    target = csv_target(parsed.output)
    rows = export_csv(study, target)
    terminal.say(f"{rows} images in {target}.")
    return ExitCode.DONE
