"""The curves: reliability, what error remains when only the most confident are answered, and the fit itself."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from bloodsmear.jobs.training_files import EpochFigures
from training.evaluation.evaluation import Baseline, Calibration, CoveragePoint, ReliabilityBin
from training.evaluation.page.chart import ACCENT, GRID, INK, MUTED, Chart, Frame, draw_chart, show_as_percent
from training.evaluation.page.words import percent

_DASHED = (0, (4, 2))
_WIDTH_IN = 4.6
_HEIGHT_IN = 3.7


def draw_reliability(calibration: Calibration, baseline: Baseline | None) -> Chart:
    """Accuracy over confidence, before and after the temperature, above how many images have that confidence."""
    frame = Frame(
        "reliability",
        f"Reliability: calibration error {calibration.error_before:.3f} before the temperature, "
        f"{calibration.error_after:.3f} after it",
        _WIDTH_IN,
        _HEIGHT_IN + 0.7,
    )

    def draw(figure: Figure) -> None:
        axes, below = figure.subplots(2, 1, sharex=True, height_ratios=(5, 1))
        axes.plot([0, 1], [0, 1], color=GRID, linewidth=1.5)
        axes.text(0.36, 0.27, "as right as confident", color=MUTED, fontsize=8.5)
        _draw_bins(axes, calibration.bins_before, MUTED, f"before, ECE {calibration.error_before:.3f}")
        _draw_bins(axes, calibration.bins_after, ACCENT, f"after, ECE {calibration.error_after:.3f}")
        if baseline is not None:
            _draw_level(axes, baseline.accuracy.value)
        axes.set_ylabel("share of right answers")
        axes.set_ylim(0, 1.02)
        show_as_percent(axes, y=True)
        _legend(axes)
        bins = calibration.bins_after
        below.bar(
            [each.confidence for each in bins], [each.images for each in bins], width=0.04, color=ACCENT
        )
        below.set_ylabel("images")
        below.set_xlabel("confidence")
        below.set_xlim(0, 1.02)
        show_as_percent(below, x=True)

    return draw_chart(frame, draw)


def draw_coverage(coverage: Sequence[CoveragePoint], baseline: Baseline | None) -> Chart:
    """The error rate among the images that are answered, over their share; the least confident are left out first."""
    last = coverage[-1].error_rate
    frame = Frame(
        "coverage",
        f"Error rate over the share answered: {percent(last)} when all are answered",
        _WIDTH_IN,
        _HEIGHT_IN,
    )

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        highest = max(point.error_rate for point in coverage)
        axes.plot(
            [point.share for point in coverage],
            [point.error_rate for point in coverage],
            color=ACCENT,
            label="this classifier",
        )
        if baseline is not None:
            highest = max(highest, *(point.error_rate for point in baseline.coverage))
            axes.plot(
                [point.share for point in baseline.coverage],
                [point.error_rate for point in baseline.coverage],
                color=INK,
                linewidth=1.5,
                linestyle=_DASHED,
                label="colour alone",
            )
        axes.axhline(0.01, color=MUTED, linewidth=0.75)
        axes.annotate("1 % wrong", (0, 0.01), (4, 2), textcoords="offset points", color=MUTED, fontsize=8.5)
        axes.set_xlim(0, 1)
        axes.set_ylim(0, max(0.02, highest * 1.1))
        axes.set_xlabel("share of the images that is answered")
        axes.set_ylabel("wrong among them")
        show_as_percent(axes, x=True, y=True)
        _legend(axes)

    return draw_chart(frame, draw)


def draw_fit(epochs: Sequence[EpochFigures], baseline: Baseline | None) -> Chart:
    """Accuracy and loss after each epoch, on training and validation images."""
    last = epochs[-1]
    frame = Frame(
        "fit",
        f"Accuracy and loss after each epoch; after the last, {last.epoch}, validation accuracy "
        f"{percent(last.validation_accuracy)}, validation loss {last.validation_loss:.3f}",
        9.4,
        3.2,
    )

    def draw(figure: Figure) -> None:
        left, right = figure.subplots(1, 2, gridspec_kw={"wspace": 0.08})
        accuracies = [(epoch.accuracy, epoch.validation_accuracy) for epoch in epochs]
        _draw_epochs(left, epochs, accuracies, "training, augmented")
        losses = [(epoch.loss, epoch.validation_loss) for epoch in epochs]
        _draw_epochs(right, epochs, losses, "training")
        if baseline is not None:
            _draw_level(left, baseline.accuracy.value)
            _draw_level(right, baseline.cross_entropy)
        left.set_ylabel("accuracy")
        left.set_ylim(top=1.02)
        show_as_percent(left, y=True)
        right.set_ylabel("loss in nats")
        right.set_ylim(bottom=0)
        for axes in (left, right):
            _legend(axes)

    return draw_chart(frame, draw)


def _draw_epochs(
    axes: Axes, epochs: Sequence[EpochFigures], values: Sequence[tuple[float, float]], training: str
) -> None:
    numbers = [epoch.epoch for epoch in epochs]
    axes.plot(
        numbers, [train for train, _ in values], color=MUTED, marker="o", markersize=3.5, label=training
    )
    axes.plot(
        numbers, [after for _, after in values], color=ACCENT, marker="o", markersize=3.5, label="validation"
    )
    axes.set_xlabel("epoch")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def _draw_bins(axes: Axes, bins: Sequence[ReliabilityBin], colour: str, words: str) -> None:
    # A spot's area says how many images stand behind it.
    most = max(each.images for each in bins)
    x, y = [each.confidence for each in bins], [each.accuracy for each in bins]
    axes.plot(x, y, color=colour, label=words)
    axes.scatter(x, y, s=[12 + 60 * each.images / most for each in bins], color=colour, zorder=3)


def _draw_level(axes: Axes, value: float) -> None:
    axes.axhline(value, color=INK, linewidth=1.5, linestyle=_DASHED, label="colour alone")


def _legend(axes: Axes) -> None:
    # Above the chart, where no curve passes; two columns fit over the narrow ones.
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderaxespad=0.2, handlelength=2.2)
