"""Puts a palette onto the whole program: style, font, Qt palette, style sheet."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from desktop.gui.theme.palette import DARK, LIGHT, TEXT_PX, Mode, Tokens
from desktop.gui.theme.stylesheet import build_stylesheet

_SCHEMES = {
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
    "system": Qt.ColorScheme.Unknown,
}


def resolve_mode(mode: Mode) -> Mode:
    """`light` or `dark`: for `system` what the desktop asks for now, light where it does not say."""
    if mode != "system":
        return mode
    dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return "dark" if dark else "light"


def tokens(mode: Mode) -> Tokens:
    """The palette of a mode. Needs a QGuiApplication for `system` alone."""
    return DARK if resolve_mode(mode) == "dark" else LIGHT


def apply_theme(app: QApplication, mode: Mode) -> None:
    """Give the program the look of `mode`. May be called again at any time; panels then need `set_tokens`."""
    # The window frame (Windows, macOS) follows the scheme; Unknown hands the choice back to the desktop.
    app.styleHints().setColorScheme(_SCHEMES[mode])
    chosen = tokens(mode)
    palette, sheet = _qt_palette(chosen), build_stylesheet(chosen)
    if app.styleSheet() == sheet and app.palette() == palette and app.font().pixelSize() == TEXT_PX:
        # Each time Qt asks every widget anew, a quarter of the time in which the window is made.
        return
    app.setStyle("Fusion")
    font = QFont(app.font())
    font.setPixelSize(TEXT_PX)
    app.setFont(font)
    app.setPalette(palette)
    app.setStyleSheet(sheet)


def _qt_palette(chosen: Tokens) -> QPalette:
    """For everything that no style sheet rule reaches: file dialogs, text cursors, links."""
    role = QPalette.ColorRole
    palette = QPalette()
    colours = {
        role.Window: chosen.window,
        role.WindowText: chosen.text,
        role.Base: chosen.surface,
        role.AlternateBase: chosen.surface_hover,
        role.ToolTipBase: chosen.surface,
        role.ToolTipText: chosen.text,
        role.PlaceholderText: chosen.text_muted,
        role.Text: chosen.text,
        role.Button: chosen.surface,
        role.ButtonText: chosen.text,
        role.BrightText: chosen.on_accent,
        role.Link: chosen.accent_text,
        role.LinkVisited: chosen.accent_text,
        role.Highlight: chosen.accent,
        role.HighlightedText: chosen.on_accent,
        role.Light: chosen.surface_hover,
        role.Midlight: chosen.border,
        role.Mid: chosen.control_border,
        role.Dark: chosen.control_border,
        role.Shadow: chosen.border,
    }
    for name, colour in colours.items():
        palette.setColor(name, QColor(colour))
    disabled = QPalette.ColorGroup.Disabled
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(disabled, name, QColor(chosen.text_disabled))
    return palette
