"""The classifiers of this PC: listed, added, checked, removed. It knows no panel."""

from desktop.gui.classifiers_controller.controller import ClassifiersController

__all__ = ["ClassifiersController"]
