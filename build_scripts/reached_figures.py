"""Write what the shipped classifiers reach into docs/figures.md and docs/training.md, from their cards: never by hand.

Run: python build_scripts/reached_figures.py     (after an export into models/; a test says when it is due)
"""

from pathlib import Path
from typing import Literal

from bloodsmear.classifiers.card import Card, Figure
from bloodsmear.classifiers.card_file import read_card
from bloodsmear.classifiers.figure_words import (
    ACCURACY,
    BENIGN_CALLED_OTHER,
    CALIBRATION_ERROR,
    COLOUR_ALONE,
    CORNER_SWAPPED,
    LEADING,
    OTHER_CALLED_BENIGN,
    SENSITIVITY,
    figure_words,
    shifted,
)

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- build_scripts/reached_figures.py writes this -->", "<!-- end -->"
SHIPPED = ("vgg16", "unet")
# What the two are to reach; accuracy under each single shift has the goal of its own.
_GOALS = {
    BENIGN_CALLED_OTHER: "at most 2 %",
    OTHER_CALLED_BENIGN: "at most 0.5 %",
    ACCURACY: "99 %",
    CORNER_SWAPPED: "at most 0.5 %",
    CALIBRATION_ERROR: "at most 0.015",
}
_SENSITIVITY_GOAL, _SHIFTED_GOAL = "98 %", "97 %"

Shown = Literal["short", "whole"]
PLACES: dict[str, Shown] = {"docs/figures.md": "short", "docs/training.md": "whole"}


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
        f"| {figure_words(name)} | {_goal(name)} | {' | '.join(_value(figures.get(name)) for figures in by_name)} |"
        for name in names
    ]
    return "\n".join(lines)


def _all_names(by_name: list[dict[str, Figure]]) -> list[str]:
    """In the first card's order, then what only the others have: those exported earlier know other shifts."""
    return list(dict.fromkeys(name for figures in by_name for name in figures))


def _short_names(by_name: list[dict[str, Figure]]) -> list[str]:
    """What leads, sensitivities, accuracy, other sources, calibration, grey, and each classifier's hardest shift."""
    hardest = {
        min(shifted(figures), key=lambda name: figures[name].value) for figures in by_name if shifted(figures)
    }
    wanted = {*LEADING, ACCURACY, COLOUR_ALONE, CORNER_SWAPPED, CALIBRATION_ERROR, "accuracy_grey", *hardest}
    return [name for name in _all_names(by_name) if name in wanted or name.startswith(SENSITIVITY)]


def _goal(name: str) -> str:
    if name.startswith(SENSITIVITY):
        return _SENSITIVITY_GOAL
    return _SHIFTED_GOAL if shifted([name]) else _GOALS.get(name, "")


def _value(figure: Figure | None) -> str:
    if figure is None:
        return "–"
    if figure.name == CALIBRATION_ERROR:
        return f"{figure.value:.3f}"
    interval = (
        ""
        if figure.low is None or figure.high is None
        else f" ({_percent(figure.low)}–{_percent(figure.high)})"
    )
    return f"{_percent(figure.value)} %{interval}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def with_table(text: str, rows: str, mark: str = BEGIN) -> str:
    """The page with the table between the mark and END. Raises ValueError where it has not both."""
    before, begin, rest = text.partition(mark)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"The page has no place for the figures: it needs {mark} and {END}.")
    return f"{before}{mark}\n{rows}\n{END}{after}"


def main() -> None:
    """Write both pages."""
    cards = shipped_cards()
    for name, shown in PLACES.items():
        page = ROOT / name
        page.write_text(with_table(page.read_text("utf-8"), table(cards, shown)), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
