"""Where a command's classifiers come from; a test gives others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from bloodsmear.classifiers.folder import open_fast_classifier, open_screening_classifier
from bloodsmear.settings import Settings
from bloodsmear.workflows.classifier_set import (
    ClassifierSet,
    load_default_classifiers,
    load_named_classifiers,
)


@dataclass(frozen=True, slots=True)
class ClassifierSource:
    """`defaults(streams)` opens the user's default classifiers, `named(ids, streams)` those asked for.

    `fast(ids, streams)` opens those, or all default ones where none is named, for fast answers; ClassifierError where
    one of them has no int8 graph.
    """

    defaults: Callable[[int], ClassifierSet]
    named: Callable[[Sequence[str], int], ClassifierSet]
    fast: Callable[[Sequence[str], int], ClassifierSet]


def installed_classifiers(settings: Settings) -> ClassifierSource:
    """The classifiers on this PC."""
    ids = settings.default_classifiers

    def fast(named: Sequence[str], streams: int) -> ClassifierSet:
        return load_named_classifiers(named or ids, streams, open_fast_classifier)

    return ClassifierSource(
        partial(load_default_classifiers, ids=ids, opener=open_screening_classifier),
        partial(load_named_classifiers, opener=open_screening_classifier),
        fast,
    )
