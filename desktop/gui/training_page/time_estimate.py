"""How long a training may take, before anything was measured on this PC."""

from desktop.gui.training_state import Preset

# Seconds of one core for fitting one image of 150 × 150 px. Measured: 840 core seconds for an epoch of the U-Net with
# 1,652 images of 96 × 96 px. VGG16 by its share in the answering times of design.md section 3 (66 to 91 ms).
_CORE_SECONDS = {"unet": 1.25, "vgg16": 0.9}
_MEASURED_PX = 150 * 150
# Of each label's images; the rest is validation, held out, and the gaps between.
_TRAINED_SHARE = 0.65
# More cores than these share the memory's speed and bring little.
_USEFUL_CORES = 8
_DAY_S = 86_400


def estimate_seconds(images: int, architecture: str, preset: Preset, cores: int) -> float:
    """Roughly how long all epochs take on the processor. An early stop makes it shorter, a GPU ten times and more."""
    share = preset.side_px**2 / _MEASURED_PX
    an_image = _CORE_SECONDS.get(architecture, max(_CORE_SECONDS.values())) * share
    return images * _TRAINED_SHARE * preset.epochs * an_image / min(max(cores, 1), _USEFUL_CORES)


def rough_time_words(seconds: float) -> str:
    """A time as coarse as an estimate is: `about 20 minutes`, `about 3 hours`."""
    if seconds < 120:
        return "a few minutes at most"
    if seconds < 5400:
        minutes = round(seconds / 600) * 10 if seconds >= 900 else round(seconds / 60)
        return f"about {minutes} minutes"
    if seconds < 2 * _DAY_S:
        return f"about {round(seconds / 3600)} hours"
    return f"about {round(seconds / _DAY_S)} days"
