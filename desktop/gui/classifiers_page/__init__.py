"""The classifiers of this PC: which are compared, what is known of each, adding and removing."""

from desktop.gui.classifiers_page.page import ClassifiersPage

__all__ = ["ClassifiersPage"]
