"""Neither TensorFlow nor Keras, in the program's own process, after real classifiers have read an image."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# The command line in this process, and then what it left loaded.
SCREEN = """
import sys
from desktop.cli.program import main
code = main(["screen", sys.argv[1], "-o", sys.argv[2], "--quiet"])
print(code, [name for name in ("tensorflow", "keras") if name in sys.modules])
"""


def run(*words: object) -> str:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, *(str(word) for word in words)]
    outcome = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert outcome.returncode == 0, outcome.stderr
    return outcome.stdout


def test_the_window_reads_an_image_without_tensorflow_or_keras(
    tiny_classifiers: Path, smear_folder: Path, tmp_path: Path
) -> None:
    run(ROOT / "benchmarks" / "watched_window.py", tmp_path / "figures.json", smear_folder)
    figures = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert figures["refused"] == []
    assert {"window", "image", "classifiers", "answers"} <= set(figures["seen"])
    assert figures["loaded"] == []


def test_the_command_line_screens_without_tensorflow_or_keras(
    tiny_classifiers: Path, smear_folder: Path, tmp_path: Path
) -> None:
    # 1: the folder holds one image that cannot be read.
    assert run("-c", SCREEN, smear_folder, tmp_path / "report.csv").split(maxsplit=1) == ["1", "[]\n"]
