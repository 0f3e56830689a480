"""The program bloodsmear-train: check, fit, cross-validate, evaluate, export, quantise."""

import argparse
import io
import logging
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from bloodsmear import RESEARCH_USE, __version__, paths
from bloodsmear.errors import BloodsmearError, TrainingError
from bloodsmear.jobs import Cancel, JobCancelled
from bloodsmear.jobs.training_messages import BACKENDS, STOP_LINE, Failed, Finished, Note, Stopped
from bloodsmear.logs import LOGGER_NAME, LogFile
from bloodsmear.no_network import unplug_if_asked
from training.backend import choose_backend, keep_libraries_at_home
from training.command_output import MessageSpeaker, Speaker, TextSpeaker
from training.fitting.failures import cause_of
from training.options.check_options import add_check, folder_labels_of
from training.options.cross_validate_options import add_cross_validate
from training.options.evaluate_options import add_evaluate, evaluate_options_of
from training.options.export_options import add_export, export_options_of
from training.options.fit_options import add_fit, add_gpu, config_of, weights_of
from training.options.quantise_options import add_quantise, quantise_options_of

if TYPE_CHECKING:
    from training.fitting.run import RunRequest


def main(arguments: list[str] | None = None) -> int:
    """Run the program: 0 when done, 1 when a check forbids a fit, 2 after a sentence on stderr, 130 when stopped."""
    unplug_if_asked()
    paths.close_to_others()
    keep_libraries_at_home()
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Redirected, Windows writes in its own code page, in which a path may have no letters.
            stream.reconfigure(errors="backslashreplace", encoding="utf-8" if options.messages else None)
    speaker: Speaker = MessageSpeaker() if options.messages else TextSpeaker()
    # A terminal is told which of its programs speaks.
    named = "" if options.messages else "bloodsmear-train: "
    cancel = Cancel()
    if options.messages:
        threading.Thread(target=_listen_for_stop, args=(cancel,), name="stop-line", daemon=True).start()
    log = LogFile()
    try:
        return _carry_out(options, speaker, cancel)
    except (KeyboardInterrupt, JobCancelled):
        kept = (
            " The finished epochs are kept; the same command goes on."
            if options.command in ("fit", "cross-validate")
            else ""
        )
        speaker.say(Stopped(f"Stopped.{kept}"))
        return 130
    except BloodsmearError as error:
        cause = error.cause if isinstance(error, TrainingError) else "other"
        speaker.say(Failed(f"{named}{error}", cause, error.at_terminal))
        return 2
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        reason = error.strerror or error
        sentence = f"{named}{place}{reason}. Put that right, then try again."
        speaker.say(Failed(sentence, cause_of(error)))
        return 2
    except Exception as error:
        # The last border: Keras and its backends raise whatever they like, out of memory among it.
        logging.getLogger(LOGGER_NAME).error("unexpected", exc_info=error)
        speaker.say(
            Failed(
                f"{named}something unexpected went wrong ({type(error).__name__}: {error}). "
                f"If memory is short, try a smaller batch or size. The log {log.path} says where.",
                cause_of(error),
            )
        )
        return 2
    finally:
        log.close()


def _carry_out(options: argparse.Namespace, speaker: Speaker, cancel: Cancel) -> int:
    # Heavy things are imported by the command that needs them, Keras only once its backend is chosen.
    if options.command == "check":
        from training.commands.check import CheckOptions, check

        may_fit = check(
            CheckOptions(options.data, folder_labels_of(options), tuple(options.more_studies)),
            speaker,
            cancel,
        )
        return 0 if may_fit else 1
    if options.command == "evaluate":
        from training.commands.evaluate import evaluate

        evaluate(evaluate_options_of(options), speaker, cancel)
        return 0
    if options.command == "quantise":
        from training.commands.quantise import quantise

        quantise(quantise_options_of(options), speaker, cancel)
        return 0
    if options.command == "gpu":
        from training.gpu import find_gpu, why_no_gpu

        gpu = find_gpu(options.asked)
        if gpu is None and (why := why_no_gpu(options.asked)):
            speaker.say(Note(why))
        speaker.say(Finished(gpu.name if gpu else f"{options.asked} sees no GPU here."))
        return 0 if gpu else 1
    backend = choose_backend(options.backend)
    if options.command == "fit":
        from training.commands.fit import FitOptions, fit

        request = replace(_run_request_of(options), split=options.split, keep=options.keep)
        fit(FitOptions(request, backend), speaker, cancel)
    elif options.command == "cross-validate":
        from training.commands.cross_validate import CrossValidateOptions, cross_validate

        request = _run_request_of(options)
        cross_validate(CrossValidateOptions(request, options.groups, backend, options.card), speaker, cancel)
    else:
        speaker.say(Note(f"backend: {backend.name} ({backend.reason})"))
        from training.commands.export import export

        export(export_options_of(options), speaker, cancel)
    return 0


def _run_request_of(options: argparse.Namespace) -> "RunRequest":
    from training.fitting.run import RunRequest

    return RunRequest(
        options.data,
        options.run,
        config_of(options),
        labels=folder_labels_of(options),
        weights=weights_of(options),
        more_studies=tuple(options.more_studies),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bloodsmear-train",
        description=f"Make classifiers for Bloodsmear. {RESEARCH_USE}",
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--backend", choices=("auto", *BACKENDS), default="auto")
    parser.add_argument(
        "--messages",
        action="store_true",
        help="speak to a program: a JSON message a line, and stop when its stdin says so",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    add_check(commands)
    add_fit(commands)
    add_cross_validate(commands)
    add_evaluate(commands)
    add_export(commands)
    add_quantise(commands)
    add_gpu(commands)
    return parser


def _listen_for_stop(cancel: Cancel) -> None:
    # Windows has no signal that stops a child in order. That the window is gone shows at the next message (ADR 6).
    for line in sys.stdin:
        if line.strip() == STOP_LINE:
            cancel.request()
            return


if __name__ == "__main__":
    sys.exit(main())
