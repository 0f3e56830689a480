"""When a file counts as complete. The seconds are numbers that the test chooses."""

import os
from pathlib import Path

import pytest

from bloodsmear.images.scan import FoundImage
from bloodsmear.workflows.arrivals import Arrivals, Stillness

STILLNESS = Stillness(quiet_s=4, patience_s=60)


class Decoder:
    """Says of which files it can be decoded, and counts how often it was asked."""

    def __init__(self) -> None:
        self.broken: set[str] = set()
        self.asked: list[str] = []

    def can(self, image: FoundImage) -> bool:
        """Whether `image` is not among the broken ones."""
        self.asked.append(image.image)
        return image.image not in self.broken


@pytest.fixture
def decoder() -> Decoder:
    """One that can decode everything."""
    return Decoder()


@pytest.fixture
def arrivals(decoder: Decoder) -> Arrivals:
    """A folder that nobody has looked at yet."""
    return Arrivals(STILLNESS, decoder.can)


@pytest.fixture
def image(tmp_path: Path) -> FoundImage:
    """A file that is there."""
    (tmp_path / "a.png").write_bytes(b"first bytes")
    return FoundImage(tmp_path / "a.png", "a.png", "case")


def write(image: FoundImage, content: bytes, changed_ns: int) -> None:
    image.path.write_bytes(content)
    os.utime(image.path, ns=(changed_ns, changed_ns))


def test_a_file_is_complete_once_after_it_was_left_alone(arrivals: Arrivals, image: FoundImage) -> None:
    looks = [arrivals.complete([image], now_s) for now_s in (0, 2, 4, 6, 500)]

    assert looks == [[], [], [image], [], []]


def test_a_file_that_grows_is_waited_for(arrivals: Arrivals, image: FoundImage) -> None:
    for now_s in range(0, 40, 2):
        image.path.write_bytes(bytes(now_s + 1))
        assert arrivals.complete([image], now_s) == []

    assert arrivals.complete([image], 41) == []
    assert arrivals.complete([image], 42) == [image]


def test_a_file_of_its_final_size_that_is_still_filled_is_waited_for(
    arrivals: Arrivals, image: FoundImage
) -> None:
    # Some copies make room first: the size is the same, the time of the last change goes on.
    for now_s in range(0, 20, 2):
        write(image, bytes(1000), changed_ns=now_s * 10**9)
        assert arrivals.complete([image], now_s) == []

    assert arrivals.complete([image], 22) == [image]


def test_a_copy_that_halts_is_waited_for_and_given_up_in_the_end(
    arrivals: Arrivals, decoder: Decoder, image: FoundImage
) -> None:
    decoder.broken = {"a.png"}

    assert [arrivals.complete([image], now_s) for now_s in (0, 5, 30, 59)] == [[]] * 4
    assert arrivals.complete([image], 60) == [image]
    assert decoder.asked == ["a.png"]


def test_a_copy_that_halts_and_goes_on_is_taken_when_it_is_whole(
    arrivals: Arrivals, decoder: Decoder, image: FoundImage
) -> None:
    decoder.broken = {"a.png"}
    arrivals.complete([image], 0)
    assert arrivals.complete([image], 30) == []

    image.path.write_bytes(b"first bytes and the others")
    decoder.broken = set()

    assert [arrivals.complete([image], now_s) for now_s in (31, 35)] == [[], [image]]


def test_a_file_that_is_written_anew_is_complete_once_more(arrivals: Arrivals, image: FoundImage) -> None:
    arrivals.complete([image], 0)
    arrivals.complete([image], 4)

    write(image, b"other bytes", changed_ns=77)

    assert [arrivals.complete([image], now_s) for now_s in (6, 8, 10, 12)] == [[], [], [image], []]


def test_a_file_that_was_gone_for_a_while_is_looked_at_anew(arrivals: Arrivals, image: FoundImage) -> None:
    arrivals.complete([image], 0)
    content = image.path.read_bytes()
    image.path.unlink()
    assert arrivals.complete([image], 5) == []

    image.path.write_bytes(content)

    assert [arrivals.complete([image], now_s) for now_s in (6, 10)] == [[], [image]]


def test_what_could_not_be_screened_comes_again(arrivals: Arrivals, image: FoundImage) -> None:
    arrivals.complete([image], 0)
    assert arrivals.complete([image], 4) == [image]

    arrivals.forget([image])

    assert [arrivals.complete([image], now_s) for now_s in (6, 10)] == [[], [image]]
