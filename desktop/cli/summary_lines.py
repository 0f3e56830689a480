"""The summary of a screening in lines for a terminal: short, however many cases and bad files there are."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from bloodsmear.classifiers.labels import Names, label_name
from bloodsmear.count_words import count_words
from bloodsmear.images.formats.depth import DEPTH_UNKNOWN
from bloodsmear.review.records import FLAGS
from bloodsmear.review.sentences import flag_name, percent
from bloodsmear.workflows.summary import CaseCounts, ImageToLookAt, StudySummary

# More lines than this scroll the first ones away; the JSON beside the report has all.
_MOST_LINES = 10

_Item = TypeVar("_Item")


def summary_lines(summary: StudySummary) -> Iterator[str]:
    """The lines, without the first one that says where the report is."""
    run = summary.run
    if run.images_per_second is not None:
        yield f"Rate: {run.images_per_second:.1f} images a second"
    if summary.labels:
        yield f"Labels: {_counted_labels(summary.labels, summary.label_names)}"
    if summary.flags:
        yield "Flags: " + ", ".join(
            f"{flag_name(flag)} {summary.flags[flag]}" for flag in FLAGS if flag in summary.flags
        )
    yield "Cases:"
    yield from _shortened(summary.cases, [_case_line(case, summary.label_names) for case in summary.cases])
    if summary.unreadable_images:
        yield "Unreadable:"
        lines = [f"{bad.image}: {bad.reason}" for bad in summary.unreadable_images]
        yield from _shortened(summary.unreadable_images, lines)
        if any(bad.reason == DEPTH_UNKNOWN for bad in summary.unreadable_images):
            yield "  The camera's bits are set with --camera-bits 12 for a camera of 12 bits; the study keeps them."
    if summary.look_first:
        yield "Look at first:"
        names = summary.label_names
        yield from _shortened(summary.look_first, [_look_line(image, names) for image in summary.look_first])


def _shortened(items: Sequence[_Item], lines: Sequence[str]) -> Iterator[str]:
    for line in lines[:_MOST_LINES]:
        yield f"  {line}"
    if len(items) > _MOST_LINES:
        yield f"  and {len(items) - _MOST_LINES} more in the summary file"


def _case_line(case: CaseCounts, names: Names) -> str:
    parts = [count_words(case.images, "image")]
    if case.labels:
        parts.append(_counted_labels(case.labels, names))
    if case.flagged:
        parts.append(f"{case.flagged} flagged")
    if case.unreadable:
        parts.append(f"{case.unreadable} unreadable")
    return f"{case.case}: {'; '.join(parts)}"


def _look_line(image: ImageToLookAt, names: Names) -> str:
    flags = ", ".join(flag_name(flag) for flag in image.flags)
    if image.label is None or image.confidence is None:
        return f"{image.image}: {flags}"
    return f"{image.image}: {flags} ({label_name(image.label, names)} {percent(image.confidence)} %)"


def _counted_labels(labels: Mapping[str, int], names: Names) -> str:
    return ", ".join(f"{label_name(key, names)} {count}" for key, count in labels.items())
