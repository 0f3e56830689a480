"""Which denoiser and how strong. Knows no library, so that the window stands before OpenCV is loaded."""

from dataclasses import dataclass
from typing import Literal

DenoiserName = Literal["gaussian", "median", "non_local_means"]


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


@dataclass(frozen=True, slots=True)
class DenoisedKey:
    """Which denoised picture: the decoded one's `picture` (hex digits) and how it is denoised."""

    picture: str
    settings: DenoiseSettings


DEFAULTS: dict[DenoiserName, DenoiseSettings] = {
    "gaussian": DenoiseSettings("gaussian", 5),
    "median": DenoiseSettings("median", 5),
    "non_local_means": DenoiseSettings("non_local_means", 10),
}
