"""The self-test: the whole program runs once over the demo images, in a home of its own and without a network."""

# By this word the program is started as the window of a self-test; the command line does not show it.
WORD = "self-test-window"
