"""How thoroughly the window offers to train. Every other knob is set by the training program's own preset."""

from desktop.gui.training_state import Preset

PRESETS: tuple[Preset, ...] = (
    Preset(
        "quick",
        "Quick look",
        "64 × 64 px, at most 8 epochs: shows whether it learns.",
        64,
        8,
        32,
    ),
    Preset(
        "standard", "Standard", "96 × 96 px, at most 30 epochs: as the classifiers that ship.", 96, 30, 32
    ),
    Preset(
        "thorough",
        "Thorough",
        "150 × 150 px, at most 40 epochs: finest, and slow without a GPU.",
        150,
        40,
        32,
    ),
    Preset(
        "published",
        "As published",
        "150 × 150 px, 10 epochs, changed at random as for the published classifiers: to compare with them.",
        150,
        10,
        10,
        "reference",
    ),
)
