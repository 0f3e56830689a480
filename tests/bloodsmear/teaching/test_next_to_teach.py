"""Which undecided image comes next: unsure ones first, and not the same one twice over."""

import numpy as np

from bloodsmear.teaching.next_to_teach import order_by_worth

NOBODY = np.zeros((0, 2))


def of_first(*chances: float) -> np.ndarray:
    return np.array([(one, 1 - one) for one in chances])


def test_what_the_head_is_unsure_of_comes_first() -> None:
    scores = np.array([(0.0, 0.0), (5.0, 0.0), (0.0, 5.0)])
    assert order_by_worth(scores, of_first(0.99, 0.55, 0.8), NOBODY).tolist() == [1, 2, 0]


def test_a_twin_of_what_was_chosen_or_taught_comes_last() -> None:
    scores = np.array([(0.0, 0.0), (0.0, 0.001), (5.0, 0.0), (9.0, 9.0)])
    order = order_by_worth(scores, of_first(0.5, 0.51, 0.6, 0.5), np.array([(9.0, 9.0)]))
    assert order.tolist() == [0, 2, 1, 3]


def test_every_image_is_in_the_order_once() -> None:
    chance = np.random.default_rng(0)
    order = order_by_worth(chance.normal(size=(700, 4)), of_first(*chance.random(700)), NOBODY)
    assert sorted(order.tolist()) == list(range(700))
