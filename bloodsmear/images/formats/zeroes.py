"""Stretches of zeroes in compressed data: what a lost sector or an interrupted copy leaves."""

# 512 bits. Encoders write what repeats as a short code, so that chance is no explanation.
_STRETCH = bytes(64)


def has_zeroes(compressed: bytes | memoryview) -> bool:
    """Whether compressed data holds zeroes where no encoder writes them."""
    return _STRETCH in bytes(compressed)
