"""How many of what, in words: one is not called by the plural."""


def count_words(number: int, one: str, more: str = "") -> str:
    """`1 image`, `1,512 images`; `more` is what several are called where that is not `one` with an s: `images were`."""
    return f"{number:,} {one if number == 1 else more or f'{one}s'}"
