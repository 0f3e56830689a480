"""What to tell the reader when the training program ended without saying why."""

from desktop.gui.training_controller.training_process import ProcessEnd

_LONGEST_LAST_WORDS = 200
# Killed by the system: on Linux and macOS by signal 9, which is what it does when memory runs out.
_KILLED = -9
_SHORT_OF_MEMORY = ("MemoryError", "out of memory", "OutOfMemory", "ResourceExhausted", "std::bad_alloc")
_OTHER_VERSION = ("invalid choice", "unrecognized arguments", "the following arguments are required")


def sentence_for_end(end: ProcessEnd, kept_epochs: int) -> str:
    """What happened, in the last words of the program where it has any, and what to do."""
    last = end.last_lines[-1][:_LONGEST_LAST_WORDS].rstrip(".") if end.last_lines else ""
    everything = " ".join(end.last_lines)
    if end.code is None:
        return (
            f"The training program did not start: {last}. Install Bloodsmear again, or choose another Python "
            "that has Bloodsmear in it."
        )
    if "No module named" in last:
        return (
            f"The chosen Python cannot train: {last}. Install Bloodsmear with its extra “train” there, or go back to "
            "Bloodsmear's own program."
        )
    if any(words in everything for words in _OTHER_VERSION):
        return (
            f"The training program is of another version than this window: {last}. Install the same version of "
            "Bloodsmear there."
        )
    if end.code == _KILLED or any(words in everything for words in _SHORT_OF_MEMORY):
        reason = "The training program was ended, most likely because the memory ran out"
        return f"{reason}. Close other programs or begin with a smaller size.{_kept(kept_epochs)}"
    said = f": {last}" if last else ""
    return f"The training program ended unexpectedly (code {end.code}){said}.{_kept(kept_epochs)}"


def _kept(epochs: int) -> str:
    if epochs == 0:
        return " No epoch was finished yet, so nothing is lost but time."
    return f" {epochs} finished epoch{'s are' if epochs > 1 else ' is'} kept, and Go on starts after that."
