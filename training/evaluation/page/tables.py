"""What the page says in tables: the confusion matrix, the labels, what can be answered."""

from collections.abc import Sequence

from bloodsmear.classifiers.figure_words import DISAGREEMENT, figure_words
from bloodsmear.classifiers.labels import label_name
from training.evaluation.evaluation import Evaluation
from training.evaluation.page.words import as_html, label_mark, percent, share_words
from training.evaluation.resampling_words import resampling_words


def confusion_table(evaluation: Evaluation) -> str:
    """The confusion matrix: a row per true label, each cell with its count and its share of the row."""
    heads = "".join(f'<th scope="col">{label_mark(key)}</th>' for key in evaluation.label_keys)
    rows = "".join(
        f'<tr><th scope="row">{label_mark(key)}</th>'
        + "".join(_cell(count, sum(row), place == column) for column, count in enumerate(row))
        + "</tr>"
        for place, (key, row) in enumerate(zip(evaluation.label_keys, evaluation.confusion, strict=True))
    )
    return (
        '<div class="scroll"><table class="confusion"><thead><tr><th scope="col">true ↓<br>answered →</th>'
        f"{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _cell(count: int, of_row: int, right: bool) -> str:
    part = count / of_row if of_row else 0.0
    kind = "right" if right else "wrong"
    shade = f' class="{kind}" style="--part:{part:.3f}"' if count else ""
    return f"<td{shade}>{count}<small>{percent(part)}</small></td>" if count else '<td class="muted">0</td>'


def label_table(evaluation: Evaluation) -> str:
    """Sensitivity and precision of each label with intervals, and the baseline's."""
    by_colour = evaluation.baseline.labels if evaluation.baseline else ()
    extra = '<th scope="col">sensitivity of colour alone</th>' if by_colour else ""
    rows = []
    for place, label in enumerate(evaluation.labels):
        beside = f"<td>{share_words(by_colour[place].sensitivity)}</td>" if by_colour else ""
        rows.append(
            f'<tr><th scope="row">{label_mark(label.label)}</th><td>{label.images}</td><td>{label.answered}</td>'
            f"<td>{share_words(label.sensitivity)}</td><td>{share_words(label.precision)}</td>{beside}</tr>"
        )
    return (
        '<div class="scroll"><table><thead><tr><th scope="col">label</th><th scope="col">images</th>'
        '<th scope="col">answered so</th><th scope="col">sensitivity</th><th scope="col">precision</th>'
        f"{extra}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def figures_table(evaluation: Evaluation, names: Sequence[str]) -> str:
    """Those of the figures that the evaluation has, with their intervals; empty where it has none of them."""
    rows = "".join(
        f'<tr><th scope="row">{as_html(figure_words(figure.name))}</th>'
        f"<td>{share_words(evaluation.share(figure.name))}</td><td>of {figure.images}</td></tr>"
        for figure in evaluation.figures
        if figure.name in names
    )
    return f'<div class="scroll"><table><tbody>{rows}</tbody></table></div>' if rows else ""


def answerable_table(evaluation: Evaluation) -> str:
    """The share of images that can be answered at each error rate, and from which confidence on."""
    rows = "".join(
        f'<tr><th scope="row">{point.error_rate * 100:.3g} %</th><td>{percent(point.share)}</td>'
        f"<td>{'–' if point.confidence is None else percent(point.confidence)}</td></tr>"
        for point in evaluation.answerable
    )
    return (
        '<table><thead><tr><th scope="col">wrong at most</th><th scope="col">answerable</th>'
        f'<th scope="col">from confidence</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def temperature_words(evaluation: Evaluation, temperature: float) -> str:
    """The temperature and where it comes from; 1 is that of networks that came without validation images."""
    if any(figure.name == DISAGREEMENT for figure in evaluation.figures):
        return "that of each classifier, before the mean"
    if temperature == 1.0:
        return "1: probabilities are as the network gives them"
    return f"{temperature:.4g}, fitted on validation images only"


def about_list(evaluation: Evaluation, command: str) -> str:
    """What was measured, as terms and their values."""
    subject = evaluation.subject
    told = [("Labels", ", ".join(label_name(key) for key in evaluation.label_keys))]
    if subject is not None:
        fitted = (
            f"{subject.train_images} training images of the same folder" if subject.train_images else "none"
        )
        # Of a consensus the architectures hold it.
        size = f", {subject.width_px} × {subject.height_px} px" if subject.width_px else ""
        told = [
            ("Classifier", f"{subject.classifier} {subject.version}"),
            ("Architecture", subject.architecture + size),
            ("Fitted on", subject.data_set),
            *told,
            ("Held out by", subject.split or "nothing: all images of the folder"),
            ("Baseline fitted on", fitted),
        ]
    told.append(("95 % intervals", resampling_words(evaluation.resampling)))
    if evaluation.calibration:
        told.append(("Temperature", temperature_words(evaluation, evaluation.calibration.temperature)))
    told.append(("Command", command))
    return f"<dl>{''.join(f'<dt>{name}</dt><dd>{as_html(value)}</dd>' for name, value in told)}</dl>"
