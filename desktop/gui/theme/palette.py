"""The two palettes as tables of tokens. Every colour of the window is named here and nowhere else."""

from dataclasses import dataclass
from typing import Literal

Mode = Literal["light", "dark", "system"]

GRID_PX = 4
CORNER_PX = 6
TEXT_PX = 13
SMALL_TEXT_PX = 11
# A count that is read from where the microscope stands.
COUNT_PX = 28


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours as `#RRGGBB`. Text colours reach 4.5 : 1 on the surfaces named beside them (tests measure it)."""

    name: Literal["light", "dark"]
    window: str  # behind the panels
    surface: str  # panels, cards, fields
    surface_hover: str
    surface_pressed: str
    border: str  # lines between areas, carries no meaning
    control_border: str  # edges of buttons and fields
    text: str  # on window, surface, selected
    text_muted: str  # on window, surface, selected
    text_disabled: str
    accent: str  # filled buttons, focus rings, progress
    accent_hover: str
    accent_pressed: str
    on_accent: str  # text on accent
    accent_text: str  # accent as text on surface and on selected
    selected: str  # selected row, chosen segment
    track: str  # the empty part of a bar
    notice: str  # the amber box
    notice_border: str
    notice_text: str  # on notice
    warning_text: str  # flags, on surface and on selected
    view: str  # behind the pictures, the same in both themes
    view_text: str
    chip: str  # captions over the pictures


# The views are the same in both themes: a picture must not look different at night.
VIEW = "#20242C"
# Around cells: no stain is green, and it shows on glass and on nuclei.
OUTLINE = "#00A651"
# Of a reader's own marks, and of another reader's, in a dark edge: no stain is yellow or cyan.
MARK, OTHERS_MARK = "#FFD84D", "#63E0F0"
_VIEW_TEXT = "#E8EBF0"
_CHIP = "#14171C"

LIGHT = Tokens(
    name="light",
    window="#F4F5F7",
    surface="#FFFFFF",
    surface_hover="#F0F2F5",
    surface_pressed="#E3E6EB",
    border="#DFE2E8",
    control_border="#D5D9E0",
    text="#1C2330",
    text_muted="#566072",
    text_disabled="#8A93A3",
    accent="#0B5CAD",
    accent_hover="#0A5199",
    accent_pressed="#084581",
    on_accent="#FFFFFF",
    accent_text="#0B5CAD",
    selected="#E6F0FA",
    track="#EEF0F4",
    notice="#FFF6E5",
    notice_border="#F0C36D",
    notice_text="#7A4A00",
    warning_text="#8F5200",
    view=VIEW,
    view_text=_VIEW_TEXT,
    chip=_CHIP,
)

DARK = Tokens(
    name="dark",
    window="#14171C",
    surface="#1B1F26",
    surface_hover="#262B34",
    surface_pressed="#303641",
    border="#2E343E",
    control_border="#414957",
    text="#E8EBF0",
    text_muted="#A3ACBA",
    text_disabled="#6C7584",
    accent="#0B5CAD",
    accent_hover="#1268BD",
    accent_pressed="#094E93",
    on_accent="#FFFFFF",
    accent_text="#7DB8F2",
    selected="#1D3146",
    track="#2E343E",
    notice="#33290F",
    notice_border="#7A5B14",
    notice_text="#F5CF85",
    warning_text="#EDB458",
    view=VIEW,
    view_text=_VIEW_TEXT,
    chip=_CHIP,
)
