"""The checks of tests/leak_checks.py do fail a test that leaves something behind."""

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

LEAKS = {
    "threads left running: straggler": """
        import threading, time
        def test_it():
            threading.Thread(target=time.sleep, args=(6,), name="straggler", daemon=True).start()
        """,
    "windows left behind: QWidget forgotten": """
        from PySide6.QtWidgets import QWidget
        kept = []
        def test_it(qtbot):
            kept.append(QWidget(objectName="forgotten"))
        """,
    "timers left running: QTimer ticking": """
        from PySide6.QtCore import QTimer
        kept = []
        def test_it(qtbot):
            kept.append(QTimer(objectName="ticking"))
            kept[0].start(1000)
        """,
}


@pytest.mark.parametrize("sentence", LEAKS)
def test_a_test_that_leaves_something_behind_fails(sentence: str, pytester: pytest.Pytester) -> None:
    checks = (Path(__file__).parents[1] / "leak_checks.py").read_text(encoding="utf-8")
    patient, short = "LEAK_GRACE_S = 3.0", "LEAK_GRACE_S = 0.1"
    assert patient in checks
    pytester.makeconftest(checks.replace(patient, short))
    pytester.makepyfile(LEAKS[sentence])
    outcome = pytester.runpytest_subprocess("-q")
    outcome.assert_outcomes(passed=1, errors=1)
    outcome.stdout.fnmatch_lines([f"*{sentence}*"])


def test_a_test_that_tidies_up_passes(pytester: pytest.Pytester) -> None:
    checks = Path(__file__).parents[1] / "leak_checks.py"
    pytester.makeconftest(checks.read_text(encoding="utf-8"))
    pytester.makepyfile(
        """
        import threading
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QWidget
        def test_it(qtbot):
            thread = threading.Thread(target=int)
            thread.start()
            widget = QWidget()
            qtbot.addWidget(widget)
            timer = QTimer(widget)
            timer.start(1000)
        """
    )
    pytester.runpytest_subprocess("-q").assert_outcomes(passed=1)
