"""What a file of another program has to be told on the command line."""

import argparse
from pathlib import Path

import pytest

from bloodsmear.adding.importing import ForeignNetwork, Preparation
from bloodsmear.errors import UsageError
from desktop.cli.foreign_network import add_words, foreign_network

ENOUGH = ["--id", "theirs", "--labels", "benign, pre_b", "--resize", "nearest", "--scale", "1/255"]


def parse(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("source", type=Path)
    add_words(parser)
    return parser.parse_args(["net.h5", *words])


def test_what_was_said_describes_the_network() -> None:
    assert foreign_network(parse(*ENOUGH, "--size", "150x100", "--channels", "bgr")) == ForeignNetwork(
        Path("net.h5"),
        "theirs",
        "theirs",
        ("benign", "pre_b"),
        Preparation("nearest", 1 / 255, 0.0, "bgr", (150, 100)),
    )


def test_everything_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(UsageError, match=r"net\.h5 doesn't say labels, resize, scale\. Give --labels"):
        foreign_network(parse("--id", "theirs"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--scale", "255th"], "--scale must be a number such as 0.5 or 1/255, not '255th'"),
        (["--offset", "1/0"], "--offset must be a number"),
        (["--size", "150"], "--size must be written like 150x150, not '150'"),
    ],
)
def test_a_wrong_value_is_said_with_an_example(words: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        foreign_network(parse(*ENOUGH, *words))
