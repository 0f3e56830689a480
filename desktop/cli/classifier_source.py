"""Where a command's classifiers come from; a test gives others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from bloodsmear.settings import Settings
from bloodsmear.workflows.classifier_set import (
    ClassifierSet,
    load_default_classifiers,
    load_named_classifiers,
)


@dataclass(frozen=True, slots=True)
class ClassifierSource:
    """`defaults(streams)` opens the user's default classifiers, `named(ids, streams)` those asked for."""

    defaults: Callable[[int], ClassifierSet]
    named: Callable[[Sequence[str], int], ClassifierSet]


def installed_classifiers(settings: Settings) -> ClassifierSource:
    """The classifiers on this PC."""
    return ClassifierSource(
        partial(load_default_classifiers, ids=settings.texts("default_classifiers")), load_named_classifiers
    )
