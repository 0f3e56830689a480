"""MODEL_CARD.md: what a classifier is and must not be used for, for people who do not read JSON."""

from collections.abc import Iterator

from bloodsmear import RESEARCH_USE
from bloodsmear.classifiers.card import Card, Figure
from bloodsmear.classifiers.figure_words import ACCURACY, COLOUR_ALONE, figure_words, is_leading
from bloodsmear.classifiers.folder_files import FAST_ANSWERS_LINE


def model_card(card: Card) -> str:
    """The card as Markdown: what it is, what it was trained on, what was measured beside colour alone, its limits."""
    return "\n".join(
        (
            *_what_it_is(card),
            *_trained_on(card),
            *_figures(card),
            *_fast(card),
            *_over_runs(card),
            *_limits(card),
            *_how_to_use(card),
            "",
        )
    )


def _what_it_is(card: Card) -> Iterator[str]:
    recipe = card.recipe
    yield f"# {card.name}"
    yield ""
    yield f"**{RESEARCH_USE}**"
    yield ""
    labels = ", ".join(label.name for label in card.labels)
    what = "a crop of one cell" if card.answers_for == "cell" else "one image of a blood smear"
    yield (
        f"The classifier `{card.id}`, version {card.version_mark}: a network ({card.architecture}) that reads {what}, "
        f"brought to {recipe.width_px} × {recipe.height_px} px, and gives each label a "
        f"probability: {labels}. The decision is the reader's."
    )


def _trained_on(card: Card) -> Iterator[str]:
    origin = card.trained_on
    yield ""
    yield "## Trained on"
    yield ""
    yield f"{origin.data_set}. Split: {origin.split} (seed {origin.seed}). Fitted with {origin.backend}, {origin.date}."
    yield ""
    yield "| label | trained | validation | held out |"
    yield "|---|---|---|---|"
    names = {label.key: label.name for label in card.labels}
    for count in origin.counts:
        yield f"| {names[count.label]} | {count.train} | {count.validation} | {count.held_out} |"


def _figures(card: Card) -> Iterator[str]:
    yield ""
    yield "## Measured"
    yield ""
    if not card.figures:
        yield "Nothing was measured."
        return
    by_name = {figure.name: figure for figure in card.figures}
    yield from _leading(card)
    yield from _beside_colour_only(by_name.get(ACCURACY), by_name.get(COLOUR_ALONE))
    yield "| figure | value | 95 % interval | images |"
    yield "|---|---|---|---|"
    for figure in card.figures:
        interval = "" if figure.low is None else f"{figure.low:.4f} to {figure.high:.4f}"
        yield f"| {figure_words(figure.name, card.name_of)} | {figure.value:.4f} | {interval} | {figure.images} |"
    yield ""
    yield (
        f"Measured again by `{card.figures[0].command}`. Probabilities are calibrated with the temperature "
        f"{card.temperature:.4g}."
    )


def _over_runs(card: Card) -> Iterator[str]:
    """How figures differ from one capture run to the next."""
    validation = card.cross_validation
    if validation is None:
        return
    yield ""
    yield "## From run to run"
    yield ""
    yield (
        f"Each of {len(validation.runs)} capture runs was answered by a network that had not seen it, fitted "
        f"{validation.groups} times ({validation.settings}). The intervals come from drawing whole runs: images of "
        "another day differ as much."
    )
    yield ""
    yield "| figure | value | 95 % interval over runs | images |"
    yield "|---|---|---|---|"
    for figure in validation.figures:
        between = "" if figure.low is None else f"{figure.low:.4f} to {figure.high:.4f}"
        yield f"| {figure_words(figure.name, card.name_of)} | {figure.value:.4f} | {between} | {figure.images} |"


def _fast(card: Card) -> Iterator[str]:
    if card.fast is None:
        return
    fast = card.fast
    yield ""
    line = (
        f"{FAST_ANSWERS_LINE} (`bloodsmear screen --fast`, an int8 graph): on {fast.images} held-out images they "
        f"change {fast.labels_changed:.2%} of the labels and move the probability of the exact answer's label by "
        f"{fast.largest_move:.3f} at most. "
    )
    if fast.int8_share is not None and fast.unlike_changed is not None:
        line += (
            f"The int8 graph answers {fast.int8_share:.1%} of them itself; {fast.unlike_changed:.2%} come to lie on "
            "the other side of the features' threshold (`unlike_training`). "
        )
    yield f"{line}Measured by `{fast.command}`."


def _leading(card: Card) -> Iterator[str]:
    """The two errors that may hurt a patient, before all else."""
    for figure in card.figures:
        if is_leading(figure.name):
            words = figure_words(figure.name, card.name_of)
            told = f"**{words[0].upper()}{words[1:]}: {figure.value:.1%}**"
            between = "" if figure.low is None else f", 95 % interval {figure.low:.1%} to {figure.high:.1%}"
            yield f"{told} ({round(figure.value * figure.images)} of {figure.images} images{between})."
            yield ""


def _beside_colour_only(accuracy: Figure | None, baseline: Figure | None) -> Iterator[str]:
    if accuracy is None or baseline is None:
        return
    # The difference is more than chance only where the intervals do not touch.
    above = accuracy.low is not None and baseline.high is not None and accuracy.low > baseline.high
    yield (
        f"Of {accuracy.images} images {accuracy.value:.1%} are answered right. Boosted trees that see the colours "
        f"of the whole image and no cell answer {baseline.value:.1%} of the same images right. "
        + (
            "The classifier is above that by more than chance."
            if above
            else "The classifier is not clearly above that: its accuracy does not show that it looks at cells."
        )
    )
    yield ""


def _limits(card: Card) -> Iterator[str]:
    yield ""
    yield "## Limits of use"
    yield ""
    # The sentence on research stands above already; a card's limits may hold it as well.
    for limit in card.limits:
        if limit != RESEARCH_USE:
            yield f"- {limit}"
    yield ""
    yield f"Licence: {card.licence}. Cite: {card.citation}."


def _how_to_use(card: Card) -> Iterator[str]:
    yield ""
    yield "## Use"
    yield ""
    yield (
        f"`bloodsmear classifiers add` takes this folder or its zip, checks it and has the classifier answer "
        f"{len(card.golden)} synthetic images as it did when it was exported. Of the training images it holds only "
        "64-bit fingerprints, by which an evaluation refuses images that it was trained on."
    )
