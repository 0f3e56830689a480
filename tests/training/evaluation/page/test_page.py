"""The page, read as a browser would: self-contained, whole, and honest at the edges."""

import re
from html.parser import HTMLParser

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from bloodsmear import RESEARCH_USE
from bloodsmear.classifiers.label_set import OURS
from bloodsmear.jobs.training_files import EpochFigures
from training.data.pictures import LabelledPictures
from training.evaluation.describe import describe
from training.evaluation.evaluate import evaluate_network
from training.evaluation.evaluation import Evaluation, Resampling, Subject
from training.evaluation.hidden_parts import change_corners
from training.evaluation.mistakes import MistakePicture
from training.evaluation.network_answers import EvaluationRequest
from training.evaluation.page.page import PageWords, build_page

KEYS = ("benign", "early_pre_b", "pre_b", "pro_b")
VOID = {"meta", "img", "br", "link", "hr", "input"}
SUBJECT = Subject(
    classifier="lab",
    name="Lab <1>",
    version="1.0+1a2b3c4d",
    architecture="unet",
    width_px=32,
    height_px=32,
    data_set="the lab's own",
    measured_on="held_out",
    split="3 contiguous runs",
    train_images=80,
    date="2026-11-24",
)
EPOCHS = tuple(
    EpochFigures(epoch=place, loss=1 / place, accuracy=0.5, validation_loss=1.0, validation_accuracy=0.6)
    for place in (1, 2)
)


class Page(HTMLParser):
    """What stands in a page: its text, its elements with their attributes, and those left open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def evaluation_of(
    wrong: int, *, images: int = 40, only: int | None = None, baseline: bool = True
) -> Evaluation:
    """Of so many images the first so many answered wrongly."""
    targets = np.arange(images) % 4 if only is None else np.full(images, only)
    pixels = np.random.default_rng(0).integers(0, 90, (images, 8, 8, 3), np.uint8)
    pixels[..., 0] += (targets * 50).astype(np.uint8)[:, None, None]
    answered = np.where(np.arange(images) < wrong, (targets + 1) % 4, targets)
    rows = np.full((images, 4), 0.03)
    rows[np.arange(images), answered] = 0.91
    held_out = LabelledPictures(pixels, targets.astype(np.int64))
    train = held_out if baseline else LabelledPictures(pixels[:0], held_out.targets[:0])
    corners = change_corners(pixels.__getitem__, held_out.targets, lambda picture: picture)
    measured = evaluate_network(
        EvaluationRequest(lambda _: rows, 1.2, OURS, train, held_out, corners, "evaluate lab")
    )
    return replace(measured, subject=SUBJECT, epochs=EPOCHS)


def page_of(evaluation: Evaluation) -> Page:
    return Page(html_of(evaluation))


def html_of(evaluation: Evaluation) -> str:
    thumbnails = [
        MistakePicture(f"Pre/smear & <{place}>.jpg", b"\xff\xd8") for place in range(len(evaluation.mistakes))
    ]
    return build_page(evaluation, PageWords("smears", "bloodsmear-train evaluate lab", thumbnails))


@pytest.fixture(scope="module")
def usual() -> Evaluation:
    return evaluation_of(5)


@pytest.fixture(scope="module")
def usual_html(usual: Evaluation) -> str:
    return html_of(usual)


@pytest.fixture(scope="module")
def all_right() -> Evaluation:
    return evaluation_of(0)


@pytest.fixture(scope="module")
def all_right_page(all_right: Evaluation) -> Page:
    return page_of(all_right)


def test_the_page_needs_nothing_but_itself(usual_html: str) -> None:
    page = Page(usual_html)
    assert "://" not in usual_html
    assert "@import" not in usual_html
    assert page.open == []
    assert {tag for tag, _ in page.elements}.isdisjoint({"script", "link", "iframe", "object"})
    sources = [
        value for _, each in page.elements for name, value in each.items() if name in ("src", "srcset")
    ]
    assert len(sources) == 5
    assert all(str(source).startswith("data:image/jpeg;base64,") for source in sources)
    links = [each[name] for _, each in page.elements for name in ("href", "xlink:href") if name in each]
    assert all(str(link).startswith("#") for link in links)


def test_nothing_in_the_page_may_run_or_be_fetched(usual_html: str) -> None:
    policies = [each for each in Page(usual_html).all("meta") if "http-equiv" in each]
    assert policies == [
        {
            "http-equiv": "Content-Security-Policy",
            "content": "default-src 'none'; img-src data:; style-src 'unsafe-inline'",
        }
    ]
    # A style attribute of an element is allowed by 'unsafe-inline', a script in an attribute is not there at all.
    assert [name for _, each in Page(usual_html).elements for name in each if name.startswith("on")] == []


def test_a_name_turns_no_line_around(usual: Evaluation) -> None:
    turning = [MistakePicture("Pre/\u202egpj.exe", b"\xff\xd8")] * len(usual.mistakes)
    html = build_page(usual, PageWords("s\u202eraems", "c", turning))
    assert "\u202e" not in html
    assert "Pre/\\u202egpj.exe" in Page(html).text


def test_every_id_is_the_pages_only_one_and_every_link_finds_its_own(usual_html: str) -> None:
    page = Page(usual_html)
    ids = [each["id"] for _, each in page.elements if "id" in each]
    assert len(ids) == len(set(ids))
    used = [str(each["xlink:href"])[1:] for _, each in page.elements if "xlink:href" in each]
    assert set(used) <= set(ids)


def test_the_research_use_sentence_stands_in_it_and_no_other_form_of_the_word(usual_html: str) -> None:
    assert usual_html.count(RESEARCH_USE) == 2
    assert "diagnos" not in usual_html.replace(RESEARCH_USE, "").lower()


def test_names_are_text_and_never_markup(usual_html: str) -> None:
    page = Page(usual_html)
    assert "Evaluation of Lab <1> 1.0+1a2b3c4d" in page.text
    assert "Pre/smear & <0>.jpg" in page.text


def test_all_five_charts_are_drawn_in_the_pages_own_colours(usual_html: str) -> None:
    charts = Page(usual_html).all("svg")
    assert [str(chart["aria-label"]).split(":")[0] for chart in charts] == [
        "Sensitivity and precision of each label",
        "Accuracy under each shift",
        "Reliability",
        "Error rate over the share answered",
        "Accuracy and loss after each epoch; after the last, 2, validation accuracy 60.0 %, validation loss 1.000",
    ]
    assert "var(--accent)" in usual_html
    assert not [
        colour for colour in ("#010001", "#020002", "#030003", "#040004", "#050005") if colour in usual_html
    ]


def test_the_baseline_is_a_line_in_every_chart(usual_html: str) -> None:
    # Twice where a chart has two panels.
    assert usual_html.count(">colour alone</text>") == 7


def test_mistakes_have_name_both_labels_and_confidence(usual: Evaluation, usual_html: str) -> None:
    page = Page(usual_html)
    assert page.all("img")[0]["alt"] == "Benign, answered Early Pre-B"
    assert "All 5, the most confident first." in page.text
    assert f"{usual.mistakes[0].confidence * 100:.1f} % confident" in page.text


def test_all_right_says_that_there_is_no_mistake(all_right_page: Page) -> None:
    assert "every image was answered rightly" in all_right_page.text
    assert "Macro-F1100 %no interval" in all_right_page.text
    assert all_right_page.all("img") == []


def test_all_wrong_shows_the_worst_of_many() -> None:
    page = page_of(evaluation_of(40))
    assert "24 of 40, the most confident first." in page.text
    assert "0 % of 40 images were answered rightly" in page.text
    assert "below what colour alone reaches" in page.text


def test_one_label_only_draws_the_others_empty() -> None:
    page = page_of(evaluation_of(2, only=3))
    assert "no such image" in page.text
    assert "2 of 40 images were answered wrongly" in page.text


def test_without_a_baseline_the_page_says_why() -> None:
    evaluation = evaluation_of(5, baseline=False)
    subject = msgspec.structs.replace(SUBJECT, measured_on="all", split="", train_images=0)
    html = html_of(replace(evaluation, subject=subject))
    assert "There is no colour-only baseline to read it beside: nothing was fitted on this folder" in html
    assert ">colour alone</text>" not in html


def test_the_page_and_the_terminal_say_what_was_resampled(usual: Evaluation, usual_html: str) -> None:
    assert "by resampling the 40 images" in Page(usual_html).text
    by_case = replace(usual, resampling=Resampling(unit="case", count=7))
    for told in (page_of(by_case).text, describe(by_case)):
        assert "by resampling 7 whole cases, since images of one case are not independent" in told
        assert "it is rough" in told
    of_version_0_1 = replace(usual, resampling=None)
    assert "by resampling the images" in page_of(of_version_0_1).text


def test_a_temperature_that_nobody_fitted_is_not_called_fitted(usual: Evaluation, usual_html: str) -> None:
    assert "1.2, fitted on validation images only" in Page(usual_html).text
    assert usual.calibration is not None
    plain = replace(usual, calibration=replace(usual.calibration, temperature=1.0))
    told = page_of(plain).text
    assert "fitted on validation" not in told
    assert told.count("1: probabilities are as the network gives them") == 2


def test_the_page_says_what_the_training_loss_may_have_in_it(usual_html: str) -> None:
    assert "their loss may have label smoothing in it" in usual_html


def test_without_a_run_the_page_says_how_to_see_its_curves(usual: Evaluation) -> None:
    page = page_of(replace(usual, epochs=()))
    assert "--run RUN" in page.text


def test_the_page_is_drawn_from_what_the_json_holds(usual: Evaluation, usual_html: str) -> None:
    read_back = msgspec.json.decode(msgspec.json.encode(usual), type=Evaluation)
    assert html_of(read_back) == usual_html


def test_the_json_holds_no_image_and_no_name(usual: Evaluation) -> None:
    data = msgspec.json.encode(usual).decode()
    assert "base64" not in data
    assert ".jpg" not in data


def test_the_two_errors_that_may_hurt_come_before_everything_else(usual_html: str) -> None:
    text = Page(usual_html).text
    first = text.index(
        "20.0 % of the Benign images (2 of 10) were called another label (95 % interval 5.7 to 51.0 %)"
    )
    second = text.index("3.3 % of the others (1 of 30) were called Benign")
    assert first < second < text.index("87.5 % of 40 images were answered rightly")


def test_what_else_may_speak_is_said_with_how_far_the_answers_follow_it(all_right_page: Page) -> None:
    text = all_right_page.text
    assert "the corner alone: accuracy of trees that see the scale bar only" in text
    assert "answers changed with another label's corner" in text
    assert "accuracy with every nucleus hidden" in text


def test_what_asks_for_a_look_and_what_is_wrong_among_the_rest_stands_beside_what_can_be_answered(
    usual_html: str,
) -> None:
    text = Page(usual_html).text
    assert "unsure: a look is asked for0 % (0.0 to 8.8 %)of 40" in text
    assert "wrong where they are sure12.5 % (5.5 to 26.1 %)of 40" in text


def test_an_evaluation_of_an_earlier_version_has_neither_and_is_shown_all_the_same(
    all_right: Evaluation,
) -> None:
    older = replace(
        all_right,
        figures=tuple(
            figure
            for figure in all_right.figures
            if not re.match("benign_called|other_called|labels_changed|accuracy_(corner|nuclei)", figure.name)
        ),
    )
    text = page_of(older).text
    assert "What else may speak" not in text
    assert "called another label" not in text
