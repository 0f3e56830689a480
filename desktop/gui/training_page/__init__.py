"""The training page, for someone who has never opened a terminal. Importing it loads pyqtgraph: only when opened."""

from desktop.gui.training_page.page import TrainingPage

__all__ = ["TrainingPage"]
