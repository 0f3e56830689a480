"""Where the command line speaks: any terminal, any pipe."""

import io
import os
from pathlib import Path

from bloodsmear.jobs import Progress
from desktop.cli.progress_bar import ProgressBar
from desktop.cli.screen_command import screening_words
from desktop.cli.terminal import Terminal


class FakeScreen(io.StringIO):
    """A stream that somebody looks at."""

    def isatty(self) -> bool:
        """Always."""
        return True


def test_letters_that_the_terminal_lacks_show_as_question_marks() -> None:
    raw = io.BytesIO()
    terminal = Terminal(io.TextIOWrapper(raw, "cp1251"), io.StringIO())

    terminal.say("Проба 図.png")

    assert raw.getvalue().decode("cp1251").strip() == "Проба ?.png"


def test_a_files_name_repaints_no_terminal_and_turns_no_line_around() -> None:
    out, screen = io.StringIO(), FakeScreen()
    terminal = Terminal(out, screen, io.StringIO("y\n"))

    terminal.say("smear\u202egpj.exe: \x1b[2Jthe file is empty\nbloodsmear: all is well")
    terminal.complain("\x9b2J.png cannot be read.")
    terminal.agrees("Take \x1b[1A?")

    assert out.getvalue() == "smear\\u202egpj.exe: \\x1b[2Jthe file is empty\\nbloodsmear: all is well\n"
    assert screen.getvalue() == "bloodsmear: \\x9b2J.png cannot be read.\nTake \\x1b[1A? [y/N] "


def test_the_bar_shows_names_as_the_lines_do() -> None:
    screen = FakeScreen()
    with ProgressBar(Terminal(io.StringIO(), screen)) as bar:
        bar.report(Progress(1, 2, "a\u202eb.png"))
    assert "a\\u202eb.png" in screen.getvalue()
    assert "\u202e" not in screen.getvalue()


def test_a_pipe_that_was_closed_is_not_an_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    out = os.fdopen(writing, "w")
    terminal = Terminal(out, io.StringIO())

    for _ in range(3):
        terminal.say("nobody listens")
    terminal.close()
    out.close()


def test_streams_that_are_not_terminal_show_no_progress() -> None:
    terminal = Terminal(io.StringIO(), io.StringIO())

    terminal.complain("nobody sees it")
    terminal.close()

    assert not terminal.shows_progress


def test_the_bar_shows_done_and_total_on_a_terminal() -> None:
    screen = FakeScreen()
    bar = ProgressBar(Terminal(io.StringIO(), screen), words=screening_words)

    counted = []
    with bar:
        for progress in (Progress(3, None, "finding images"), Progress(0, 35), Progress(7, 35, "a.png")):
            bar.report(progress)
            counted.append(bar.counted)

    assert counted == [False, True, True]
    assert "Screening 7/35" in screen.getvalue()
    assert "a.png" not in screen.getvalue()


def test_the_bar_shows_a_jobs_own_words_whatever_a_file_is_called() -> None:
    screen = FakeScreen()

    with ProgressBar(Terminal(io.StringIO(), screen)) as bar:
        bar.report(Progress(1, 4, "Rebuilding [/b].h5"))

    assert "Rebuilding [/b].h5" in screen.getvalue()
    assert "25%" in screen.getvalue()


def test_there_is_no_bar_when_quiet_or_into_a_file(tmp_path: Path) -> None:
    with (tmp_path / "err.txt").open("w", encoding="utf-8") as file:
        for stream, quiet in ((FakeScreen(), True), (file, False)):
            bar = ProgressBar(Terminal(io.StringIO(), stream), quiet=quiet)
            with bar:
                bar.report(Progress(7, 35))
            assert bar.counted
    assert (tmp_path / "err.txt").read_text(encoding="utf-8") == ""
