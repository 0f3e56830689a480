"""Draw docs/images/architecture.svg from the imports: which room stands on which. Never by hand.

Run: .venv/bin/python build_scripts/architecture_picture.py     (a test says when it is due)

A room is a folder or a file below a block's package. An import is drawn only if no longer way says it already.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "images" / "architecture.svg"
PACKAGES = ("bloodsmear", "desktop", "training")
# The blocks from left to right, those of a column from top to bottom.
COLUMNS = (("desktop", "desktop.gui"), ("training", "bloodsmear"))

Edges = dict[str, frozenset[str]]

_ROOM_HIGH, _GAP_X, _GAP_Y, _PAD, _HEAD = 26, 14, 34, 18, 34
_LETTER_WIDE = 7.4
_STYLE = """
  text { font: 12px sans-serif; fill: #1c2430; text-anchor: middle }
  .head { font-weight: bold; font-size: 14px; text-anchor: start }
  .block { fill: #f5f7fa; stroke: #9aa7b8 }
  .folder { fill: #dbe7f6; stroke: #4a6a94 }
  .file { fill: #ffffff; stroke: #9aa7b8 }
  .import { fill: none; stroke: #5b6b80; stroke-opacity: 0.55 }
"""


@dataclass(frozen=True, slots=True)
class Room:
    """A room's box in its block: px from the block's corner."""

    name: str
    x: float
    y: float
    wide: float


def rooms_of(package: str) -> dict[str, bool]:
    """The rooms below a package by name, and whether each is a folder (else a file)."""
    place = ROOT.joinpath(*package.split("."))
    folders = {one.name: True for one in place.iterdir() if (one / "__init__.py").is_file()}
    files = {one.stem: False for one in place.glob("*.py") if one.stem != "__init__"}
    return dict(sorted((folders | files).items()))


def imports_between(graph: grimp.ImportGraph, package: str) -> Edges:
    """Which room of a package imports which other one."""
    found: dict[str, set[str]] = {name: set() for name in rooms_of(package)}
    for module in graph.modules:
        room = _room_in(package, module)
        if room in found:
            imported = {_room_in(package, one) for one in graph.find_modules_directly_imported_by(module)}
            found[room] |= (imported & found.keys()) - {room}
    return {room: frozenset(others) for room, others in found.items()}


def levels_of(edges: Edges) -> dict[str, int]:
    """How high each room stands: 0 imports none, every other one stands above all that it imports. Needs no circle."""
    levels: dict[str, int] = {}

    def level(room: str) -> int:
        if room not in levels:
            levels[room] = 1 + max((level(other) for other in edges[room]), default=-1)
        return levels[room]

    for room in edges:
        level(room)
    return levels


def without_detours(edges: Edges) -> Edges:
    """The edges without those that a longer way says already."""
    reached: dict[str, frozenset[str]] = {}

    def reach(room: str) -> frozenset[str]:
        if room not in reached:
            reached[room] = edges[room].union(*(reach(other) for other in edges[room]))
        return reached[room]

    return {
        room: frozenset(other for other in others if not any(other in reach(one) for one in others))
        for room, others in edges.items()
    }


def draw() -> str:
    """The picture as SVG."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None, exclude_type_checking_imports=True)
    parts: list[str] = []
    x, high = float(_PAD), 0.0
    for column in COLUMNS:
        edges = {package: imports_between(graph, package) for package in column}
        block_wide = max(_needed_px(one) for one in edges.values())
        y = float(_PAD)
        for package in column:
            content, block_high = _block(package, edges[package], block_wide)
            frame = f'<rect class="block" width="{block_wide:.0f}" height="{block_high:.0f}" rx="6"/>'
            parts.append(f'<g transform="translate({x:.0f} {y:.0f})">\n{frame}\n{content}\n</g>')
            y += block_high + _PAD
        x, high = x + block_wide + _PAD, max(high, y)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {x:.0f} {high:.0f}" width="{x:.0f}">'
    title = "<title>The rooms of Bloodsmear and what each is built on</title>"
    ground = '<rect width="100%" height="100%" fill="#ffffff"/>'
    return "\n".join([head, title, f"<style>{_STYLE}</style>", ground, *parts, "</svg>", ""])


def _floors(edges: Edges) -> list[list[str]]:
    """The names of the rooms, floor by floor from the top."""
    levels = levels_of(edges)
    return [
        [room for room in edges if levels[room] == level] for level in range(max(levels.values()), -1, -1)
    ]


def _room_px(name: str) -> float:
    return len(name) * _LETTER_WIDE + 16


def _floor_px(floor: list[str]) -> float:
    return sum(map(_room_px, floor)) + _GAP_X * (len(floor) - 1)


def _needed_px(edges: Edges) -> float:
    return max(map(_floor_px, _floors(edges))) + 2 * _PAD


def _block(package: str, edges: Edges, wide: float) -> tuple[str, float]:
    """What stands in a block that is so wide, every floor in the middle, and how high it is."""
    folders, y = rooms_of(package), float(_HEAD + _PAD)
    placed: dict[str, Room] = {}
    for floor in _floors(edges):
        x = (wide - _floor_px(floor)) / 2
        for name in floor:
            placed[name] = Room(name, x, y, _room_px(name))
            x += _room_px(name) + _GAP_X
        y += _ROOM_HIGH + _GAP_Y
    lines = [
        _line(placed[room], placed[other])
        for room in placed
        for other in sorted(without_detours(edges)[room])
    ]
    boxes = [_box(room, folders[room.name]) for room in placed.values()]
    head = f'<text class="head" x="{_PAD}" y="24">{package}</text>'
    return "\n".join([head, *lines, *boxes]), y - _GAP_Y + _PAD


def _room_in(package: str, module: str) -> str:
    return module.removeprefix(f"{package}.").partition(".")[0] if module.startswith(f"{package}.") else ""


def _line(above: Room, below: Room) -> str:
    x1, y1 = above.x + above.wide / 2, above.y + _ROOM_HIGH
    x2, y2 = below.x + below.wide / 2, below.y
    bend = _GAP_Y * 0.8
    return (
        f'<path class="import" d="M{x1:.0f} {y1:.0f}C{x1:.0f} {y1 + bend:.0f} '
        f'{x2:.0f} {y2 - bend:.0f} {x2:.0f} {y2:.0f}"/>'
    )


def _box(room: Room, folder: bool) -> str:
    kind = "folder" if folder else "file"
    return (
        f'<rect class="{kind}" x="{room.x:.0f}" y="{room.y:.0f}" width="{room.wide:.0f}" height="{_ROOM_HIGH}" '
        f'rx="4"/><text x="{room.x + room.wide / 2:.0f}" y="{room.y + 17:.0f}">{escape(room.name)}</text>'
    )


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8", newline="\n")
