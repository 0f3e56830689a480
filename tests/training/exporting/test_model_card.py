"""The card for people."""

from msgspec.structs import replace

from bloodsmear import RESEARCH_USE
from bloodsmear.classifiers.card import Card, FastFigures
from training.exporting.model_card import model_card


def test_it_says_what_the_classifier_is_was_trained_on_and_must_not_be_used_for(card: Card) -> None:
    text = model_card(card)
    assert text.startswith(f"# VGG16\n\n**{RESEARCH_USE}**\n")
    assert "Benign, Early Pre-B, Pre-B, Pro-B" in text
    assert "| Early Pre-B | 30 | 5 | 7 |" in text
    assert "- Trained on one laboratory's images." in text
    assert "Licence: Apache-2.0. Cite: Whom to cite." in text


def test_the_research_sentence_stands_once_and_no_other_form_of_the_word(card: Card) -> None:
    text = model_card(card)
    assert text.count(RESEARCH_USE) == 1
    assert text.casefold().count("diagnos") == 1


def test_the_accuracy_stands_beside_what_colour_alone_reaches(card: Card) -> None:
    assert (
        "Of 477 images 99.0% are answered right. Boosted trees that see the colours of the whole image and no cell "
        "answer 90.0% of the same images right. The classifier is above that by more than chance."
    ) in model_card(card)
    assert (
        "| colour alone: accuracy of trees that see no cell | 0.9000 | 0.8700 to 0.9300 | 477 |"
        in model_card(card)
    )


def test_the_two_errors_that_may_hurt_a_patient_come_first(card: Card) -> None:
    leading = tuple(
        replace(card.figures[0], name=name, value=value, low=low, high=high, images=images)
        for name, value, low, high, images in (
            ("benign_called_other", 0.0159, 0.0028, 0.0846, 63),
            ("other_called_benign", 0.0, 0.0, 0.0092, 414),
        )
    )
    text = model_card(replace(card, figures=(*leading, *card.figures)))
    first = text.index(
        "**Benign called one of the other three: 1.6%** (1 of 63 images, 95 % interval 0.3% to 8.5%)."
    )
    second = text.index("**One of the other three called Benign: 0.0%** (0 of 414 images")
    assert first < second < text.index("Boosted trees that see the colours")


def test_an_accuracy_that_colour_alone_explains_is_called_so(card: Card) -> None:
    poor = replace(card.figures[0], value=0.91, low=0.88, high=0.94)
    assert "not clearly above that" in model_card(replace(card, figures=(poor, *card.figures[1:])))
    assert "Boosted trees" not in model_card(replace(card, figures=(poor,)))
    assert "Nothing was measured." in model_card(replace(card, figures=()))


def test_what_fast_answers_change_stands_in_one_line(card: Card, offered_figures: FastFigures) -> None:
    said = next(
        line
        for line in model_card(replace(card, fast=offered_figures)).splitlines()
        if line.startswith("Fast answers (")
    )
    assert "on 477 held-out images they change 0.20% of the labels and move the probability" in said
    assert "answers 91.4% of them itself; 0.20% come to lie on the other side" in said
    assert said.endswith(f"Measured by `{offered_figures.command}`.")
    older = replace(offered_figures, int8_share=None, unlike_changed=None, golden=None)
    assert "itself" not in model_card(replace(card, fast=older))
