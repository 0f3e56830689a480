"""Write what the shipped classifiers reach into README and docs/training.md, out of their cards: never by hand.

Run: python build_scripts/reached_figures.py     (after an export into models/; a test says when it is due)
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from bloodsmear.classifiers.card import Card, Figure
from bloodsmear.classifiers.card_file import read_card

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- build_scripts/reached_figures.py writes this -->", "<!-- end -->"
SHIPPED = ("vgg16", "unet")
_BASELINE = "accuracy_colour_only_baseline"
_ERROR = "expected_calibration_error"
# What the two are to reach: accuracy, accuracy under each single shift, calibration error.
_ACCURACY_GOAL, _SHIFTED_GOAL, _ERROR_GOAL = "99 %", "97 %", "at most 0.02"

Shown = Literal["short", "whole"]
PLACES: dict[str, Shown] = {"README.md": "short", "docs/training.md": "whole"}


def shipped_cards() -> tuple[Card, ...]:
    """The cards of the classifiers that ship. Raises what `read_card` raises."""
    return tuple(read_card(ROOT / "models" / name) for name in SHIPPED)


def table(cards: tuple[Card, ...], shown: Shown) -> str:
    """A Markdown table: a row for each figure, the goal beside it, a column for each classifier, colour alone last."""
    by_name = [{figure.name: figure for figure in card.figures} for card in cards]
    names = _all_names(by_name) if shown == "whole" else _short_names(by_name)
    heads = ["measured on held-out images", "goal", *(f"{card.name} {card.version}" for card in cards)]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    lines += [
        f"| {_words(name)} | {_goal(name)} | {' | '.join(_value(figures.get(name)) for figures in by_name)} |"
        for name in names
    ]
    return "\n".join(lines)


def _all_names(by_name: list[dict[str, Figure]]) -> list[str]:
    """In the first card's order, then what only the others have: those exported earlier know other shifts."""
    return list(dict.fromkeys(name for figures in by_name for name in figures))


def _short_names(by_name: list[dict[str, Figure]]) -> list[str]:
    """Accuracy, colour alone, calibration, grey, and the shift that is hardest for each classifier."""
    hardest = {min(_shifted(figures), key=lambda name: figures[name].value) for figures in by_name}
    wanted = {"accuracy", _BASELINE, _ERROR, "accuracy_grey", *hardest}
    return [name for name in _all_names(by_name) if name in wanted]


def _shifted(names: Iterable[str]) -> Iterator[str]:
    return (name for name in names if name.startswith("accuracy_") and name != _BASELINE)


def _words(name: str) -> str:
    if name == _BASELINE:
        return "colour alone: accuracy of trees that see no cell"
    if name == _ERROR:
        return "calibration error (ECE)"
    return name.replace("accuracy_", "accuracy: ", 1).replace("_", " ")


def _goal(name: str) -> str:
    if name == _ERROR:
        return _ERROR_GOAL
    if name == "accuracy":
        return _ACCURACY_GOAL
    return _SHIFTED_GOAL if list(_shifted([name])) else ""


def _value(figure: Figure | None) -> str:
    if figure is None:
        return "–"
    if figure.name == _ERROR:
        return f"{figure.value:.3f}"
    interval = (
        ""
        if figure.low is None or figure.high is None
        else f" ({_percent(figure.low)}–{_percent(figure.high)})"
    )
    return f"{_percent(figure.value)} %{interval}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def with_table(text: str, rows: str) -> str:
    """The page with the table between its marks. Raises ValueError where it has no marks."""
    before, begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"The page has no place for the figures: it needs {BEGIN} and {END}.")
    return f"{before}{BEGIN}\n{rows}\n{END}{after}"


def main() -> None:
    """Write both pages."""
    cards = shipped_cards()
    for name, shown in PLACES.items():
        page = ROOT / name
        page.write_text(with_table(page.read_text("utf-8"), table(cards, shown)), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
