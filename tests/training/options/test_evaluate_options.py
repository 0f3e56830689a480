"""The words of `bloodsmear-train evaluate`."""

import argparse
from pathlib import Path

import pytest

from bloodsmear.errors import UsageError
from training.options.evaluate_options import EvaluateOptions, add_evaluate, evaluate_options_of


def options_of(*words: str) -> EvaluateOptions:
    parser = argparse.ArgumentParser()
    add_evaluate(parser.add_subparsers(dest="command"))
    return evaluate_options_of(parser.parse_args(["evaluate", *words]))


def test_classifier_and_folder_are_enough() -> None:
    assert options_of("unet", "--data", "smears") == EvaluateOptions(Path("unet"), Path("smears"))


def test_every_word_is_heard() -> None:
    options = options_of(
        "unet",
        "--data",
        "smears",
        "--split",
        "split.json",
        "--run",
        "run",
        "-o",
        "out",
        "--label",
        "Old=ignore",
    )
    assert (options.split, options.run, options.target) == (Path("split.json"), Path("run"), Path("out"))
    assert options.label_words == ("Old=ignore",)


def test_all_images_and_a_split_contradict_each_other() -> None:
    with pytest.raises(UsageError, match="Give one of them"):
        options_of("unet", "--data", "smears", "--all", "--split", "split.json")


def test_several_classifiers_are_asked_together() -> None:
    options = options_of("vgg16", "unet", "--data", "smears", "--all")
    assert options.classifiers == (Path("vgg16"), Path("unet"))
    with pytest.raises(UsageError, match="--run names the fit of one classifier"):
        options_of("vgg16", "unet", "--data", "smears", "--run", "run")
