"""The Research-Use sentence, and the word that stands nowhere else."""

import ast
import re
from pathlib import Path

import pytest

from bloodsmear import RESEARCH_USE

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("bloodsmear", "desktop", "training")
FORBIDDEN = re.compile("diagnos", re.IGNORECASE)


def strings_of(path: Path) -> list[ast.Constant]:
    """Return the string constants of a source file that are not docstrings; none where the word is nowhere in it."""
    text = path.read_text(encoding="utf-8")
    if not FORBIDDEN.search(text):
        return []
    tree = ast.parse(text)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    constants = [
        node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in docstrings
    ]
    return [node for node in constants if isinstance(node.value, str)]


def test_the_sentence_is_the_agreed_one() -> None:
    assert RESEARCH_USE == "For Research Use Only. Not for use in diagnostic procedures."


@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_the_program_says_has_a_form_of_the_word(folder: str) -> None:
    """Apart from the one constant: not even a second copy of the sentence."""
    said = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / folder).rglob("*.py")
        for node in strings_of(path)
        if FORBIDDEN.search(str(node.value)) and node.value != RESEARCH_USE
    ]
    assert said == []


def test_the_sentence_is_written_once() -> None:
    places = [
        path.relative_to(ROOT).as_posix()
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        for node in strings_of(path)
        if RESEARCH_USE in str(node.value)
    ]
    assert places == ["bloodsmear/__init__.py"]
