"""After Save as… the keys are the page's again, and not the window's behind it."""

from collections.abc import Callable
from pathlib import Path

from real_window import RealWindow

PAGE, QUESTION = "Export a report", "Export CSV"


def test_the_keys_are_the_pages_again_after_a_report_was_saved(
    open_window: Callable[..., RealWindow], smear_folder: Path, tmp_path: Path
) -> None:
    window = open_window(smear_folder)

    def has_keys(title: str) -> None:
        window.wait_for(lambda: window.active_title() == title, f"{title} has the keys")

    def page_opens() -> bool:
        window.press("ctrl+p")
        window.settled()
        return window.active_title() == PAGE

    # Until the study is open there is nothing to export, and the key does nothing.
    window.wait_for(page_opens, "the page of reports is open")
    window.settled()
    window.press("Return")
    has_keys(QUESTION)
    window.press("Escape")
    has_keys(PAGE)
    window.press("Return")
    has_keys(QUESTION)
    target = tmp_path / "report.csv"
    window.press("ctrl+a")
    window.type_words(str(target))
    window.press("Return")
    window.wait_for(target.is_file, "the report is written")
    has_keys(PAGE)
    # The window behind would stop a screening, and the page would stay.
    window.press("Escape")
    window.wait_for(lambda: window.active_title().endswith("Bloodsmear"), "the page is closed")
