"""The files of a training run's folder that both the training program and the window open."""

# The settings that the run was begun with.
CONFIG_FILE = "config.json"
# The finished epochs, replaced after each: the window draws the curves of a run that goes on from them.
HISTORY_FILE = "history.json"
# The network of the best epoch so far.
BEST_WEIGHTS = "best.weights.h5"
# Which images are held out: classifiers in use are measured on the same ones.
SPLIT_FILE = "split.json"
# The page about the finished classifier. It is written last: where it is, the export is done.
PAGE_FILE = "evaluation.html"
