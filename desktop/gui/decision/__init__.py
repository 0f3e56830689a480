"""The reader's decision for the chosen image: choices with their keys, note, sign-off. It decides nothing itself."""

from desktop.gui.decision.decision_panel import DecisionPanel
from desktop.gui.decision.decision_words import LABELS_WITH_KEY
from desktop.gui.decision.sign_off_sheet import SignOffSheet

__all__ = ["LABELS_WITH_KEY", "DecisionPanel", "SignOffSheet"]
