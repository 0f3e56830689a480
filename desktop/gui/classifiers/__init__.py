"""The classifiers of this PC: which are compared, what is known of each, adding, checking and removing."""

from desktop.gui.classifiers.controller import ClassifiersController
from desktop.gui.classifiers.door import ClassifiersDoor
from desktop.gui.classifiers.page import ClassifiersPage

__all__ = ["ClassifiersController", "ClassifiersDoor", "ClassifiersPage"]
