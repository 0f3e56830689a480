"""The open study: what the reader asked for, carried out off the window's thread. It knows no panel."""

from desktop.gui.study.controller import LoadClassifiers, StudyController
from desktop.gui.study.images_ahead import STEPS_AHEAD
from desktop.gui.study.screening import ScreeningState
from desktop.gui.study.study_file import suggested_name

__all__ = [
    "STEPS_AHEAD",
    "LoadClassifiers",
    "ScreeningState",
    "StudyController",
    "suggested_name",
]
