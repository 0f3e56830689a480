"""The shared libraries that Qt's wheels expect from a Linux system, and how each distribution installs them."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

# What `ldd` names for libQt6Gui, libQt6Widgets and the offscreen platform.
OFFSCREEN = (
    "libEGL.so.1",
    "libGL.so.1",
    "libX11.so.6",
    "libdbus-1.so.3",
    "libfontconfig.so.1",
    "libfreetype.so.6",
    "libglib-2.0.so.0",
    "libgthread-2.0.so.0",
    "libxcb.so.1",
    "libxkbcommon.so.0",
)
# What it names for the xcb and Wayland platforms beyond that.
ON_A_DISPLAY = (
    "libX11-xcb.so.1",
    "libwayland-client.so.0",
    "libwayland-cursor.so.0",
    "libxcb-cursor.so.0",
    "libxcb-icccm.so.4",
    "libxcb-image.so.0",
    "libxcb-keysyms.so.1",
    "libxcb-randr.so.0",
    "libxcb-render-util.so.0",
    "libxcb-render.so.0",
    "libxcb-shape.so.0",
    "libxcb-shm.so.0",
    "libxcb-sync.so.1",
    "libxcb-util.so.1",
    "libxcb-xfixes.so.0",
    "libxcb-xkb.so.1",
    "libxkbcommon-x11.so.0",
)
# What tests/screen shows the real window with: a screen, a window manager, keys and mouse.
SCREEN_PROGRAMS = ("Xvfb", "openbox", "xdotool")
# What tests/e2e looks with at what the program asks of the system.
TRACER = "strace"
TEST_PACKAGES = {
    "apt-get": ("xvfb", "openbox", "xdotool", TRACER),
    "dnf": ("xorg-x11-server-Xvfb", "openbox", "xdotool", TRACER),
    "pacman": ("xorg-server-xvfb", "openbox", "xdotool", TRACER),
    "zypper": ("xorg-x11-server-Xvfb", "openbox", "xdotool", TRACER),
}
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
FONT_ENDINGS = (".ttf", ".otf", ".ttc", ".pfb")

DEBIAN_PACKAGES = (
    "libegl1 libgl1 libx11-6 libdbus-1-3 libfontconfig1 libfreetype6 libglib2.0-0 libxcb1 libxkbcommon0 "
    "libx11-xcb1 libwayland-client0 libwayland-cursor0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 "
    "libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-render0 libxcb-shape0 libxcb-shm0 libxcb-sync1 "
    "libxcb-util1 libxcb-xfixes0 libxcb-xkb1 libxkbcommon-x11-0 fonts-dejavu-core"
)
FEDORA_PACKAGES = (
    "libglvnd-egl libglvnd-glx libX11 dbus-libs fontconfig freetype glib2 libxcb libxkbcommon libX11-xcb "
    "libwayland-client libwayland-cursor xcb-util-cursor xcb-util-wm xcb-util-image xcb-util-keysyms "
    "xcb-util-renderutil xcb-util libxkbcommon-x11 dejavu-sans-fonts"
)
ARCH_PACKAGES = (
    "libglvnd libx11 dbus fontconfig freetype2 glib2 libxcb libxkbcommon wayland xcb-util-cursor xcb-util-wm "
    "xcb-util-image xcb-util-keysyms xcb-util-renderutil xcb-util libxkbcommon-x11 ttf-dejavu"
)
SUSE_PACKAGES = (
    "libEGL1 libGL1 libX11-6 libdbus-1-3 fontconfig libfreetype6 libglib-2_0-0 libgthread-2_0-0 libxcb1 "
    "libxkbcommon0 libX11-xcb1 libwayland-client0 libwayland-cursor0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 "
    "libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-render0 libxcb-shape0 libxcb-shm0 libxcb-sync1 "
    "libxcb-util1 libxcb-xfixes0 libxcb-xkb1 libxkbcommon-x11-0 dejavu-fonts"
)


@dataclass(frozen=True)
class PackageManager:
    """A distribution's installer: its program, the commands before it, its arguments, the packages."""

    program: str
    refresh: tuple[str, ...]
    install: tuple[str, ...]
    packages: tuple[str, ...]

    def commands(self, packages: tuple[str, ...]) -> list[list[str]]:
        """Return what to run, in order, to install the packages."""
        refresh = [[self.program, *self.refresh]] if self.refresh else []
        return [*refresh, [self.program, *self.install, *packages]]


MANAGERS = (
    PackageManager(
        "apt-get", ("update",), ("install", "-y", "--no-install-recommends"), tuple(DEBIAN_PACKAGES.split())
    ),
    PackageManager("dnf", (), ("install", "-y"), tuple(FEDORA_PACKAGES.split())),
    PackageManager("pacman", (), ("-S", "--needed", "--noconfirm"), tuple(ARCH_PACKAGES.split())),
    PackageManager("zypper", (), ("--non-interactive", "install"), tuple(SUSE_PACKAGES.split())),
)


class MissingLibrariesError(Exception):
    """System libraries are missing and could not be installed; the text says what to run."""


def find_manager() -> PackageManager | None:
    """Return this machine's package manager, or None if it has none that is known."""
    return next((manager for manager in MANAGERS if shutil.which(manager.program)), None)


def has_display() -> bool:
    """Say whether a window can be shown: always on Windows and macOS, by the environment on Linux."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def ensure_libraries() -> None:
    """Install what Qt needs from the system (Linux, as root), or say what to run.

    Raises MissingLibrariesError where Qt could not start. Libraries that only a display needs are installed,
    too, but on a machine without one their absence is not an error: nothing there uses them.
    """
    if not sys.platform.startswith("linux"):
        return
    needed, for_display = _missing(OFFSCREEN), _missing(ON_A_DISPLAY)
    if not _has_font():
        needed.append("a font")
    if not needed and not for_display:
        return
    if needed or has_display() or _is_root():
        problem = install(find_manager(), None)
        if problem and (_missing(OFFSCREEN) or has_display()):
            raise MissingLibrariesError(f"Qt needs {', '.join(needed + for_display)}. {problem}")
        if problem:
            # Without a font the texts of a picture are boxes, and without those libraries there is no window.
            print(f"note: the window will need {', '.join(needed + for_display)}. {problem}", flush=True)


def missing_for_display() -> list[str]:
    """The libraries that a window on a display needs and this machine lacks."""
    return _missing((*OFFSCREEN, *ON_A_DISPLAY))


def ensure_test_programs() -> None:
    """Install what tests/screen and the traces need (Linux, as root), or say what it is; without it they skip."""
    if not sys.platform.startswith("linux"):
        return
    missing = [name for name in (*SCREEN_PROGRAMS, TRACER) if shutil.which(name) is None]
    if not missing:
        return
    manager = find_manager()
    problem = install(manager, TEST_PACKAGES[manager.program] if manager else ())
    if problem:
        print(f"note: some tests are skipped without {', '.join(missing)}. {problem}", flush=True)


def install(manager: PackageManager | None, packages: tuple[str, ...] | None) -> str:
    """Install packages (None: all that Qt needs) as root; return "" or a sentence that says what to run."""
    if manager is None:
        return "No known package manager was found: install them by hand, then run this command again."
    commands = manager.commands(manager.packages if packages is None else packages)
    line = " && ".join(" ".join(command) for command in commands)
    if not _is_root():
        sudo_line = " && ".join("sudo " + " ".join(command) for command in commands)
        return f"Run this, then this command again:\n  {sudo_line}"
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print(f"installing system libraries: {line}", flush=True)
    for command in commands:
        if subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False).returncode:
            return f"{manager.program} failed (its message is above). Run this when it can:\n  {line}"
    return ""


def _missing(names: tuple[str, ...]) -> list[str]:
    return [name for name in names if not _loads(name)]


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _has_font() -> bool:
    folders = (Path(folder).expanduser() for folder in FONT_FOLDERS)
    return any(
        path.suffix.lower() in FONT_ENDINGS
        for folder in folders
        if folder.is_dir()
        for path in folder.rglob("*")
    )


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
