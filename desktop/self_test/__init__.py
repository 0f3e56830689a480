"""The self-test: the whole program runs once over the demo images, in a home of its own and without a network."""
