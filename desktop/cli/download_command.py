"""bloodsmear classifiers download: the only command that opens a connection to the internet, and it asks first."""

import argparse

from bloodsmear.adding.downloading import download_and_add
from bloodsmear.adding.published import (
    PUBLISHED,
    PublishedNetwork,
    by_hand_sentence,
    published_network,
    terms_of,
)
from bloodsmear.errors import DownloadError, UsageError
from bloodsmear.jobs import Cancel, JobCancelled
from desktop.cli.exit_code import ExitCode
from desktop.cli.own_classifiers import say_added
from desktop.cli.progress_bar import ProgressBar
from desktop.cli.stop_signal import ctrl_c_requests
from desktop.cli.terminal import Terminal


def add_download(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `download` to the actions on classifiers."""
    download = actions.add_parser(
        "download",
        allow_abbrev=False,
        help="download a published classifier from Google Drive and add it; asks first",
        description="Downloads a published classifier and adds it. Nothing else in Bloodsmear but `screen --executor` "
        f"opens a network connection. {by_hand_sentence()}",
    )
    download.add_argument("id", metavar="ID", help=" or ".join(network.id for network in PUBLISHED))
    download.add_argument("--yes", action="store_true", help="agree without being asked, for scripts")
    download.add_argument(
        "--replace", action="store_true", help="put it in the place of the classifier with the same id"
    )


def run_download(parsed: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Ask, download, add. Raises UsageError, ClassifierError, CardError, JobCancelled."""
    network = published_network(parsed.id)
    if not parsed.yes and not _agreed(network, terminal):
        terminal.complain("Nothing was downloaded.")
        return ExitCode.NOT_STARTED
    cancel = Cancel()
    try:
        with ctrl_c_requests(cancel), ProgressBar(terminal) as bar:
            added = download_and_add(network, parsed.replace, bar.report, cancel)
    except DownloadError as error:
        terminal.complain(str(error))
        terminal.complain(by_hand_sentence())
        return ExitCode.NOT_STARTED
    except JobCancelled:
        terminal.complain("Stopped. Nothing was added; the same command begins anew.")
        return ExitCode.CANCELLED
    say_added(added, terminal)
    return ExitCode.DONE


def _agreed(network: PublishedNetwork, terminal: Terminal) -> bool:
    """UsageError where nobody can be asked."""
    if not terminal.can_ask:
        raise UsageError(
            f"{' '.join(terms_of(network))} Nobody can be asked here, so nothing was downloaded. "
            "Give --yes if you agree."
        )
    for line in terms_of(network):
        terminal.say(line)
    return terminal.agrees("Download it?")
