"""Whatever two readers do, in any order: the chain is whole and what was replayed step by step is right."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bloodsmear.errors import ReviewError
from bloodsmear.review.records import ClassifierMark, ImageRecord
from bloodsmear.review.replay import Replay
from bloodsmear.storage.study_store import StudyHead, StudyStore
from bloodsmear.workflows.reviewing import Reviewing

# The same examples on every run and no time limit: a slow machine must not fail a test.
MARK = ClassifierMark("vgg16", "VGG16", "1.0+1a", "1a" * 32, ("benign", "pre_b"))
IMAGES = [(f"case {case}/{number}.png", f"case {case}") for case in (1, 2) for number in (1, 2, 3)]
TORN = "case 2/3.png"


def everything(replay: Replay) -> list[object]:
    """All that a replay says of these images, cases and readers."""
    told: list[object] = [replay.readers]
    for reader in ("Ada", "Grace"):
        told += [replay.last_act(reader), replay.study_sign_off(reader)]
        told.append(replay.reads_for_consensus(reader))
        told += [replay.case_sign_off(reader, case) for case in ("case 1", "case 2")]
        for image, _ in IMAGES:
            told += [replay.decision(reader, image), replay.note(reader, image)]
            told.append(replay.is_acknowledged(reader, image, ""))
            told.append(replay.settled(image))
            told.append(replay.has_seen_others(reader, image))
    return told


def carry_out(reviewing: Reviewing, step: tuple[str, int, str]) -> None:
    """One step of a reader, which may be refused."""
    what, number, value = step
    image, case = IMAGES[number]
    acts: dict[str, Callable[[], object]] = {
        "decide": lambda: reviewing.decide([image], value),
        "decide all": lambda: reviewing.decide([name for name, _ in IMAGES if name != TORN], value),
        "note": lambda: reviewing.note(image, value),
        "acknowledge": lambda: reviewing.acknowledge([TORN]),
        "undo": reviewing.undo,
        "sign case": lambda: reviewing.sign_off_case(case),
        "sign study": reviewing.sign_off_study,
        "reopen case": lambda: reviewing.reopen_case(case, "why"),
        "reopen study": lambda: reviewing.reopen_study("why"),
        "consensus": lambda: reviewing.read_for_consensus(on=number % 2 == 0),
        "settle": lambda: reviewing.settle(image, value),
    }
    with suppress(ReviewError):
        acts[what]()


STEPS_KNOWN = (
    *("decide", "decide all", "note", "acknowledge", "undo"),
    *("sign case", "sign study", "reopen case", "reopen study"),
    *("consensus", "settle"),
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["Ada", "Ada", "Grace"]),
        st.tuples(
            st.sampled_from(STEPS_KNOWN),
            st.integers(0, 5),
            st.sampled_from(["benign", "pre_b", "not_evaluable"]),
        ),
    ),
    max_size=25,
)


@settings(max_examples=25)
@given(STEPS)
def test_whatever_readers_do_the_chain_is_whole_and_a_fresh_replay_says_the_same(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, tuple[str, int, str]]]
) -> None:
    folder = tmp_path_factory.mktemp("review")
    with StudyStore.open_or_create(folder / "s", StudyHead(folder, (folder,), (MARK,))) as store:
        store.list_images(IMAGES)
        store.put(ImageRecord(TORN, "case 2", "unreadable", error="cut", sha256="ee" * 32))
        readers = {name: Reviewing(store, name) for name in ("Ada", "Grace")}
        for name, step in steps:
            carry_out(readers[name], step)

        fresh = everything(Replay(store.events.read()))
        for reviewing in readers.values():
            reviewing.refresh()
            assert everything(reviewing.replay) == fresh
        assert store.events.check().whole
