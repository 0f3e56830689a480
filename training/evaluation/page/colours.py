"""The page's colours. A chart is drawn with stand-ins that become the style's variables: one drawing, two themes."""

from bloodsmear.classifiers.labels import BENIGN, EARLY_PRE_B, PRE_B, PRO_B

# Stand-in → the name of the variable in style.py. No stand-in is black: matplotlib leaves black out of its files.
INK = "#010001"
MUTED = "#020002"
GRID = "#030003"
ACCENT = "#040004"
SURFACE = "#050005"
VARIABLES = {
    INK: "--text",
    MUTED: "--muted",
    GRID: "--border",
    ACCENT: "--accent",
    SURFACE: "--surface",
}

# Okabe and Ito (2008), the same in both themes and never the only sign: a name always stands beside it.
_LABELS = {BENIGN.key: "#009E73", EARLY_PRE_B.key: "#E69F00", PRE_B.key: "#D55E00", PRO_B.key: "#CC79A7"}
_OTHER = "#56B4E9"


def label_colour(key: str) -> str:
    """The colour of a label's key; a key that is not ours gets a neutral one."""
    return _LABELS.get(key, _OTHER)
