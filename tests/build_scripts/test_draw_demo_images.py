"""The demo images: a dozen synthetic smears that the script draws again alike."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from bloodsmear.images.decode import decode_image
from bloodsmear.images.scan import Scan

CHECKOUT = Path(__file__).parent.parent.parent
DEMO = CHECKOUT / "assets" / "demo"


@pytest.fixture(scope="module")
def script() -> Iterator[ModuleType]:
    place = CHECKOUT / "build_scripts" / "draw_demo_images.py"
    spec = importlib.util.spec_from_file_location("draw_demo_images", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["draw_demo_images"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    yield module
    del sys.modules["draw_demo_images"]


def test_a_dozen_demo_images_in_four_cases_are_readable_and_small() -> None:
    found = list(Scan([DEMO]))

    sizes = [(image.width_px, image.height_px) for image in (decode_image(one.path) for one in found)]
    assert len(found) == 12
    assert len({one.case for one in found}) == 4
    assert all(one.case.startswith("synthetic") for one in found)
    assert sizes.count((1024, 768)) == 10
    assert sum(one.path.stat().st_size for one in found) < 6_000_000


def test_drawing_again_gives_the_image_that_ships(script: ModuleType) -> None:
    place = [smear.name for smear in script.SMEARS].index("synthetic-3/smear-2.png")

    drawn = script.draw_smear(script.SMEARS[place], seed=script.FIRST_SEED + place)

    shipped = decode_image(DEMO / "synthetic-3" / "smear-2.png").pixels
    # Other processors round exp and cos differently: a level here and there.
    assert np.abs(drawn.astype(int) - shipped).mean() < 0.1
    again = script.draw_smear(script.SMEARS[place], seed=script.FIRST_SEED + place)
    np.testing.assert_array_equal(drawn, again)
