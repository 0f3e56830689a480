"""The time that a job still takes, from its recent pace."""

from desktop.gui.study.screening import TimeLeft


def test_nothing_is_said_before_the_pace_is_known() -> None:
    pace = TimeLeft()
    assert pace.update(0.0, 1, 100) is None
    assert pace.update(0.5, 2, 100) is None
    assert pace.update(5.0, 2, None) is None


def test_a_steady_pace_gives_the_exact_time() -> None:
    pace = TimeLeft()
    left = [pace.update(float(second), second, 100) for second in range(11)]
    assert left[10] == 90.0


def test_images_kept_from_an_earlier_run_soon_count_no_more() -> None:
    pace = TimeLeft()
    pace.update(0.0, 0, 2000)
    pace.update(1.0, 1000, 2000)
    for second in range(2, 60):
        left = pace.update(float(second), 1000 + second, 2000)
    assert left == 2000 - 1059
