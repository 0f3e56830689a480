"""The sizes, names and places that style.md sets for source files."""

import ast
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("bloodsmear", "desktop", "training")
OUR_FOLDERS = (*PACKAGES, "build_scripts", "benchmarks", "tests")
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}

FILE_LINES = 400
FUNCTION_LINES = 60

Function = ast.FunctionDef | ast.AsyncFunctionDef


def our_files() -> list[Path]:
    return sorted(itertools.chain.from_iterable((ROOT / folder).rglob("*.py") for folder in OUR_FOLDERS))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def parsed(*words: str) -> Iterator[tuple[str, ast.Module]]:
    """Our files, or those in which one of the words stands."""
    for path in our_files():
        text = path.read_text(encoding="utf-8")
        if not words or any(word in text for word in words):
            yield name_of(path), ast.parse(text)


def functions() -> Iterator[tuple[str, Function]]:
    for name, tree in parsed():
        for node in ast.walk(tree):
            if isinstance(node, Function):
                yield f"{name}: {node.name}", node


def test_no_source_file_is_longer_than_400_lines() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in our_files()}
    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES} == {}


def test_no_function_outgrows_its_page() -> None:
    """About 40 lines are the aim; a docstring and a laid-out signature may bring a function to 60."""
    lengths = {
        name: node.end_lineno - node.lineno + 1 for name, node in functions() if node.end_lineno is not None
    }
    assert {name: lines for name, lines in lengths.items() if lines > FUNCTION_LINES} == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    parts = {name_of(path): set(path.relative_to(ROOT).with_suffix("").parts) for path in our_files()}
    assert {name for name, words in parts.items() if words & BANNED_NAMES} == set()


def test_no_package_is_called_models_or_assets() -> None:
    """They exist as folders of data, and an editable install would import those."""
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    assert [
        name_of(path) for path in found if {"models", "assets"} & set(path.with_suffix("").parts[-2:])
    ] == []


def test_tests_are_not_packages() -> None:
    """With --import-mode=importlib, tests that mirror package names must not be packages themselves."""
    assert [name_of(path) for path in (ROOT / "tests").rglob("__init__.py")] == []


def test_tests_lie_where_the_code_lies() -> None:
    """tests/<package>/<folder> mirrors <package>/<folder>; some folders stand beside the packages."""
    beside = {"architecture", "benchmarks", "build_scripts", "e2e", "screen"}
    strays = []
    for path in (ROOT / "tests").rglob("test_*.py"):
        folder = path.parent.relative_to(ROOT / "tests")
        top = folder.parts[0] if folder.parts else ""
        if top not in beside and not (top in PACKAGES and (ROOT / folder).is_dir()):
            strays.append(name_of(path))
    assert strays == []


@pytest.mark.parametrize("package", PACKAGES)
def test_no_type_ignore_stands_without_its_code(package: str) -> None:
    strays = [
        f"{name_of(path)}:{number}"
        for path in (ROOT / package).rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "# type: ignore" in line and "# type: ignore[" not in line
    ]
    assert strays == []


def test_no_scratch_folder_replaces_a_sentence_by_windows_complaint_that_a_file_in_it_is_in_use() -> None:
    """OpenVINO and HDF5 keep files mapped or open, which Windows does not let anybody remove."""
    makers = ("TemporaryDirectory", "mkdtemp")
    strays = [
        f"{name}:{node.lineno}"
        for name, tree in parsed(*makers)
        if name.startswith(PACKAGES)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in makers
        and "ignore_cleanup_errors" not in {word.arg for word in node.keywords}
    ]
    assert strays == []
