"""Which images an audit set is made of: whole cases at random, some images of each (docs/adr/0043)."""

import math
from collections.abc import Collection, Sequence

import numpy as np

from bloodsmear.count_words import count_words
from bloodsmear.errors import ReviewError
from bloodsmear.images.natural_order import natural_key
from bloodsmear.review.audit import Drawn
from bloodsmear.review.records import ListedImage

USUAL_IMAGES = 60
FEWEST_IMAGES, MOST_IMAGES = 20, 1000
# Fewer cases would leave too few to teach on, or an interval that says nothing.
_FEWEST_CASES = 6
_OF_A_CASE = 5
_RUN = 10
# So much of the cases may be drawn; the rest is for teaching.
_MOST_DRAWN = 1 / 3


def draw_images(
    images: Sequence[ListedImage],
    free: Collection[str],
    drawn_before: Collection[str],
    wanted: int,
    seed: int,
) -> list[Drawn]:
    """`wanted` of the `free` images of cases (or runs of neighbours) in random order. ReviewError for too few.

    `images` are all of the study. A case of which an image was `drawn_before` is not drawn again.
    """
    if not FEWEST_IMAGES <= wanted <= MOST_IMAGES:
        raise ReviewError(f"An audit set has {FEWEST_IMAGES} to {MOST_IMAGES} images, not {wanted}.")
    has_cases = len({one.case for one in images}) > 1
    units = _units_of(images, has_cases)
    names = [
        name
        for name, members in units.items()
        if any(one.image in free for one in members) and not any(one.image in drawn_before for one in members)
    ]
    neighbours = f" of {_RUN} neighbouring images"
    one, what = ("case", "cases") if has_cases else (f"run{neighbours}", f"runs{neighbours}")
    if len(names) < _FEWEST_CASES:
        raise ReviewError(
            f"Images of {len(names)} {one if len(names) == 1 else what} can be drawn; at least {_FEWEST_CASES} are "
            "needed. Add images that nobody has decided yet, screen them, and draw again."
        )
    chance = np.random.default_rng(seed)
    most = max(2, int(len(units) * _MOST_DRAWN))
    of_each = max(_OF_A_CASE, math.ceil(wanted / most))
    drawn: list[Drawn] = []
    for place in chance.permutation(len(names))[:most]:
        members = units[names[place]]
        here = [one for one in members if one.image in free]
        left = wanted - len(drawn)
        for chosen in chance.permutation(len(here))[: min(of_each, left)]:
            run = ("", "") if has_cases else (members[0].image, members[-1].image)
            one = here[chosen]
            drawn.append(Drawn(one.image, one.case, one.sha256, *run))
    if len(drawn) < wanted:
        raise ReviewError(
            f"Only {count_words(len(drawn), 'image')} can be drawn, not {wanted:,}: at most a third of the {what} is "
            "drawn. Ask for fewer, or add images."
        )
    return sorted(drawn, key=lambda one: natural_key(one.image))


def _units_of(images: Sequence[ListedImage], has_cases: bool) -> dict[str, list[ListedImage]]:
    """The images by case, else in runs of neighbours, in natural order."""
    order = sorted(images, key=lambda one: natural_key(one.image))
    units: dict[str, list[ListedImage]] = {}
    for place, one in enumerate(order):
        units.setdefault(one.case if has_cases else str(place // _RUN), []).append(one)
    return units
