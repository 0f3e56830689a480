"""The program's application object, in a process of its own: there is one in each."""

import subprocess
import sys
from pathlib import Path

SEND = """
import sys
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFileOpenEvent
from desktop.gui.app import Application
app = Application(["bloodsmear"])
app.asked_to_open.connect(lambda path: print(path))
app.sendEvent(app, QFileOpenEvent(QUrl.fromLocalFile(sys.argv[1])))
app.sendEvent(app, QFileOpenEvent(QUrl("https://example.invalid/a.bloodsmear")))
"""


def test_what_the_finder_asks_to_open_is_heard(tmp_path: Path) -> None:
    study = tmp_path / "Nächte" / "one.bloodsmear"
    outcome = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", SEND, str(study)],
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert outcome.stdout.splitlines() == [str(study)]
