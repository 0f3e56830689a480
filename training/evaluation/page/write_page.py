"""The page as a file."""

import os
from pathlib import Path

from bloodsmear import atomic_file, paths
from bloodsmear.jobs.training_files import PAGE_FILE
from training.evaluation.evaluation import Evaluation
from training.evaluation.page.page_words import PageWords


def write_page(folder: Path, evaluation: Evaluation, words: PageWords) -> Path:
    """Write the page into the folder, which stays on this PC: it shows images and their names. Raises OSError."""
    # matplotlib takes seconds to load, and keeps a list of the PC's fonts: in our cache, not in a folder of its own.
    os.environ.setdefault("MPLCONFIGDIR", str(paths.cache() / "matplotlib"))
    from training.evaluation.page.page import build_page

    file = folder / PAGE_FILE
    atomic_file.write(file, build_page(evaluation, words).encode())
    return file
