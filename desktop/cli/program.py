"""The command line: words to commands, errors to sentences and exit codes."""

import argparse
import logging
from collections.abc import Sequence

from bloodsmear import RESEARCH_USE, __version__, paths
from bloodsmear.errors import (
    BloodsmearError,
    NoStudyError,
    ReportError,
    StudyError,
    UsageError,
)
from bloodsmear.jobs import JobCancelled
from bloodsmear.logs import LOGGER_NAME, LogFile
from bloodsmear.settings import read_settings
from desktop.cli.classifier_source import ClassifierSource, installed_classifiers
from desktop.cli.classifiers_command import add_classifiers, run_classifiers
from desktop.cli.doctor_command import add_doctor, run_doctor
from desktop.cli.exit_code import ExitCode
from desktop.cli.open_command import add_open
from desktop.cli.report_command import add_report, run_report
from desktop.cli.screen_arguments import add_screen, read_screen_arguments
from desktop.cli.screen_command import run_screen
from desktop.cli.terminal import Terminal


def main(words: Sequence[str], source: ClassifierSource | None = None) -> int:
    """Carry out the command in `words`; returns the exit code. `source` takes the place of the PC's classifiers."""
    terminal = Terminal.of_process()
    log = LogFile()
    try:
        return _run(words, source, terminal, log)
    finally:
        log.close()
        terminal.close()


def make_parser() -> argparse.ArgumentParser:
    """The words that the command line knows."""
    parser = argparse.ArgumentParser(
        prog="bloodsmear",
        allow_abbrev=False,
        description=f"Reads and screens blood smear images, offline. {RESEARCH_USE}",
        epilog="Without a word the window opens.",
    )
    parser.add_argument("--version", action="version", version=f"bloodsmear {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    add_open(commands)
    add_screen(commands)
    add_report(commands)
    add_classifiers(commands)
    add_doctor(commands)
    return parser


def _run(words: Sequence[str], source: ClassifierSource | None, terminal: Terminal, log: LogFile) -> int:
    try:
        parsed = make_parser().parse_args(words)
        return _carry_out(parsed, source, terminal)
    except SystemExit as end:
        # argparse has said what was wrong, or printed its help.
        return end.code if isinstance(end.code, int) else ExitCode.NOT_STARTED
    except (JobCancelled, KeyboardInterrupt):
        terminal.complain("Stopped. What was finished is kept.")
        return ExitCode.CANCELLED
    except NoStudyError as error:
        terminal.complain(str(error))
        return ExitCode.NOT_STARTED
    except (StudyError, ReportError) as error:
        terminal.complain(str(error))
        return ExitCode.STOPPED_EARLY
    except BloodsmearError as error:
        terminal.complain(str(error))
        return ExitCode.NOT_STARTED
    except Exception as error:
        logging.getLogger(LOGGER_NAME).error("unexpected", exc_info=error)
        where = f" The log {log.path} says where." if log.path else ""
        terminal.complain(f"Something unexpected went wrong ({type(error).__name__}: {error}).{where}")
        return ExitCode.STOPPED_EARLY


def _carry_out(parsed: argparse.Namespace, source: ClassifierSource | None, terminal: Terminal) -> ExitCode:
    read = read_settings(paths.settings_file())
    if parsed.command == "doctor":
        return run_doctor(parsed, read, terminal)
    if read.complaint:
        terminal.complain(read.complaint)
    if parsed.command == "screen":
        source = source or installed_classifiers(read.settings)
        return run_screen(read_screen_arguments(parsed), source, terminal)
    if parsed.command == "report":
        return run_report(parsed, terminal)
    if parsed.command == "classifiers":
        return run_classifiers(parsed, terminal)
    raise UsageError(f"The word {parsed.command!r} stands for the window; start it with desktop.start.")
