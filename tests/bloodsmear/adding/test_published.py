"""The classifiers that the reference project published."""

import pytest

from bloodsmear.adding.published import published_network
from bloodsmear.errors import UsageError


def test_an_unknown_published_classifier_is_named_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match="'resnet'; there are: vgg16-published, unet-published"):
        published_network("resnet")
