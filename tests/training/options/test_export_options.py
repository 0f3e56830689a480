"""The words of `bloodsmear-train export`."""

import argparse
from pathlib import Path

import pytest

from bloodsmear.errors import UsageError
from training.options.export_options import ExportOptions, add_export, export_options_of

PLAIN = ("export", "run", "--data", "smears", "-o", "tiny")


def parsed(*words: str) -> ExportOptions:
    parser = argparse.ArgumentParser()
    add_export(parser.add_subparsers())
    return export_options_of(parser.parse_args([*PLAIN, *words]))


def test_no_file_of_words_is_needed_and_a_graph_goes_along() -> None:
    options = parsed()
    assert (options.run, options.data, options.target) == (Path("run"), Path("smears"), Path("tiny"))
    assert options.words is None
    assert options.with_graph
    assert not options.install


def test_every_word_is_understood() -> None:
    words = ("--id", "tiny", "--name", "Our own", "--zip", "t.zip", "--no-graph", "--install", "--replace")
    options = parsed(*words)
    assert (options.classifier_id, options.name, options.archive) == ("tiny", "Our own", Path("t.zip"))
    assert (options.with_graph, options.install, options.replace_other) == (False, True, True)


def test_words_that_say_two_things_are_refused() -> None:
    with pytest.raises(UsageError, match="Give either --words FILE, or --id and --name"):
        parsed("--words", "words.toml", "--name", "Our own")
    with pytest.raises(UsageError, match="--replace says what --install may replace"):
        parsed("--replace")
