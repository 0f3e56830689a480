"""The few pages that open over the window: About, the keys, agreement, and the splash before it."""

from desktop.gui.dialogs.about import AboutDialog
from desktop.gui.dialogs.agreement import AgreementDialog
from desktop.gui.dialogs.competence import CompetencePage
from desktop.gui.dialogs.export import ExportDialog
from desktop.gui.dialogs.guide import GuideDialog
from desktop.gui.dialogs.image_information import InformationDialog
from desktop.gui.dialogs.key_overlay import KeyOverlay
from desktop.gui.dialogs.keys import KeyLine, KeysDialog
from desktop.gui.dialogs.references import ReferencesPage
from desktop.gui.dialogs.scale import ScaleDialog, ScaleShown
from desktop.gui.dialogs.splash import make_splash, show_splash
from desktop.gui.dialogs.study_page import StudyPage

__all__ = [
    "AboutDialog",
    "AgreementDialog",
    "CompetencePage",
    "ExportDialog",
    "GuideDialog",
    "InformationDialog",
    "KeyLine",
    "KeyOverlay",
    "KeysDialog",
    "ReferencesPage",
    "ScaleDialog",
    "ScaleShown",
    "StudyPage",
    "make_splash",
    "show_splash",
]
