"""What a label means here."""

# Where its name alone would mislead.
_MEANINGS = {"benign": "Benign here: hematogones, no blasts. It does not mean healthy."}


def label_meaning(key: str) -> str:
    """The sentence for a label's tooltip; empty where the name says enough."""
    return _MEANINGS.get(key, "")
