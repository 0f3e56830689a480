"""What `bloodsmear classifiers add FILE.h5|FILE.keras` has to be told, because such a file can't tell it."""

import argparse
from pathlib import Path
from typing import get_args

from bloodsmear.adding.importing import ForeignNetwork, Preparation
from bloodsmear.adding.typed_words import read_number, read_size
from bloodsmear.classifiers.recipe import ChannelOrder, ResizeMethod
from bloodsmear.errors import UsageError
from desktop.cli.label_check import add_check_on


def add_words(add: argparse.ArgumentParser) -> None:
    """Add the options to the parser of `add`."""
    words = add.add_argument_group(
        "a network of another program (.h5, .keras)",
        "The labels' order is the network's own: Keras' flow_from_directory sorts folders by name, capitals first, "
        "so the published models answer benign,pre_b,pro_b,early_pre_b. A wrong order names the labels wrongly.",
    )
    words.add_argument("--id", metavar="ID", help="the classifier's id: small letters, digits, _ and -")
    words.add_argument("--name", metavar="N", help="its name for people (default: the id)")
    words.add_argument(
        "--labels",
        metavar="A,B,...",
        help="the labels in the order of its outputs; of one with a single output that of 0, then that of 1",
    )
    words.add_argument("--size", metavar="WxH", help="the input's size (default: what the file says)")
    words.add_argument(
        "--resize", choices=get_args(ResizeMethod), help="how an image is brought to that size"
    )
    words.add_argument("--scale", metavar="X", help="what a grey level is multiplied by, as 1/255")
    words.add_argument("--offset", metavar="X", default="0", help="what is added then (default: 0)")
    words.add_argument("--channels", choices=get_args(ChannelOrder), default="rgb", help="default: rgb")
    add_check_on(words, "it is not added and the better order is said")


def foreign_network(parsed: argparse.Namespace) -> ForeignNetwork:
    """The network as it was described. UsageError names what is missing or wrong."""
    needed = {
        "--id": parsed.id,
        "--labels": parsed.labels,
        "--resize": parsed.resize,
        "--scale": parsed.scale,
    }
    missing = [word for word, value in needed.items() if not value]
    if missing:
        raise UsageError(
            f"{parsed.source} doesn't say {', '.join(word.removeprefix('--') for word in missing)}. "
            f"Give {', '.join(missing)}; `bloodsmear classifiers add --help` explains them."
        )
    labels = tuple(label.strip() for label in parsed.labels.split(","))
    preparation = Preparation(
        resize=parsed.resize,
        scale=read_number("--scale", parsed.scale),
        offset=read_number("--offset", parsed.offset),
        channels=parsed.channels,
        size_px=read_size("--size", parsed.size) if parsed.size else None,
    )
    return ForeignNetwork(Path(parsed.source), parsed.id, parsed.name or parsed.id, labels, preparation)
