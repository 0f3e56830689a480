"""Marks as GeoJSON: by the standard (RFC 7946), in QuPath's flavour, and as another reader of it sees them."""

import json
import math
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from bloodsmear.reports.geojson import geojson_text
from bloodsmear.review.marks import DrawnMark, DrawnShape
from bloodsmear.review.records import ImageRecord

RECORD = ImageRecord("case 1/1.png", "case 1", "ok", sha256="ab" * 32, width_px=640, height_px=480)
SIZE = (640, 480)
BOX = DrawnShape("box", ((30.5, 40.25), (10.0, 20.0)), SIZE, "ячейка, <b>")
CIRCLE = DrawnShape("circle", ((100.0, 100.0), (140.0, 130.0)), SIZE)
ARROW = DrawnShape("arrow", ((5.0, 6.0), (70.0, 80.0)), SIZE)
POINT = DrawnShape("point", ((7.5, 8.5),), SIZE)
TEXT = DrawnShape("text", ((9.0, 10.0),), SIZE, "smudge")
ALL = (BOX, CIRCLE, ARROW, POINT, TEXT)


def features(*shapes: DrawnShape) -> list[dict[str, Any]]:
    marks = [
        DrawnMark(number, "Ada", drawn, datetime(2026, 11, 29, 10, tzinfo=UTC))
        for number, drawn in enumerate(shapes, 1)
    ]
    collection = json.loads(geojson_text(RECORD, marks))
    assert collection["type"] == "FeatureCollection"
    found = collection["features"]
    assert isinstance(found, list)
    return found


def signed_area(ring: list[list[float]]) -> float:
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring)) / 2


def test_each_shape_is_a_geometry_of_its_kind_at_its_own_pixels() -> None:
    box, circle, arrow, point, text = (one["geometry"] for one in features(*ALL))

    assert box["coordinates"] == [[[10.0, 20.0], [30.5, 20.0], [30.5, 40.25], [10.0, 40.25], [10.0, 20.0]]]
    assert arrow == {"type": "LineString", "coordinates": [[5.0, 6.0], [70.0, 80.0]]}
    assert point == {"type": "Point", "coordinates": [7.5, 8.5]}
    assert text == {"type": "Point", "coordinates": [9.0, 10.0]}
    [ring] = circle["coordinates"]
    assert all(abs(math.hypot(x - 120, y - 115) - 25) < 0.01 for x, y in ring)
    assert signed_area(ring) == pytest.approx(math.pi * 25**2, rel=0.001)


def test_rings_are_closed_and_turn_as_the_standard_wants() -> None:
    for geometry in (one["geometry"] for one in features(BOX, CIRCLE)):
        assert geometry["type"] == "Polygon"
        [ring] = geometry["coordinates"]
        assert ring[0] == ring[-1]
        assert len(ring) >= 4
        assert signed_area(ring) > 0


def test_properties_are_qupaths_and_say_whose_the_mark_is() -> None:
    box, circle, *_ = features(*ALL)

    assert box["properties"]["objectType"] == "annotation"
    assert (box["properties"]["name"], circle["properties"]["name"]) == ("ячейка, <b>", "Circle")
    assert box["properties"]["classification"] == {"name": "Box", "color": [255, 216, 77]}
    assert box["properties"]["metadata"] == {
        "image": "case 1/1.png",
        "sha256": "ab" * 32,
        "reader": "Ada",
        "drawn_at": "2026-11-29T10:00:00Z",
        "shape": "box",
        "image_size_px": "640 x 480",
    }
    # QuPath wants each metadata value to be a text.
    assert all(isinstance(value, str) for value in box["properties"]["metadata"].values())


def test_an_id_is_the_marks_own_and_the_same_each_time() -> None:
    ids = [one["id"] for one in features(*ALL)]

    assert len(set(ids)) == len(ids)
    assert [one["id"] for one in features(*ALL)] == ids


def test_a_flat_box_and_a_circle_without_a_width_are_not_broken_polygons() -> None:
    flat = DrawnShape("box", ((10.0, 20.0), (30.0, 20.0)), SIZE)
    nothing = DrawnShape("circle", ((10.0, 20.0), (10.0, 20.0)), SIZE)

    assert [one["geometry"]["type"] for one in features(flat, nothing)] == ["LineString", "Point"]


def test_a_notice_stands_beside_the_features() -> None:
    collection = json.loads(geojson_text(RECORD, (), "This study was changed."))

    assert collection["features"] == []
    assert collection["bloodsmear"]["notice"] == "This study was changed."


def test_another_reader_of_geojson_sees_the_same_places() -> None:
    geometry = pytest.importorskip("shapely.geometry")
    read = [geometry.shape(one["geometry"]) for one in features(*ALL)]

    assert all(one.is_valid and not one.is_empty for one in read)
    box, circle, arrow, point, text = read
    assert box.bounds == (10.0, 20.0, 30.5, 40.25)
    assert (circle.centroid.x, circle.centroid.y) == pytest.approx((120, 115), abs=0.01)
    assert circle.area == pytest.approx(math.pi * 25**2, rel=0.001)
    assert list(arrow.coords) == [(5.0, 6.0), (70.0, 80.0)]
    assert (point.x, point.y, text.x, text.y) == (7.5, 8.5, 9.0, 10.0)
