"""What bloodsmear-convert says of a network of another program, with --look and --rebuild."""

import msgspec

NETWORK_NAME = "network.json"
# All that --look says, of a network that answers one number for two labels.
ONE_OUTPUT = "one output"


class ImportedNetwork(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the file itself says of its network: the input's size in pixels and how many labels it answers.

    `one_output`: it answered one number p, which was taken as 1 - p and p.
    """

    height_px: int
    width_px: int
    label_count: int
    parameters: int
    one_output: bool = False
