"""Text that came from outside, with everything in it to be seen: nothing moves a cursor or turns a line around."""

import re

# Control characters (an escape sequence repaints a terminal), line and paragraph separators, what turns the direction
# of writing (`gpj.exe` shown as `exe.jpg`), what takes no room, and bytes of a name that are not Unicode. The two
# joiners (U+200C and U+200D) stay: Persian words and emoji are written with them.
_UNSEEN = (
    "\\x00-\\x1f\\x7f-\\x9f\\xad\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb"
    "\\ufffe\\uffff\\ud800-\\udfff\\U000e0000-\\U000e007f"
)
_ANY = re.compile(f"[{_UNSEEN}]")
_BUT_BREAKS = re.compile(f"(?![\n\t])[{_UNSEEN}]")


def visible(text: str, breaks: bool = False) -> str:
    """The text with such characters written out, as `\\u202e`; with `breaks` line ends and tabs stay as they are."""
    return (_BUT_BREAKS if breaks else _ANY).sub(_written_out, text)


def _written_out(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape", "surrogatepass").decode("ascii")
