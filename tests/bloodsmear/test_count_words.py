"""How many of what, in words."""

from bloodsmear.count_words import count_words


def test_one_of_a_thing_has_no_plural() -> None:
    assert [count_words(number, "image") for number in (0, 1, 1512)] == [
        "0 images",
        "1 image",
        "1,512 images",
    ]
    assert count_words(1, "image was", "images were") == "1 image was"
    assert count_words(2, "image was", "images were") == "2 images were"
