"""The two classifiers that the reference project published: where their files lie and how they are used.

The files say neither the order of their labels nor how an image is prepared; both stand here. Bloodsmear ships neither
of them, because nobody said under which licence they may be handed on.
"""

from dataclasses import dataclass
from pathlib import Path

from bloodsmear.adding.importing import ForeignNetwork, Preparation
from bloodsmear.classifiers.labels import PUBLISHED_LABELS
from bloodsmear.errors import UsageError

PUBLISHED_PREPARATION = Preparation(resize="nearest", scale=1 / 255, size_px=(150, 150))
_PUBLIC_PAGE = "https://drive.google.com/file/d/{}/view"


@dataclass(frozen=True, slots=True)
class PublishedNetwork:
    """A published Keras file: the id that it gets here, its number at Google Drive, its size in words."""

    id: str
    name: str
    file_id: str
    size_words: str

    @property
    def page(self) -> str:
        """The address for a browser."""
        return _PUBLIC_PAGE.format(self.file_id)

    def foreign(self, file: Path) -> ForeignNetwork:
        """The file with what it cannot tell of itself, for the importer."""
        return ForeignNetwork(file, self.id, self.name, PUBLISHED_LABELS, PUBLISHED_PREPARATION)


PUBLISHED: tuple[PublishedNetwork, ...] = (
    PublishedNetwork(
        "vgg16-published", "VGG16 (published)", "1M_LOnfmtpUea19SHwP7-ZXGhqR-TBWC_", "about 70 MB"
    ),
    PublishedNetwork(
        "unet-published", "U-Net (published)", "1C-Tkhh5gckzeAVf-CvmC86DmY4fSuJwf", "8 to 25 MB"
    ),
)


def published_network(network_id: str) -> PublishedNetwork:
    """The published network with this id. UsageError names those that there are."""
    for network in PUBLISHED:
        if network.id == network_id:
            return network
    raise UsageError(
        f"There is no published classifier {network_id!r}; there are: {', '.join(one.id for one in PUBLISHED)}."
    )


def terms_of(network: PublishedNetwork) -> tuple[str, ...]:
    """What a user agrees to before anything is downloaded: what, from where, how large, whose."""
    return (
        f"{network.name}: the Keras file of the reference project, {network.size_words}, "
        f"from Google Drive ({network.page}).",
        "Its licence is not known: ask its makers before you use it for more than a comparison.",
        "Google learns the network address of this PC; nothing else is sent, no image and no name.",
        "It is looked at as data and rebuilt; nothing that it may hold is run.",
    )


def by_hand_sentence() -> str:
    """How both files come to a PC without internet."""
    pages = " and ".join(network.page for network in PUBLISHED)
    labels = ",".join(PUBLISHED_LABELS)
    return (
        f"By hand: on a PC with internet open {pages}, copy these two files onto a stick, then add each one here: "
        f"bloodsmear classifiers add FILE.h5 --id ID --labels {labels} --size 150x150 --resize nearest --scale 1/255 "
        f"(ID: {' or '.join(network.id for network in PUBLISHED)})."
    )
