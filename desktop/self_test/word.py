"""The word by which this program is started as the window of a self-test; the command line does not show it."""

WORD = "self-test-window"
