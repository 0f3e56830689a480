"""Adding an exported classifier to the user's own, and removing it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from bloodsmear import paths
from bloodsmear.adding.archive import pack_classifier
from bloodsmear.adding.installing import add_classifier, put_in_place, remove_classifier
from bloodsmear.classifiers.card import Card, CardFile, FastFigures
from bloodsmear.classifiers.card_file import read_card, write_card
from bloodsmear.classifiers.folder import open_classifier
from bloodsmear.classifiers.graph_cache import GraphCache
from bloodsmear.classifiers.openvino_engine import Graph
from bloodsmear.errors import BloodsmearError, CardError, ClassifierError, UsageError

if TYPE_CHECKING:
    from tests.bloodsmear.conftest import FolderMaker


@pytest.fixture(autouse=True)
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of shipped classifiers, empty at first."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    monkeypatch.setattr(paths, "shipped_classifiers", lambda: folder)
    return folder


@pytest.fixture
def exported(folder_maker: FolderMaker) -> Path:
    """A classifier's folder, as an export leaves it."""
    folder = folder_maker.make("vgg")
    (folder / "evaluation.json").write_bytes(b"{}")
    (folder / "MODEL_CARD.md").write_bytes(b"# Tiny")
    return folder


def change_card(folder: Path, **fields: object) -> None:
    write_card(folder, msgspec.structs.replace(read_card(folder), **fields))


def with_graph(folder: Path, graph: Graph) -> None:
    """Put a graph into the folder and into its card, with the sha256 that it has."""
    (folder / "graph.xml").write_bytes(graph.xml)
    (folder / "graph.bin").write_bytes(graph.weights)
    sizes = (len(graph.xml), len(graph.weights))
    listed = [
        CardFile(name=name, sha256=sha256, bytes=size)
        for name, sha256, size in zip(("graph.xml", "graph.bin"), graph.file_sha256s, sizes, strict=True)
    ]
    change_card(folder, files=(*read_card(folder).files, *listed))


def nothing_was_added() -> bool:
    return not paths.user_classifiers().exists() or list(paths.user_classifiers().iterdir()) == []


def test_a_classifier_from_a_zip_answers_as_it_did_where_it_was_made(
    exported: Path, tmp_path: Path, warm_cache: GraphCache
) -> None:
    pack_classifier(exported, tmp_path / "carried.zip")
    card = read_card(exported)
    shutil.rmtree(exported)

    added = add_classifier(tmp_path / "carried.zip", cache=warm_cache)

    assert (added.card, added.folder) == (card, paths.user_classifiers() / "tiny")
    assert (added.replaced, added.graph_made_here) == (None, False)
    assert open_classifier(added.folder, cache=warm_cache).card == card
    names = {path.name for path in added.folder.iterdir()}
    assert names == {"model.keras", "card.json", "evaluation.json", "MODEL_CARD.md"}
    assert [path.name for path in paths.user_classifiers().iterdir()] == ["tiny"], "nothing is left behind"


def test_a_folder_of_another_name_is_added_under_its_cards_id(exported: Path, warm_cache: GraphCache) -> None:
    other = exported.rename(exported.with_name("copy of tiny"))
    assert add_classifier(other, cache=warm_cache).folder.name == "tiny"
    assert (other / "model.keras").is_file()


def test_a_graph_that_this_pc_makes_of_the_model_too_is_kept(exported: Path, warm_cache: GraphCache) -> None:
    with_graph(exported, warm_cache.graph_of(exported, read_card(exported)))
    added = add_classifier(exported, cache=warm_cache)
    assert not added.graph_made_here
    assert (added.folder / "graph.bin").is_file()
    assert {file.name for file in added.card.files} == {"model.keras", "graph.xml", "graph.bin"}


def test_a_graph_that_answers_the_golden_test_but_is_not_a_graph_of_the_model_is_left_out(
    exported: Path, warm_cache: GraphCache
) -> None:
    own = warm_cache.graph_of(exported, read_card(exported))
    with_graph(
        exported, Graph(own.xml.replace(b"</net>", b"<!-- another network --></net>"), own.weights, "")
    )
    open_classifier(exported, cache=warm_cache)  # its own card has nothing against it

    added = add_classifier(exported, cache=warm_cache)

    assert added.graph_made_here
    assert not (added.folder / "graph.xml").exists()
    assert [file.name for file in added.card.files] == ["model.keras"]


def test_an_int8_graph_and_graphs_that_the_card_does_not_list_are_left_out(
    exported: Path, warm_cache: GraphCache, offered_figures: FastFigures
) -> None:
    for name in ("graph.xml", "graph.bin", "graph_int8.xml", "graph_int8.bin"):
        (exported / name).write_bytes(b"anything")
    change_card(
        exported,
        fast=offered_figures,
    )
    (exported / "MODEL_CARD.md").write_text(
        "# Tiny\n\nFast answers (…): on 10 images 0 %.\n\n## Limits\n", "utf-8"
    )
    added = add_classifier(exported, cache=warm_cache)
    assert not list(added.folder.glob("graph*"))
    assert added.card.fast is None
    assert added.int8_left_out
    text = (added.folder / "MODEL_CARD.md").read_text("utf-8")
    assert text.startswith("# Tiny\n\nIt has no fast answers here: ")
    assert text.endswith("is added.\n\n## Limits\n")


def wrong_golden(card: Card) -> dict[str, object]:
    case = card.golden[0]
    return {"golden": (msgspec.structs.replace(case, probabilities=case.probabilities[::-1]),)}


@pytest.mark.parametrize("what", ["altered", "golden", "field", "id", "listed", "card", "model"])
def test_what_is_not_a_whole_classifier_is_refused_by_a_sentence_that_names_what_was_given(
    what: str, exported: Path, tmp_path: Path, warm_cache: GraphCache
) -> None:
    sentence = _spoil(what, exported)
    carried = tmp_path / "carried.zip"
    pack_classifier(exported, carried)
    for source in (carried, exported):
        with pytest.raises(BloodsmearError, match=sentence) as refused:
            add_classifier(source, cache=warm_cache)
        assert str(source) in str(refused.value) or what in ("golden", "id")
        assert ".adding-" not in str(refused.value)
    assert nothing_was_added()


def _spoil(what: str, folder: Path) -> str:
    if what == "altered":
        content = (folder / "model.keras").read_bytes()
        # Inside the packed weights: the zip itself stays readable.
        (folder / "model.keras").write_bytes(content[:200] + bytes([content[200] ^ 1]) + content[201:])
        return "model.keras was altered: its sha256 is"
    if what == "golden":
        change_card(folder, **wrong_golden(read_card(folder)))
        return "tiny does not answer its golden test as its card says"
    if what == "field":
        card = json.loads((folder / "card.json").read_text("utf-8"))
        (folder / "card.json").write_text(json.dumps({**card, "colour": 1}), "utf-8")
        return "the card has the unknown field `colour`"
    if what == "id":
        change_card(folder, id="com1")
        return "'com1' cannot be a folder's name on every PC"
    if what == "listed":
        extra = CardFile(name="start.py", sha256="0" * 64, bytes=1)
        change_card(folder, files=(*read_card(folder).files, extra))
        return "start.py is missing"
    (folder / {"card": "card.json", "model": "model.keras"}[what]).unlink()
    return f"is not an exported classifier: it lacks {what}"


def test_an_id_that_would_lead_out_of_the_folder_is_refused(exported: Path, warm_cache: GraphCache) -> None:
    text = (exported / "card.json").read_text("utf-8")
    (exported / "card.json").write_text(text.replace('"id": "tiny"', '"id": "../../tiny"'), "utf-8")
    with pytest.raises(CardError, match="id must be small letters"):
        add_classifier(exported, cache=warm_cache)
    assert nothing_was_added()


def test_a_missing_source_is_named(tmp_path: Path, warm_cache: GraphCache) -> None:
    with pytest.raises(UsageError, match=r"There is no folder or file .*nowhere"):
        add_classifier(tmp_path / "nowhere", cache=warm_cache)
    assert nothing_was_added()


def test_another_version_takes_the_place_of_the_one_that_is_there_only_when_asked_to(
    exported: Path, warm_cache: GraphCache
) -> None:
    first = add_classifier(exported, cache=warm_cache)
    with pytest.raises(ClassifierError, match=r"is on this PC already\. Give another one another version"):
        add_classifier(exported, replace_other=True, cache=warm_cache)

    change_card(exported, version="1.1")
    with pytest.raises(ClassifierError, match=r"classifier tiny on this PC already \(1\.0\+.*is yours"):
        add_classifier(exported, cache=warm_cache)
    assert read_card(first.folder).version == "1.0"

    second = add_classifier(exported, replace_other=True, cache=warm_cache)
    assert second.replaced == first.card.version_mark
    assert read_card(first.folder).version == "1.1"
    assert [path.name for path in paths.user_classifiers().iterdir()] == ["tiny"]


def test_a_damaged_one_is_replaced_by_the_same_version(exported: Path, warm_cache: GraphCache) -> None:
    folder = add_classifier(exported, cache=warm_cache).folder
    (folder / "model.keras").write_bytes(b"damaged")
    assert add_classifier(exported, replace_other=True, cache=warm_cache).replaced == "a damaged one"
    open_classifier(folder, cache=warm_cache)


def test_a_shipped_one_is_hidden_only_when_asked_to_and_comes_back(
    exported: Path, shipped: Path, warm_cache: GraphCache
) -> None:
    shutil.copytree(exported, shipped / "tiny")
    change_card(exported, version="2.0")
    with pytest.raises(ClassifierError, match="which ships with the program"):
        add_classifier(exported, cache=warm_cache)
    add_classifier(exported, replace_other=True, cache=warm_cache)
    assert (shipped / "tiny" / "model.keras").is_file()

    assert remove_classifier("tiny").shipped_stays
    assert nothing_was_added()
    assert (shipped / "tiny" / "model.keras").is_file()


def test_only_the_users_own_classifiers_are_removed(
    exported: Path, shipped: Path, warm_cache: GraphCache
) -> None:
    exported.rename(shipped / "tiny")
    with pytest.raises(UsageError, match="tiny ships with the program and cannot be removed"):
        remove_classifier("tiny")
    for wrong in ("none", "../shipped/tiny", "."):
        with pytest.raises(UsageError, match="You have not added a classifier"):
            remove_classifier(wrong)
    assert (shipped / "tiny" / "card.json").is_file()


def test_a_damaged_classifier_can_be_removed() -> None:
    folder = paths.user_classifiers() / "half"
    folder.mkdir(parents=True)
    (folder / "model.keras").write_bytes(b"half")
    assert not remove_classifier("half").shipped_stays
    assert nothing_was_added()


def test_what_stood_there_comes_back_when_the_new_one_cannot_be_put_in_place(tmp_path: Path) -> None:
    target = tmp_path / "tiny"
    target.mkdir()
    (target / "card.json").write_text("old")
    with pytest.raises(OSError, match="missing"):
        put_in_place(tmp_path / "missing", target, tmp_path / "aside")
    assert (target / "card.json").read_text() == "old"
    assert not list((tmp_path / "aside").rglob("tiny"))
