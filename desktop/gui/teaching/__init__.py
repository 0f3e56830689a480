"""Teaching a classifier a laboratory's own labels from the open study's decisions, and its page."""

from desktop.gui.teaching.controller import OF_THE_AUDIT, StudyAccess, TeachingController
from desktop.gui.teaching.door import TeachingDoor

__all__ = ["OF_THE_AUDIT", "StudyAccess", "TeachingController", "TeachingDoor"]
