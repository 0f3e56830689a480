"""The open study: what the reader asked for, carried out off the window's thread. It knows no panel."""

from desktop.gui.study_controller.controller import LoadClassifiers, StudyController
from desktop.gui.study_controller.screening_run import ScreeningState
from desktop.gui.study_controller.study_file import suggested_name

__all__ = ["LoadClassifiers", "ScreeningState", "StudyController", "suggested_name"]
