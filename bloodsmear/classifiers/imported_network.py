"""What bloodsmear-convert says of a network of another program, with --look and --rebuild."""

from typing import Annotated

import msgspec

NETWORK_NAME = "network.json"
# All that --look says, of a network that answers one number for two labels.
ONE_OUTPUT = "one output"


class ImportedNetwork(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the file itself says of its network: the input's size in pixels and how many labels it answers.

    `one_output`: it answered one number p, which was taken as 1 - p and p.
    """

    height_px: Annotated[int, msgspec.Meta(ge=1, le=4096)]
    width_px: Annotated[int, msgspec.Meta(ge=1, le=4096)]
    label_count: Annotated[int, msgspec.Meta(ge=2, le=100)]
    parameters: Annotated[int, msgspec.Meta(ge=0, le=10**12)]
    one_output: bool = False
