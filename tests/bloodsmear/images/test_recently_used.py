"""A memory of limited size."""

from bloodsmear.images.recently_used import RecentlyUsed


def test_what_was_not_used_for_longest_goes_first() -> None:
    memory = RecentlyUsed[str, int](100)
    for number, key in enumerate("abc"):
        memory.put(key, number, 30)
    assert memory.get("a") == 0
    memory.put("d", 3, 30)
    assert [memory.get(key) for key in "abcd"] == [0, None, 2, 3]
    assert memory.held_bytes == 90


def test_a_value_larger_than_the_memory_is_not_kept_and_pushes_nothing_out() -> None:
    memory = RecentlyUsed[str, int](100)
    memory.put("a", 1, 60)
    memory.put("b", 2, 101)
    assert (memory.get("a"), memory.get("b"), memory.held_bytes) == (1, None, 60)


def test_a_value_put_again_is_counted_once() -> None:
    memory = RecentlyUsed[str, int](100)
    for _ in range(5):
        memory.put("a", 1, 60)
    assert memory.held_bytes == 60
    memory.drop("a")
    assert (memory.get("a"), memory.held_bytes) == (None, 0)


def test_a_cleared_memory_holds_nothing() -> None:
    memory = RecentlyUsed[str, int](100)
    memory.put("a", 1, 60)
    memory.clear()
    assert (memory.get("a"), memory.held_bytes) == (None, 0)


def test_of_small_values_no_more_than_the_most_are_held_those_used_last() -> None:
    memory = RecentlyUsed[str, int](100, most=2)
    memory.put("a", 1, 10)
    memory.put("b", 2, 10)
    assert memory.get("a") == 1
    memory.put("c", 3, 10)
    assert [memory.get(key) for key in "abc"] == [1, None, 3]
    assert memory.held_bytes == 20
