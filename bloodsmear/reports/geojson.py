"""Marks as GeoJSON (RFC 7946) in QuPath's flavour: places in px of the image, and properties as QuPath writes them.

One file for each image: QuPath takes what it reads for the image that is open. Its own origin is the same as ours, the
outer corner of the first pixel (https://qupath.readthedocs.io/en/stable/docs/advanced/exporting_annotations.html).
"""

import json
import math
import uuid
from collections.abc import Iterable
from typing import Any

from bloodsmear import RESEARCH_USE, __version__
from bloodsmear.reports.csv_table import moment
from bloodsmear.review.marks import SHAPE_NAMES, DrawnMark, DrawnShape, Place
from bloodsmear.review.records import ImageRecord

# A circle of 100 px is off by 0.03 px at most.
_CORNERS = 120
# Of a reader's own marks in the window (desktop/gui/theme/palette.py).
_COLOUR = [255, 216, 77]


def geojson_text(record: ImageRecord, marks: Iterable[DrawnMark], notice: str = "") -> str:
    """The file of one image; `notice` is a sentence without which it must not be read, empty for none."""
    collection: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": [_feature(record, mark) for mark in marks],
        "bloodsmear": {"app_version": __version__, "intended_use": RESEARCH_USE},
    }
    if notice:
        collection["bloodsmear"]["notice"] = notice
    return json.dumps(collection, ensure_ascii=False, indent=1)


def _feature(record: ImageRecord, mark: DrawnMark) -> dict[str, Any]:
    drawn = mark.drawn
    name = SHAPE_NAMES[drawn.shape]
    told = {
        "image": record.image,
        "sha256": mark.sha256 or record.sha256,
        "reader": mark.reader,
        "drawn_at": moment(mark.at),
        "shape": drawn.shape,
        "image_size_px": f"{drawn.size_px[0]} x {drawn.size_px[1]}",
    }
    if length := drawn.length(None):
        told["length"] = length
    return {
        "type": "Feature",
        # The same mark has the same id whenever it is written.
        "id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{told['sha256']} {mark.reader} {mark.number} {mark.at}")),
        "geometry": _geometry(drawn),
        "properties": {
            "objectType": "annotation",
            "name": drawn.words or name,
            "classification": {"name": name, "color": _COLOUR},
            "isLocked": False,
            "metadata": told,
        },
    }


def _geometry(drawn: DrawnShape) -> dict[str, Any]:
    (x0, y0), (x1, y1) = drawn.places[0], drawn.places[-1]
    match drawn.shape:
        case "arrow" | "length":
            return {"type": "LineString", "coordinates": [[x0, y0], [x1, y1]]}
        # A flat ring is not a polygon.
        case "box" if x0 == x1 or y0 == y1:
            return {"type": "LineString", "coordinates": [[x0, y0], [x1, y1]]}
        case "box":
            left, right, top, bottom = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
            return _polygon([(left, top), (right, top), (right, bottom), (left, bottom)])
        case "circle" | "diameter" if drawn.circle[1] > 0:
            (x, y), radius = drawn.circle
            turns = (2 * math.pi * corner / _CORNERS for corner in range(_CORNERS))
            return _polygon([(x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in turns])
        case _:
            return {"type": "Point", "coordinates": [x0, y0]}


def _polygon(corners: list[Place]) -> dict[str, Any]:
    """A closed ring, as RFC 7946 wants it, counter-clockwise where y goes up."""
    ring = [[round(x, 3), round(y, 3)] for x, y in (*corners, corners[0])]
    return {"type": "Polygon", "coordinates": [ring]}
