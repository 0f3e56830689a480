"""Whether a report of the demo images says what the classifiers' golden tests ask for."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from bloodsmear.classifiers.calibration import calibrate
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.folder import OPEN_TOLERANCE
from desktop.self_test.stage import SelfTestError

Row = dict[str, str]


def read_rows(report: Path) -> list[Row]:
    """The rows of a CSV report. SelfTestError where it is not one."""
    try:
        with report.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SelfTestError(f"The report {report.name} cannot be read ({error}).") from error


def check_report(rows: Sequence[Row], cards: Sequence[Card], images: int) -> float:
    """SelfTestError unless every image has a row with a good status and the golden answers are the cards'.

    Returns the largest difference of a calibrated probability from its golden one.
    """
    if len(rows) != images:
        raise SelfTestError(f"The report has {len(rows)} rows; there are {images} demo images.")
    for row in rows:
        if row.get("status") != "ok":
            raise SelfTestError(f"The demo image {row.get('image')} was not screened: {row.get('error')}")
    largest = 0.0
    for image, column, wanted in _golden_cells(cards):
        cell = next((row.get(column, "") for row in rows if row["image"] == image), "")
        difference = abs(float(cell) - wanted) if cell else 1.0
        if difference > OPEN_TOLERANCE:
            raise SelfTestError(
                f"{image}: {column} is {cell or 'missing'}; its golden answer is {wanted:.6f}."
            )
        largest = max(largest, difference)
    return largest


def _golden_cells(cards: Sequence[Card]) -> Iterator[tuple[str, str, float]]:
    """The image, the report's column and the calibrated probability of each golden answer."""
    for card in cards:
        for case in card.golden:
            calibrated = calibrate(np.array(case.probabilities), card.temperature)
            for key, wanted in zip(card.label_keys, calibrated, strict=True):
                yield case.image, f"{card.id}_p_{key}", wanted
