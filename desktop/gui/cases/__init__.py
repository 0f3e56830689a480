"""The cases of the open study: a table of all of them, and one with its figures and all of its images."""

from desktop.gui.cases.page import CasesPage

__all__ = ["CasesPage"]
