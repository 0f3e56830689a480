"""The figures in the documents: what the cards of the shipped classifiers say, and nothing else."""

import msgspec
import pytest
import reached_figures

from bloodsmear.classifiers.card import Card, Figure


def without(card: Card, *parts: str) -> tuple[Figure, ...]:
    """A card's figures but for those whose name holds one of the parts."""
    return tuple(figure for figure in card.figures if not any(part in figure.name for part in parts))


@pytest.mark.parametrize("name", list(reached_figures.PLACES))
def test_the_documents_quote_the_cards_of_the_classifiers_that_ship(name: str) -> None:
    text = (reached_figures.ROOT / name).read_text("utf-8")
    rows = reached_figures.table(reached_figures.shipped_cards(), reached_figures.PLACES[name])
    assert reached_figures.with_table(text, rows) == text, "run build_scripts/reached_figures.py"


def test_a_short_table_has_the_hardest_shift_of_each_classifier() -> None:
    vgg16, unet = reached_figures.shipped_cards()
    weak = Figure(name="accuracy_blur_sigma_0.7_px", value=0.5, low=0.45, high=0.55, images=477, command="c")
    worse = tuple(weak if figure.name == weak.name else figure for figure in unet.figures)
    rows = reached_figures.table((vgg16, msgspec.structs.replace(unet, figures=worse)), "short").splitlines()
    assert "| accuracy: blur, σ 0.7 px | 97 % |" in "\n".join(rows)
    assert any(row.endswith("| 50.0 % (45.0–55.0) |") for row in rows)
    assert len(rows) < len(reached_figures.table((vgg16, unet), "whole").splitlines())


def test_a_card_that_was_measured_under_other_shifts_has_a_dash_in_their_rows() -> None:
    vgg16, unet = reached_figures.shipped_cards()
    new = Figure(name="accuracy_half_scale", value=0.5, low=0.45, high=0.55, images=477, command="c")
    cards = (
        msgspec.structs.replace(vgg16, figures=without(vgg16, "accuracy_grey", new.name)),
        msgspec.structs.replace(unet, figures=(*without(unet, new.name), new)),
    )
    for shown in ("short", "whole"):
        rows = reached_figures.table(cards, shown).splitlines()
        assert "| accuracy: half the scale | 97 % | – | 50.0 % (45.0–55.0) |" in rows
        assert any(row.startswith("| accuracy: in grey | 97 % | – |") for row in rows)


def test_the_errors_that_may_hurt_and_every_sensitivity_stand_in_the_short_table_with_their_goals() -> None:
    vgg16, _ = reached_figures.shipped_cards()
    new = tuple(
        Figure(name=name, value=0.01, low=0.0, high=0.02, images=63, command="c")
        for name in ("benign_called_other", "other_called_benign", "sensitivity_pre_b", "precision_pre_b")
    )
    card = msgspec.structs.replace(
        vgg16, figures=(*new, *without(vgg16, "benign", "sensitivity", "precision"))
    )
    rows = reached_figures.table((card,), "short").splitlines()
    assert rows[2:5] == [
        "| Benign called one of the other three | at most 2 % | 1.0 % (0.0–2.0) |",
        "| one of the other three called Benign | at most 0.5 % | 1.0 % (0.0–2.0) |",
        "| sensitivity of Pre-B | 98 % | 1.0 % (0.0–2.0) |",
    ]
    assert not any("precision" in row for row in rows)


def test_a_page_without_a_place_for_the_figures_is_refused() -> None:
    with pytest.raises(ValueError, match="no place for the figures"):
        reached_figures.with_table("# A page", "| a |")
