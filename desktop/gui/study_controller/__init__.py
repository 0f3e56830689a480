"""The open study: what the reader asked for, carried out off the window's thread. It knows no panel."""

from desktop.gui.study_controller.controller import LoadClassifiers, StudyController
from desktop.gui.study_controller.images_ahead import STEPS_AHEAD
from desktop.gui.study_controller.report_writing import suggested_name
from desktop.gui.study_controller.study_screening import ScreeningState

__all__ = [
    "STEPS_AHEAD",
    "LoadClassifiers",
    "ScreeningState",
    "StudyController",
    "suggested_name",
]
