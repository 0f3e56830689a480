"""The look: colours, style sheet, icons and the few controls that several panels share. It knows no panel."""

from desktop.gui.theme.application import apply_theme, resolve_mode, tokens
from desktop.gui.theme.palette import DARK, LIGHT, Mode, Tokens

__all__ = ["DARK", "LIGHT", "Mode", "Tokens", "apply_theme", "resolve_mode", "tokens"]
