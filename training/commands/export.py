"""`bloodsmear-train export`: a finished run becomes a classifier's folder, a zip, one of the user's own."""

from dataclasses import replace

from msgspec import structs

from bloodsmear.adding.installing import add_classifier, check_that_id_is_free
from bloodsmear.jobs import Cancel, Progress
from bloodsmear.jobs.training_messages import Finished
from training.command_output import Speaker
from training.evaluation.describe import describe
from training.exporting.evaluation_of_run import write_page_of_run
from training.exporting.request import (
    ExportRequest,
    MakersWords,
    check_request,
    read_words,
    usual_words,
    with_limits_of,
)
from training.fitting.config import FitConfig
from training.fitting.run import RunRequest, prepare_run, read_run_config
from training.options.export_options import ExportOptions


def export(options: ExportOptions, speaker: Speaker, cancel: Cancel) -> None:
    """Make the classifier of the run's best epoch, pack and install it where asked to, and print its figures.

    Asked to stop, it leaves everything as it was (JobCancelled).
    """

    def report(progress: Progress) -> None:
        cancel.checkpoint()
        speaker.report(progress)

    config = read_run_config(options.run)
    # Resolved: the folder is replaced, and a link to it would be replaced in its stead.
    target = options.target.resolve()
    words = _words_of(options, config, target.name)
    if config.whole_ships and options.words is None:
        # The classifier has seen the images that its figures are of; what was measured is made anew from the run.
        words = structs.replace(words, command=f"bloodsmear-train export RUN --data FOLDER -o {words.id}")
    request = ExportRequest(target, words, options.archive, options.with_graph)
    check_request(request)
    if options.install:
        check_that_id_is_free(words.id, None, options.replace_other)
    prepared = prepare_run(RunRequest(options.data, options.run, config), report)
    if options.words is None:
        request = replace(request, words=with_limits_of(words, prepared.data_set.label_set))
    # Here, because it brings Keras, which takes seconds: what can be refused has been refused by now.
    from training.exporting.export import export_classifier

    evaluation = export_classifier(prepared, config, request, report)
    page = write_page_of_run(evaluation, prepared, words.command)
    lines = [describe(evaluation), f"The page is {page}; it names images, so it stays with you."]
    lines.append(f"The classifier {words.id} is in {options.target}.")
    if options.archive is not None:
        lines.append(
            f"To another PC carry {options.archive}; there: bloodsmear classifiers add {options.archive.name}"
        )
    if options.install:
        added = add_classifier(target, options.replace_other)
        lines.append(f"{added.card.id} {added.card.version_mark} is one of your classifiers on this PC now.")
    said = "\n".join(lines)
    speaker.say(Finished(said, run=str(options.run), classifier=str(options.target), page=str(page)))


def _words_of(options: ExportOptions, config: FitConfig, folder_name: str) -> MakersWords:
    if options.words is not None:
        return read_words(options.words)
    return usual_words(options.classifier_id or folder_name, options.name, config.architecture)
