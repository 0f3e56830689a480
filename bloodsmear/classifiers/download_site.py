"""Where a file is downloaded from, as data: so that it can be named without loading what opens connections."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DriveSite:
    """Google Drive; a test gives its own. `hosts`: where it may lead to, with all below them."""

    name: str = "Google Drive"
    address: str = "https://drive.google.com"
    hosts: tuple[str, ...] = ("google.com", "googleusercontent.com")


GOOGLE_DRIVE = DriveSite()
