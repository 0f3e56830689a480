"""Which denoiser and how strong. Knows no library, so that the window stands before OpenCV is loaded."""

from dataclasses import dataclass
from typing import Literal

DenoiserName = Literal["gaussian", "median", "non_local_means"]
StrengthName = Literal["gentle", "medium", "reference"]


@dataclass(frozen=True, slots=True)
class DenoiseSettings:
    """A denoiser and its strength: the kernel's side in pixels (gaussian, median; odd) or h (non-local means).

    Raises ValueError for a strength that OpenCV cannot run: an even or too small kernel, h below 1.
    """

    name: DenoiserName
    strength: int

    def __post_init__(self) -> None:
        if self.name == "non_local_means":
            if self.strength < 1:
                raise ValueError(f"The strength of non_local_means must be at least 1, got {self.strength}.")
        elif self.strength < 3 or self.strength % 2 == 0:
            raise ValueError(f"The kernel of {self.name} must be odd and at least 3 px, got {self.strength}.")

    @property
    def slow(self) -> bool:
        """Whether a whole image takes seconds (non-local means) and not milliseconds."""
        return self.name == "non_local_means"

    @property
    def takes_detail(self) -> bool:
        """Whether cells lose what they are read by: red-cell outlines, platelets or chromatin (measured, see below)."""
        return self.strength > _KEEPS_DETAIL_UP_TO[self.name]


@dataclass(frozen=True, slots=True)
class DenoisedKey:
    """Which denoised picture: the decoded one's `picture` (hex digits) and how it is denoised."""

    picture: str
    settings: DenoiseSettings


# Up to these strengths every nucleus is found again, at least 98 % of outlines and platelets keep half of their
# steepness and contrast, and chromatin 90 % (docs/adr/0021; benchmarks/denoise_strengths.py). Non-local means has none.
_KEEPS_DETAIL_UP_TO: dict[DenoiserName, int] = {"gaussian": 5, "median": 5, "non_local_means": 0}

# The reference pipeline's.
DEFAULTS: dict[DenoiserName, DenoiseSettings] = {
    "gaussian": DenoiseSettings("gaussian", 5),
    "median": DenoiseSettings("median", 5),
    "non_local_means": DenoiseSettings("non_local_means", 10),
}

# How strong a reader may choose each denoiser to be: kernels are odd, so between 3 and 5 px there is nothing.
# docs/adr/0021 has the measurements (benchmarks/denoise_strengths.py).
STRENGTHS: dict[DenoiserName, dict[StrengthName, DenoiseSettings]] = {
    "gaussian": {"gentle": DenoiseSettings("gaussian", 3), "reference": DEFAULTS["gaussian"]},
    "median": {"gentle": DenoiseSettings("median", 3), "reference": DEFAULTS["median"]},
    "non_local_means": {
        "gentle": DenoiseSettings("non_local_means", 1),
        "medium": DenoiseSettings("non_local_means", 3),
        "reference": DEFAULTS["non_local_means"],
    },
}
# What a reader sees first, until they choose another.
FIRST_SHOWN = STRENGTHS["gaussian"]["gentle"]


def strength_name(settings: DenoiseSettings) -> StrengthName:
    """What this strength is called. KeyError for one that cannot be chosen."""
    names = {each: name for name, each in STRENGTHS[settings.name].items()}
    return names[settings]
