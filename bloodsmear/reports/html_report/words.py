"""Decisions and labels as the report says them."""

from bloodsmear.classifiers.label_colours import label_colour
from bloodsmear.reports.html_report.markup import Markup, element
from bloodsmear.review.decisions import BESIDE_LABELS, Decision, decision_name
from bloodsmear.time_words import zoned_words
from bloodsmear.visible_text import visible


def percent_words(share: float) -> str:
    """A share (0 to 1) as `74.1 %`, with a no-break space."""
    return f"{100 * share:.1f}\u00a0%"


def value_words(value: str) -> Markup:
    """A decision or label in words; a label with a spot of its colour."""
    if value in BESIDE_LABELS:
        return element("span", decision_name(value), class_="label")
    spot = element("i", class_="spot", style=f"background:{label_colour(value)}")
    return element("span", spot, decision_name(value), class_="label")


def decided_words(decision: Decision) -> str:
    """Who decided, when, and whether the classifiers' answers were hidden."""
    seen = "answers hidden" if decision.answers_hidden else "answers shown"
    return f"{decision.reader}, {zoned_words(decision.at)}, {seen}"


def name(text: str) -> Markup:
    """A file's or a case's name: whatever letters it has, they change nothing around it."""
    return element("span", visible(text), class_="name")
