"""The command line: words to commands, errors to sentences and exit codes."""

import argparse
import logging
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

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
from desktop.cli.exit_code import ExitCode
from desktop.cli.terminal import Terminal
from desktop.missing_library import missing_library_sentence

if TYPE_CHECKING:
    from desktop.cli.classifier_source import ClassifierSource

# Each command's code is loaded when it is asked for: what is slow is slow for who wants it, and --version is not.
_COMMANDS = {
    "open": "open the window on a folder, an image or a study",
    "screen": "classify the images of folders and write a report; goes on where it stopped",
    "cells": "find the nucleated cells of every image and write one row a cell; goes on where it stopped",
    "report": "write the report of a saved study",
    "classifiers": "list, show, verify, add, remove or download classifiers",
    "teach": "teach a classifier your own labels from a labelled folder, and say what it is worth",
    "audit": "draw images of a study at random that no head is taught, and say how far they are read",
    "doctor": "versions, devices, classifiers and folders: what is wrong and what to do",
}


def main(words: Sequence[str], source: "ClassifierSource | None" = None) -> int:
    """Carry out the command in `words`; returns the exit code. `source` takes the place of the PC's classifiers."""
    terminal = Terminal.of_process()
    log = LogFile()
    try:
        return _run(words, source, terminal, log)
    finally:
        log.close()
        terminal.close()


def make_parser(command: str = "") -> argparse.ArgumentParser:
    """The words that the command line knows: all commands, and the words of this one alone, whose code is loaded."""
    parser = argparse.ArgumentParser(
        prog="bloodsmear",
        allow_abbrev=False,
        description=f"Reads and screens blood smear images, offline. {RESEARCH_USE}",
        epilog="Without a word the window opens.",
    )
    parser.add_argument("--version", action="version", version=f"bloodsmear {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    parsers = {
        name: commands.add_parser(name, allow_abbrev=False, help=words) for name, words in _COMMANDS.items()
    }
    if command in parsers:
        _add_words(command, parsers[command])
    return parser


def _add_words(command: str, parser: argparse.ArgumentParser) -> None:
    if command == "open":
        from desktop.cli.open_command import add_open_words as add_words
    elif command == "screen":
        from desktop.cli.screen_arguments import add_screen_words as add_words
    elif command == "cells":
        from desktop.cli.cells_command import add_cells_words as add_words
    elif command == "report":
        from desktop.cli.report_command import add_report_words as add_words
    elif command == "classifiers":
        from desktop.cli.classifiers_command import add_classifiers_words as add_words
    elif command == "teach":
        # Before numpy is loaded: beside other programs its threads wait for each other, and 0.7 s become minutes.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        from desktop.cli.teach_command import add_teach_words as add_words
    elif command == "audit":
        from desktop.cli.audit_command import add_audit_words as add_words
    elif command == "doctor":
        from desktop.cli.doctor_command import add_doctor_words as add_words
    else:
        raise LookupError(f"the command {command} says no words")
    add_words(parser)


def _run(words: Sequence[str], source: "ClassifierSource | None", terminal: Terminal, log: LogFile) -> int:
    try:
        parsed = make_parser(words[0] if words else "").parse_args(words)
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
    except ImportError as error:
        # Code is loaded when a command wants it, so images may have been read by now: never an end that reads as done.
        logging.getLogger(LOGGER_NAME).error("a library cannot be loaded", exc_info=error)
        terminal.complain(missing_library_sentence(error))
        return ExitCode.STOPPED_EARLY
    except Exception as error:
        logging.getLogger(LOGGER_NAME).error("unexpected", exc_info=error)
        where = f" The log {log.path} says where." if log.path else ""
        terminal.complain(f"Something unexpected went wrong ({type(error).__name__}: {error}).{where}")
        return ExitCode.STOPPED_EARLY


def _carry_out(parsed: argparse.Namespace, source: "ClassifierSource | None", terminal: Terminal) -> ExitCode:
    from bloodsmear.settings import read_settings

    read = read_settings(paths.settings_file())
    if parsed.command == "doctor":
        from desktop.cli.doctor_command import run_doctor

        return run_doctor(parsed, read, terminal)
    if read.complaint:
        terminal.complain(read.complaint)
    if parsed.command == "screen":
        from desktop.cli.classifier_source import installed_classifiers
        from desktop.cli.screen_arguments import read_screen_arguments
        from desktop.cli.screen_command import run_screen

        source = source or installed_classifiers(read.settings)
        return run_screen(read_screen_arguments(parsed), source, terminal)
    if parsed.command == "audit":
        from desktop.cli.audit_command import run_audit

        return run_audit(parsed, terminal)
    if parsed.command == "cells":
        from desktop.cli.cells_command import run_cells

        return run_cells(parsed, terminal)
    if parsed.command == "report":
        from desktop.cli.report_command import run_report

        return run_report(parsed, terminal)
    if parsed.command == "classifiers":
        from desktop.cli.classifiers_command import run_classifiers

        return run_classifiers(parsed, terminal)
    if parsed.command == "teach":
        from desktop.cli.teach_command import run_teach

        return run_teach(parsed, terminal)
    raise UsageError(f"The word {parsed.command!r} stands for the window; start it with desktop.start.")
