"""Two programs on one study: what one of them does stands in the other's window soon, and nobody touches that."""

import sys
from collections.abc import Callable
from pathlib import Path

from kept_study import has_records, the_study
from real_window import Picture, RealWindow, count

OpenWindow = Callable[..., RealWindow]
# Of the thin bar at the top of the list, above all else there.
ACCENT = (0x0B, 0x5C, 0xAD)
LIST_PX, BAR_ABOVE_PX = 250, 100


def decisions() -> list[str]:
    with the_study() as store:
        return [event.entry.decision for event in store.events.read() if event.entry.kind == "decided"]


def blue(screen: Picture) -> int:
    """How long the thin bar is that shows how many images are decided, in px of it."""
    return count(screen[:BAR_ABOVE_PX, :LIST_PX], ACCENT, tolerance=4)


def bring_to_front(window: RealWindow) -> None:
    """Nothing but that: no key and no click reaches it."""
    assert window.process is not None
    pid, ask = str(window.process.pid), window.screen.ask
    ask(
        "windowactivate",
        "--sync",
        ask("search", "--all", "--onlyvisible", "--pid", pid, "--name", "smears").split()[0],
    )
    window.wait_for(lambda: ask("getactivewindow", "getwindowpid") == pid, "the window is in front")


def decide(window: RealWindow, key: str, value: str) -> None:
    """Press the key until the decision is kept: a window whose study is not open yet refuses it."""

    def is_kept() -> bool:
        window.press(key)
        return value in decisions()

    window.wait_for(is_kept, f"{value} is kept")


def test_what_is_decided_in_one_window_stands_in_the_other_by_itself(
    open_window: OpenWindow, smear_folder: Path
) -> None:
    first = open_window(smear_folder, settings={"reader": "Ada"})
    first.wait_for(lambda: has_records(1), "the first image is read")
    undecided = blue(first.settled())
    second = RealWindow(first.screen)
    second.start("open", smear_folder)
    decide(second, "1", "benign")
    bring_to_front(first)
    one = first.wait_until(lambda screen: blue(screen) > undecided + 60, "the first window shows it")

    first.press("j")
    decide(first, "2", "early_pre_b")
    bring_to_front(second)
    second.wait_until(lambda screen: blue(screen) > blue(one) + 60, "the second window shows both")


def test_what_the_command_line_screens_stands_in_the_open_windows_list(
    open_window: OpenWindow, smear_folder: Path
) -> None:
    window = open_window(smear_folder, settings={"reader": "Ada"})
    window.wait_for(lambda: has_records(1), "the first image is read")
    before = window.settled()
    words = [
        sys.executable,
        "-m",
        "desktop.start",
        "screen",
        str(smear_folder),
        "-o",
        str(smear_folder.parent / "r.csv"),
        "--quiet",
    ]
    run = window.screen.start(words, {}, window.screen.folder / "screen.txt")
    run.wait()
    assert run.returncode == 1, (window.screen.folder / "screen.txt").read_text(encoding="utf-8")
    # Each row says what the classifiers say in place of "not read yet": at the far end of the list, too.
    lower = slice(450, 640)

    def changed(screen: Picture) -> bool:
        rows = screen[lower, :LIST_PX] != before[lower, :LIST_PX]
        return int(rows.any(axis=2).sum()) > 500

    window.wait_until(changed, "the answers stand in the list")
