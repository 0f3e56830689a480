"""Bars with intervals, and the colour-only baseline as a line across them."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import Normal, Stroke

from bloodsmear.classifiers.figure_words import shift_words
from bloodsmear.classifiers.label_colours import label_colour
from training.evaluation.evaluation import Evaluation, Proportion
from training.evaluation.page.chart import (
    ACCENT,
    INK,
    MUTED,
    SURFACE,
    Chart,
    Frame,
    draw_chart,
    show_as_percent,
)
from training.evaluation.page.words import percent

_ROW_IN = 0.3
_BAR = 0.56


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    colour: str
    share: Proportion | None
    baseline: Proportion | None


def draw_shifts(evaluation: Evaluation) -> Chart:
    """Accuracy as the images are, in grey, and under each shift, a bar each."""
    unshifted = evaluation.baseline.accuracy if evaluation.baseline else None
    rows = [_Row("as they are", ACCENT, evaluation.share("accuracy"), unshifted)]
    rows += [
        _Row(shift_words(shift.name), ACCENT, shift.accuracy, shift.baseline) for shift in evaluation.shifts
    ]
    told = "; ".join(f"{row.name} {percent(row.share.value)}" for row in rows if row.share)
    frame = Frame("shifts", f"Accuracy under each shift: {told}", 9.4, _ROW_IN * len(rows) + 0.75)

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        _draw_rows(axes, rows)
        axes.set_xlabel("accuracy")

    return draw_chart(frame, draw)


def draw_labels(evaluation: Evaluation) -> Chart:
    """Sensitivity and precision of each label, side by side."""
    told = "; ".join(
        f"{evaluation.name_of(label.label)} sensitivity {_told(label.sensitivity)}, precision {_told(label.precision)}"
        for label in evaluation.labels
    )
    height = _ROW_IN * len(evaluation.labels) + 0.95
    frame = Frame("labels", f"Sensitivity and precision of each label: {told}", 9.4, height)

    def draw(figure: Figure) -> None:
        for axes, name in zip(
            figure.subplots(1, 2, gridspec_kw={"wspace": 0.08}), ("sensitivity", "precision"), strict=True
        ):
            _draw_rows(axes, _label_rows(evaluation, name))
            axes.set_xlabel(name)

    return draw_chart(frame, draw)


def _label_rows(evaluation: Evaluation, name: str) -> list[_Row]:
    labels, baseline = evaluation.labels, evaluation.baseline
    compared = baseline.labels if baseline is not None else [None] * len(labels)
    return [
        _Row(
            evaluation.name_of(label.label),
            label_colour(label.label, evaluation.label_keys),
            label.sensitivity if name == "sensitivity" else label.precision,
            None if other is None else other.sensitivity if name == "sensitivity" else other.precision,
        )
        for label, other in zip(labels, compared, strict=True)
    ]


def _told(share: Proportion | None) -> str:
    return "unknown" if share is None else percent(share.value)


def _draw_rows(axes: Axes, rows: Sequence[_Row]) -> None:
    for place, row in enumerate(rows):
        if row.share is None:
            axes.text(0.01, place, "no such image", va="center", color=MUTED)
            continue
        axes.barh(place, row.share.value, height=_BAR, color=row.colour)
        _draw_interval(axes, row.share, place)
        axes.text(
            1.02,
            place,
            percent(row.share.value),
            va="center",
            transform=axes.get_yaxis_transform(),
            color=INK,
        )
    _draw_baseline(axes, [row.baseline for row in rows])
    axes.set_yticks(range(len(rows)), [row.name for row in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(0, 1)
    axes.tick_params(length=0)
    axes.tick_params(axis="y", labelcolor=INK)
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)
    show_as_percent(axes, x=True)


def _draw_interval(axes: Axes, share: Proportion, place: int) -> None:
    # The ground's colour around the ink keeps it apart from the bar in both themes.
    around = [Stroke(linewidth=4.5, foreground=SURFACE), Normal()]
    axes.plot(
        [share.low, share.high],
        [place, place],
        color=INK,
        linewidth=1.5,
        marker="|",
        markersize=7,
        markeredgewidth=1.5,
        path_effects=around,
        clip_on=False,
    )


def _draw_baseline(axes: Axes, baseline: Sequence[Proportion | None]) -> None:
    # One line down the rows, with a step where the next row's share is another.
    x: list[float] = []
    y: list[float] = []
    for place, share in enumerate(baseline):
        value = float("nan") if share is None else share.value
        x += [value, value]
        y += [place - 0.5, place + 0.5]
    if any(share is not None for share in baseline):
        axes.plot(x, y, color=INK, linewidth=1.5, linestyle=(0, (4, 2)))
        line = Line2D([], [], color=INK, linewidth=1.5, linestyle=(0, (4, 2)), label="colour alone")
        axes.legend(
            handles=[line], loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.2, handlelength=2.6
        )
