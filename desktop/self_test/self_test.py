"""Runs the steps one after the other and says of each whether it went well."""

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bloodsmear.errors import BloodsmearError
from desktop.self_test.stage import SelfTestError, Stage
from desktop.self_test.steps import STEPS, Step


def run_self_test(say: Callable[[str], None], steps: Sequence[Step] = STEPS) -> bool:
    """Try everything in a temporary home that is removed at the end; whether all went well. `say` gets a line a step.

    Later steps use what earlier ones made, so the first that fails ends it.
    """
    with tempfile.TemporaryDirectory(prefix="bloodsmear-", ignore_cleanup_errors=True) as folder:
        stage = Stage.make(Path(folder))
        for step in steps:
            began = time.monotonic()
            try:
                said = step.run(stage)
            except (SelfTestError, BloodsmearError, OSError, ValueError) as error:
                say(f"  {step.words}: FAILED. {error}")
                return False
            say(f"  {step.words}: well ({time.monotonic() - began:.1f} s{', ' if said else ''}{said})")
    return True
