"""The program in a process of its own on a virtual screen with a window manager, and what the screen shows of it.

`QWidget.grab()` repaints everything first, and calling `dropEvent()` skips who accepts a drag: only the screen shows
what an update left standing, and only a drag from another program what is refused. So nothing here asks Qt:
pictures are the screen's own memory (Xvfb -fbdir), keys and mouse come from xdotool.

A test opens a folder with the fixture `open_window`, acts (`press`, `type_words`, `click`, …), and waits until the
screen looks as it should: `wait_until(holds, what)`. Nothing is decided by a fixed sleep.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import system_libraries

Picture = npt.NDArray[np.uint8]
Colour = tuple[int, int, int]

ROOT = Path(__file__).resolve().parents[2]
DRAG_SOURCE = Path(__file__).with_name("drag_source.py")
# The ground that the views stand on, in both themes (desktop/gui/theme/palette.py).
VIEW_GROUND: Colour = (0x20, 0x24, 0x2C)

# A machine that does something else besides may take so long; nobody waits for it where all is well.
LONGEST_WAIT_S = 90.0
_LOOK_EVERY_S = 0.05
# Nothing has changed on the screen for so long: what was going to be painted is.
_QUIET_S = 0.4
# A refusal is not an event: this is how long we wait for somebody who accepts.
_REFUSAL_S = 3.0
# The splash has the same name and is narrower.
_NARROWEST_WINDOW_PX = 640


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A part of the screen in px."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column beside it."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.top + self.height

    @property
    def middle(self) -> tuple[int, int]:
        """Its middle."""
        return self.left + self.width // 2, self.top + self.height // 2

    def of(self, picture: Picture) -> Picture:
        """This part of a picture of the screen."""
        return picture[self.top : self.bottom, self.left : self.right]


def where(picture: Picture, colour: Colour, tolerance: int = 0) -> npt.NDArray[np.bool_]:
    """Which pixels have this colour, each channel within `tolerance`."""
    near = np.abs(picture.astype(np.int16) - np.array(colour, np.int16)) <= tolerance
    return np.asarray(near.all(axis=2))


def count(picture: Picture, colour: Colour, tolerance: int = 0) -> int:
    """How many pixels have this colour."""
    return int(where(picture, colour, tolerance).sum())


def views(picture: Picture) -> Rectangle:
    """The part of the screen where the pictures stand, by its ground; an empty one while there is no window."""
    ground = where(picture, VIEW_GROUND)
    # More than the 16 px of the window's icon in the title bar, which has this colour, too.
    rows, columns = (np.flatnonzero(ground.sum(axis=axis) > 16) for axis in (1, 0))
    if not len(rows) or not len(columns):
        return Rectangle(0, 0, 0, 0)
    left, top = int(columns[0]), int(rows[0])
    return Rectangle(left, top, int(columns[-1]) - left + 1, int(rows[-1]) - top + 1)


def missing_here() -> str:
    """Why no window can be shown on a virtual screen here; empty where one can."""
    if not sys.platform.startswith("linux"):
        return "a virtual screen needs Xvfb, which Linux alone has"
    missing = [name for name in system_libraries.SCREEN_PROGRAMS if shutil.which(name) is None]
    missing += system_libraries.missing_for_display()
    if missing:
        return f"needs {', '.join(missing)}, which `build_scripts/dev.py test` installs as root on Linux"
    return ""


class Screen:
    """A virtual screen of this size with a window manager. `close` ends both.

    The display's number is one that nobody has, so that tests may run beside each other.
    """

    def __init__(self, size: tuple[int, int], folder: Path) -> None:
        self.width, self.height = size
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        reader, writer = os.pipe()
        words = f"Xvfb -displayfd {writer} -screen 0 {size[0]}x{size[1]}x24 -nocursor -nolisten tcp -fbdir".split()
        quiet = subprocess.DEVNULL
        self._processes = [
            subprocess.Popen([*words, str(folder)], pass_fds=[writer], stdout=quiet, stderr=quiet)
        ]
        os.close(writer)
        with os.fdopen(reader) as said:
            number = said.readline().strip()
        assert number, "Xvfb did not start"
        runtime = folder / "runtime"
        runtime.mkdir(mode=0o700, exist_ok=True)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "WAYLAND"))},
            "DISPLAY": f":{number}",
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(runtime),
        }
        self._memory = np.memmap(folder / "Xvfb_screen0", np.uint8, mode="r")
        self._header_bytes = int(self._memory[:4].view(">u4")[0])
        self._start_manager()

    def picture(self) -> Picture:
        """What the screen shows now: uint8 H×W×3, red first."""
        # An XWD dump: a header, 256 colours of 12 bytes, then blue, green, red and nothing for each pixel.
        colours = int(self._memory[76:80].view(">u4")[0])
        line_bytes = int(self._memory[48:52].view(">u4")[0])
        start = self._header_bytes + 12 * colours
        pixels = self._memory[start : start + self.height * line_bytes].reshape(self.height, -1, 4)
        return np.ascontiguousarray(pixels[:, : self.width, 2::-1])

    def ask(self, *words: object) -> str:
        """What xdotool answers; empty where it finds nothing."""
        command = ["xdotool", *(str(word) for word in words)]
        answer = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False, timeout=LONGEST_WAIT_S
        )
        return answer.stdout.strip() if answer.returncode == 0 else ""

    def start(self, words: list[str], variables: Mapping[str, str], output: Path) -> subprocess.Popen[bytes]:
        """Start a program on this screen; it ends with the screen at the latest."""
        with output.open("ab") as log:
            process = subprocess.Popen(
                words, env={**self.environment, **variables}, stdout=log, stderr=log, cwd=ROOT
            )
        self._processes.append(process)
        return process

    def close(self) -> None:
        """End everything on it, the screen last."""
        for process in reversed(self._processes):
            end(process)
        del self._memory

    def _start_manager(self) -> None:
        until = time.monotonic() + LONGEST_WAIT_S
        manager = self.start(["openbox"], {}, self.folder / "openbox.txt")
        while not self.ask("get_num_desktops"):
            if manager.poll() is not None:
                # A display that was only just opened refuses a client now and then, on a busy machine.
                manager = self.start(["openbox"], {}, self.folder / "openbox.txt")
            if time.monotonic() > until:
                self.close()
                raise AssertionError("the window manager did not start")
            time.sleep(_LOOK_EVERY_S)


class RealWindow:
    """The program's window on a screen. Its settings and studies lie in the test's own home, also when started anew."""

    def __init__(self, screen: Screen, scale: float = 1.0) -> None:
        self.screen = screen
        self._variables = {
            "QT_QPA_PLATFORM": "xcb",
            "QT_SCALE_FACTOR": str(scale),
            "PYTHONUNBUFFERED": "1",
            # Two processors are everybody's; the window must not wait for its own threads.
            "OMP_NUM_THREADS": "1",
        }
        self._log = screen.folder / "window.txt"
        self.process: subprocess.Popen[bytes] | None = None

    # ---- its life

    def start(self, *words: object) -> None:
        """Start the program with these words (none, or `open`, FOLDER) and wait until its window has the keys."""
        self.begin(*words)
        self.wait_for(lambda: bool(self._id()), "the window is there")
        self.screen.ask("windowactivate", "--sync", self._id())
        self.wait_for(lambda: self.screen.ask("getactivewindow") == self._id(), "the window has the keys")
        # Away from whatever a tooltip or a hover would be drawn over.
        self.screen.ask("mousemove", self.screen.width - 1, self.screen.height - 1)

    def begin(self, *words: object) -> None:
        """Start the program and wait for nothing: where no window may be expected."""
        program = [sys.executable, "-m", "desktop.start", *(str(word) for word in words)]
        self.process = self.screen.start(program, self._variables, self._log)

    def kill(self) -> None:
        """As a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def close(self) -> int:
        """Close the window by the window manager's key, and wait for the program's end; returns its exit code."""
        assert self.process is not None
        self.press("alt+F4")
        return self.process.wait(LONGEST_WAIT_S)

    def output(self) -> str:
        """What the program said on its terminal."""
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""

    # ---- what the screen shows

    def picture(self) -> Picture:
        """The whole screen now: uint8 H×W×3, red first."""
        return self.screen.picture()

    def settled(self) -> Picture:
        """The whole screen once nothing on it has changed for a moment."""
        seen, since, until = self.picture(), time.monotonic(), time.monotonic() + LONGEST_WAIT_S
        while time.monotonic() - since < _QUIET_S:
            assert time.monotonic() < until, "the screen changes without an end"
            time.sleep(_LOOK_EVERY_S)
            now = self.picture()
            if not np.array_equal(now, seen):
                seen, since = now, time.monotonic()
        return seen

    def wait_until(
        self, holds: Callable[[Picture], bool], what: str, longest_s: float = LONGEST_WAIT_S
    ) -> Picture:
        """Look at the screen until it is so; returns that picture. AssertionError, with a picture kept, after long."""
        until = time.monotonic() + longest_s
        picture = self.picture()
        while not holds(picture):
            # Looking closely takes the processor that the window needs: once a change is enough.
            while np.array_equal(picture, now := self.picture()):
                if time.monotonic() > until:
                    raise AssertionError(
                        f"{self._not_so(what, longest_s)} The screen: {self.keep_picture(what)}"
                    )
                time.sleep(_LOOK_EVERY_S)
            picture = now
        return picture

    def wait_for(self, holds: Callable[[], bool], what: str, longest_s: float = LONGEST_WAIT_S) -> None:
        """Wait until something else than the screen is so: a file is there, the title says it."""
        until = time.monotonic() + longest_s
        while not holds():
            if time.monotonic() > until:
                raise AssertionError(f"{self._not_so(what, longest_s)} The screen: {self.keep_picture(what)}")
            time.sleep(_LOOK_EVERY_S)

    def keep_picture(self, name: str) -> Path:
        """Write the screen as a PNG, for people; returns where it lies."""
        import cv2

        target = self.screen.folder / f"{re.sub('[^a-z0-9]+', '-', name.lower())[:60]}.png"
        cv2.imwrite(str(target), np.ascontiguousarray(self.picture()[:, :, ::-1]))
        return target

    def title(self) -> str:
        """The window's title; empty while there is no window."""
        return self.screen.ask("getwindowname", self._id()) if self._id() else ""

    def active_title(self) -> str:
        """The title of the window that has the keys: the program's, or that of a page beside it."""
        return self.screen.ask("getwindowname", self.screen.ask("getactivewindow") or 0)

    def geometry(self, active: bool = False) -> Rectangle:
        """Where the content of the main window, or of the one that has the keys, lies on the screen, without frame."""
        return self._geometry_of(self.screen.ask("getactivewindow") if active else self._id())

    # ---- what the reader does

    def press(self, *keys: str) -> None:
        """Press these keys one after the other, by xdotool's names: `j`, `ctrl+b`, `Return`, `space`."""
        for key in keys:
            self.screen.ask("key", "--clearmodifiers", key)

    def hold(self, key: str) -> None:
        """Press a key down and leave it there until `let_go`."""
        self.screen.ask("keydown", key)

    def let_go(self, key: str) -> None:
        """Let a held key go."""
        self.screen.ask("keyup", key)

    def type_words(self, words: str) -> None:
        """Type a text into what has the focus."""
        self.screen.ask("type", "--delay", 20, words)

    def move(self, x: int, y: int) -> None:
        """Move the mouse to a place of the screen (px)."""
        self.screen.ask("mousemove", x, y)

    def click(self, x: int, y: int, button: int = 1, times: int = 1) -> None:
        """Click at a place of the screen (px): 1 is the left button, 3 the right one."""
        self.screen.ask("mousemove", x, y, "click", "--repeat", times, "--delay", 60, button)

    def wheel(self, x: int, y: int, turns: int) -> None:
        """Turn the wheel there; away from the reader is positive."""
        button = 4 if turns > 0 else 5
        self.screen.ask("mousemove", x, y, "click", "--repeat", abs(turns), "--delay", 20, button)

    def drag(self, start: tuple[int, int], end_at: tuple[int, int]) -> None:
        """Drag with the left button from one place of the screen to another, in steps."""
        steps = [
            (
                round(start[0] + (end_at[0] - start[0]) * n / 8),
                round(start[1] + (end_at[1] - start[1]) * n / 8),
            )
            for n in range(1, 9)
        ]
        moves = [word for x, y in steps for word in ("mousemove", x, y, "sleep", 0.02)]
        self.screen.ask("mousemove", *start, "mousedown", 1, *moves, "mouseup", 1)

    def drop(self, path: Path, x: int, y: int) -> bool:
        """Drop a file or folder from another program at a place of the screen; whether somebody there took it."""
        said = self.screen.folder / "drag.txt"
        said.unlink(missing_ok=True)
        self.screen.start([sys.executable, str(DRAG_SOURCE), str(path)], {"QT_QPA_PLATFORM": "xcb"}, said)

        def last_word() -> str:
            lines = said.read_text(encoding="utf-8").splitlines()
            words = [line for line in lines if line.startswith(("accepted", "refused", "dropped"))]
            return words[-1] if words else ""

        self.wait_for(lambda: "shown" in said.read_text(encoding="utf-8"), "there is something to drag")
        ask = self.screen.ask
        ask("mousemove", 20, 20, "mousedown", 1, "mousemove", 25, 25, "sleep", 0.1, "mousemove", 34, 34)
        ask("mousemove", 60, 60, "sleep", 0.1, "mousemove", (60 + x) // 2, (60 + y) // 2, "sleep", 0.1)
        until, side = time.monotonic() + _REFUSAL_S, 0
        while True:
            # The place is asked about at every move only.
            side = 1 - side
            ask("mousemove", x + side, y, "sleep", 0.1)
            if last_word() == "accepted" and side == 0:
                break
            if time.monotonic() > until:
                break
        ask("mouseup", 1)
        self.wait_for(lambda: last_word().startswith("dropped"), "the drag has ended")
        return last_word() == "dropped copy"

    # ---- how it is done

    def _id(self) -> str:
        """The main window among the program's: the largest of those that are not a splash."""
        if self.process is None or self.process.poll() is not None:
            return ""
        # Without --all every window of this name is one, those of another program, too.
        search = ("search", "--all", "--onlyvisible", "--pid", self.process.pid, "--name", "Bloodsmear")
        sizes = {window: self._geometry_of(window) for window in self.screen.ask(*search).split()}
        large = [window for window, place in sizes.items() if place.width >= _NARROWEST_WINDOW_PX]
        return max(large, key=lambda window: sizes[window].width * sizes[window].height, default="")

    def _geometry_of(self, window: str) -> Rectangle:
        said = self.screen.ask("getwindowgeometry", "--shell", window)
        values = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
        return Rectangle(*(int(values.get(name, 0)) for name in ("X", "Y", "WIDTH", "HEIGHT")))

    def _not_so(self, what: str, longest_s: float) -> str:
        code = None if self.process is None else self.process.poll()
        ended = "" if code is None else f" The program ended with {code}."
        output = self.output()
        said = f" It said:\n{output}\n" if output else ""
        return f"After {longest_s:.0f} s it is still not so that {what}.{ended}{said}"


def end(process: subprocess.Popen[bytes], longest_s: float = 10.0) -> None:
    """Ask a process to end, then end it."""
    if process.poll() is None:
        process.terminate()
        guard = threading.Timer(longest_s, process.kill)
        guard.start()
        process.wait()
        guard.cancel()
        guard.join()
