"""The main window: it wires the panels to the controller and holds no work of its own."""

from desktop.gui.main_window.window import Controllers, MainWindow

__all__ = ["Controllers", "MainWindow"]
