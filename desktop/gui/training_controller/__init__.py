"""Training in a process of its own: what the page asked for, carried out. It knows no panel."""

from desktop.gui.training_controller.controller import TrainingController, TrainingTools
from desktop.gui.training_controller.presets import PRESETS
from desktop.gui.training_controller.program_call import ProgramCall

__all__ = ["PRESETS", "ProgramCall", "TrainingController", "TrainingTools"]
