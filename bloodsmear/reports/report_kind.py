"""Which report: said in one place for the window, which loads nothing for it, and for what writes and previews."""

from typing import Literal

ReportKind = Literal["images", "cases", "html"]
