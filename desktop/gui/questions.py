"""What the window asks in dialogs, the system's own for files, and has the system show; tests take their place."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QDir, QProcess, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from bloodsmear import paths
from desktop.gui.printing import ask_and_print


def ask_folder(parent: QWidget, start: Path) -> Path | None:
    """Which folder to open; None, here and below, when the reader changed their mind."""
    return _ask_folder(parent, "Open a folder of smear images", start)


def ask_training_folder(parent: QWidget, start: Path) -> Path | None:
    """Which labelled folder to train on."""
    return _ask_folder(parent, "The folder that holds one folder for each label", start)


def ask_training_study(parent: QWidget, start: Path) -> Path | None:
    """Which study's signed decisions to train on."""
    kind = f"Studies (*{paths.STUDY_SUFFIX})"
    return _ask_file(parent, "The study with signed decisions", start, kind)


def ask_labelled_folder(parent: QWidget, start: Path) -> Path | None:
    """On which labelled folder to try a label order."""
    title = "A folder of images whose labels you know, one folder for each label"
    return _ask_folder(parent, title, start)


def ask_known_labels(parent: QWidget, start: Path) -> Path | None:
    """Which folder of images with known labels to score a reader against, or to make a set of."""
    return _ask_folder(
        parent, "The folder of images whose labels are known, one folder for each label", start
    )


def ask_new_folder(parent: QWidget, start: Path) -> Path | None:
    """Where copies of images, or files of their marks, are to go."""
    return _ask_folder(parent, "An empty folder for them", start)


def ask_reference_folder(parent: QWidget, start: Path) -> Path | None:
    """Which folder holds the reference images."""
    return _ask_folder(parent, "The folder of reference images, with one folder for each label", start)


def ask_classifier_folder(parent: QWidget, start: Path) -> Path | None:
    """Which exported classifier's folder to add."""
    return _ask_folder(parent, "The folder of an exported classifier", start)


def ask_classifier_file(parent: QWidget, start: Path) -> Path | None:
    """Which classifier or network file to add."""
    return _ask_file(parent, "Add a classifier", start, "Classifiers (*.zip *.h5 *.hdf5 *.keras)")


def ask_start_file(parent: QWidget, start: Path) -> Path | None:
    """Which file a training starts from."""
    kind = "Classifiers and ImageNet's weights (*.zip *.keras *.h5 card.json)"
    return _ask_file(parent, "What the training starts from", start, kind)


def ask_python(parent: QWidget, start: Path) -> Path | None:
    """Which Python trains."""
    kind = "Python (python.exe)" if sys.platform == "win32" else "Python (python*)"
    return _ask_file(parent, "The Python of a training environment", start, kind)


def ask_watched_report(parent: QWidget, suggested: Path) -> Path | None:
    """Which CSV to keep up to date while the folder is watched."""
    return _ask_target(parent, "The report to keep up to date while the folder is watched", suggested)


def ask_report(parent: QWidget, suggested: Path) -> Path | None:
    """Where to write the CSV or the HTML report, as `suggested` ends."""
    title = "Export HTML report" if suggested.suffix == ".html" else "Export CSV"
    return _ask_target(parent, title, suggested)


def ask_view(parent: QWidget, suggested: Path) -> Path | None:
    """Where to write the view, as PNG or TIFF."""
    kinds = {"PNG files (*.png)": ".png", "TIFF files (*.tif *.tiff)": ".tif"}
    chosen, kind = QFileDialog.getSaveFileName(parent, "Save the view", str(suggested), ";;".join(kinds))
    if not chosen:
        return None
    target = Path(chosen)
    return target if target.suffix else target.with_name(f"{target.name}{kinds.get(kind, '.png')}")


def _ask_folder(parent: QWidget, title: str, start: Path) -> Path | None:
    chosen = QFileDialog.getExistingDirectory(parent, title, str(start))
    return Path(chosen) if chosen else None


def _ask_file(parent: QWidget, title: str, start: Path, kind: str) -> Path | None:
    chosen, _ = QFileDialog.getOpenFileName(parent, title, str(start), kind)
    return Path(chosen) if chosen else None


def _ask_target(parent: QWidget, title: str, suggested: Path) -> Path | None:
    ending = suggested.suffix
    kind = f"{ending[1:].upper()} files (*{ending})"
    chosen, _ = QFileDialog.getSaveFileName(parent, title, str(suggested), kind)
    if not chosen:
        return None
    target = Path(chosen)
    return target if target.suffix else target.with_name(f"{target.name}{ending}")


def ask_to_close(parent: QWidget, ends: Sequence[str]) -> bool:
    """Whether to close the window although this ends with it; a sentence for each thing."""
    app = QGuiApplication.instance()
    if isinstance(app, QGuiApplication) and app.isSavingSession():
        # The PC is being shut down: whoever wants that is not at this window.
        return True
    box = QMessageBox(
        QMessageBox.Icon.NoIcon, "Close Bloodsmear", "Bloodsmear is still at work.", parent=parent
    )
    # A classifier's name is in it.
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText("\n\n".join(ends))
    close = box.addButton("Close all the same", QMessageBox.ButtonRole.AcceptRole)
    stay = box.addButton("Keep it open", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    box.exec()
    closes = box.clickedButton() is close
    box.deleteLater()
    return closes


def ask_strange_folders(parent: QWidget, sentence: str) -> bool:
    """Whether to open the folders that a study from elsewhere names; the sentence shows them."""
    box = QMessageBox(QMessageBox.Icon.Warning, "Open the study's folders", sentence, parent=parent)
    # The names come from the study's file.
    box.setTextFormat(Qt.TextFormat.PlainText)
    opens = box.addButton("Open these folders", QMessageBox.ButtonRole.AcceptRole)
    leaves = box.addButton("Don't open them", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(leaves)
    box.setEscapeButton(leaves)
    box.exec()
    agreed = box.clickedButton() is opens
    box.deleteLater()
    return agreed


def open_file(file: Path) -> bool:
    """Open a file in the program that the system has for it; whether it has one and was asked."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(file)))


def show_in_folder(file: Path) -> bool:
    """Show a file where it lies: marked there on Windows and macOS, else its folder. Whether the system was asked."""
    if sys.platform == "win32":
        return _start("explorer.exe", "/select,", QDir.toNativeSeparators(str(file)))
    if sys.platform == "darwin":
        return _start("open", "-R", str(file))
    return open_file(file.parent)


def not_opened_words(file: Path) -> str:
    """That the system was not asked to open or show the file, and what the reader can do."""
    return f"The system has no program that shows {file}. Open it from the program that you want it in."


def _start(program: str, *words: str) -> bool:
    # Qt answers with the process, too.
    return bool(QProcess.startDetached(program, list(words))[0])


AskPath = Callable[[QWidget, Path], Path | None]


@dataclass(frozen=True, slots=True)
class AskFiles:
    """The questions, and what the system shows."""

    folder: AskPath = ask_folder
    report: AskPath = ask_report
    view: AskPath = ask_view
    watched_report: AskPath = ask_watched_report
    training_folder: AskPath = ask_training_folder
    training_study: AskPath = ask_training_study
    python: AskPath = ask_python
    start_file: AskPath = ask_start_file
    classifier_file: AskPath = ask_classifier_file
    classifier_folder: AskPath = ask_classifier_folder
    labelled_folder: AskPath = ask_labelled_folder
    known_labels: AskPath = ask_known_labels
    new_folder: AskPath = ask_new_folder
    reference_folder: AskPath = ask_reference_folder
    to_close: Callable[[QWidget, Sequence[str]], bool] = ask_to_close
    strange_folders: Callable[[QWidget, str], bool] = ask_strange_folders
    print_picture: Callable[[QWidget, QImage, str], bool] = ask_and_print
    open_file: Callable[[Path], bool] = open_file
    show_in_folder: Callable[[Path], bool] = show_in_folder
