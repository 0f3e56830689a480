"""No text in the window is taken for markup: a name such as `<img src=…>` would open its file."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WINDOW = ROOT / "desktop" / "gui"
LABELS = WINDOW / "theme" / "plain_text.py"
# Qt's own boxes, which take a text as markup unless they are told otherwise.
ASKING = {"QMessageBox", "QErrorMessage", "QInputDialog"}


@cache
def calls() -> tuple[tuple[Path, ast.Call, str], ...]:
    """Every call in the window's code with the called name's last part."""
    return tuple(
        (path, node, node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""))
        for path in sorted(WINDOW.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    )


def place(path: Path, node: ast.Call) -> str:
    return f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"


def is_plain(text: ast.expr) -> bool:
    """Words in the code itself, one of two of them, or what `plain_tooltip` gives."""
    if isinstance(text, ast.IfExp):
        return is_plain(text.body) and is_plain(text.orelse)
    called = text.func if isinstance(text, ast.Call) else None
    return isinstance(text, ast.Constant) or getattr(called, "id", "") == "plain_tooltip"


def test_every_label_is_a_plain_one_or_says_its_format_itself() -> None:
    made: dict[Path, list[str]] = {}
    said: dict[Path, int] = {}
    for path, node, name in calls():
        if name == "QLabel" and path != LABELS:
            made.setdefault(path, []).append(place(path, node))
        said[path] = said.get(path, 0) + (name == "setTextFormat")
    assert {path.name: where for path, where in made.items() if len(where) > said[path]} == {}


def test_every_tooltip_is_our_own_words_or_goes_through_plain_tooltip() -> None:
    strays = []
    for path, node, name in calls():
        if name in {"setToolTip", "showText"}:
            text = node.args[0 if name == "setToolTip" else 1]
            if not is_plain(text):
                strays.append(place(path, node))
    assert strays == []


def test_a_box_that_asks_is_made_and_told_its_format() -> None:
    """`QMessageBox.warning(…)` takes its text for markup, and cannot be told otherwise."""
    said = {path for path, _node, name in calls() if name == "setTextFormat"}
    strays = []
    for path, node, name in calls():
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        at_once = getattr(owner, "id", "") in ASKING and name[0].islower()
        if at_once or (name in ASKING and path not in said):
            strays.append(place(path, node))
    assert strays == []
