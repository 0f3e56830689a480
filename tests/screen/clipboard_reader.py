"""Another program that would paste: `clipboard_reader.py` says what comes into the clipboard. tests/screen starts it.

It says `ready`, then a line for each copy: `text WORDS`, or `image WIDTH HEIGHT RRGGBB` with the colour most of it has.
"""

import sys
from collections import Counter

from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QApplication

_STEP_PX = 7


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 - the test reads it


def _say_held(clipboard: QClipboard) -> None:
    held = clipboard.mimeData()
    if held.hasImage():
        image = clipboard.image()
        across, down = range(0, image.width(), _STEP_PX), range(0, image.height(), _STEP_PX)
        colours = Counter(image.pixelColor(x, y).name() for x in across for y in down)
        _say(f"image {image.width()} {image.height()} {colours.most_common(1)[0][0].lstrip('#')}")
    elif held.hasText():
        _say(f"text {held.text()}")


if __name__ == "__main__":
    app = QApplication(sys.argv)
    app.setQuitOnLastWindowClosed(False)
    board = app.clipboard()
    board.dataChanged.connect(lambda: _say_held(board))
    _say("ready")
    sys.exit(app.exec())
