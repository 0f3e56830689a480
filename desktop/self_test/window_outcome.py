"""What the window of a self-test hands back, as a file: a frozen window has no terminal to say it on."""

import msgspec

OUTCOME_NAME = "window.json"
REPORT_NAME = "window.csv"


class WindowOutcome(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`problem` is a sentence, empty when all went well; times are seconds since the window's process was started."""

    problem: str = ""
    painted_after_s: float = 0.0
    ready_after_s: float = 0.0
    images: int = 0
    screened_in_s: float = 0.0
