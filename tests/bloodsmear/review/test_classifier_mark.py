"""How a classifier's version is told to a reader."""

from bloodsmear.review.records import ClassifierMark


def test_fast_answers_are_told_with_the_version() -> None:
    exact = ClassifierMark("vgg16", "VGG16", "1.2+3d704324", "0" * 64, ("benign",))
    fast = ClassifierMark("vgg16", "VGG16", "1.2+3d704324-int8", "1" * 64, ("benign",))
    assert (exact.version_words, fast.version_words) == ("1.2", "1.2, fast answers")
