"""Training in a process of its own, and its page. The page, which loads pyqtgraph, comes when it is first opened."""

from desktop.gui.training.commands import ProgramCall
from desktop.gui.training.controller import TrainingController, TrainingTools
from desktop.gui.training.door import TrainingDoor
from desktop.gui.training.state import PRESETS

__all__ = ["PRESETS", "ProgramCall", "TrainingController", "TrainingDoor", "TrainingTools"]
