"""A library that cannot be loaded is a sentence with a way out, on a terminal and without one."""

import subprocess
import sys
from pathlib import Path

from desktop.missing_library import OLDEST_WINDOWS_BUILD, missing_library_sentence


def test_on_windows_the_runtime_and_the_processor_are_named() -> None:
    error = ImportError("DLL load failed while importing QtCore", name="PySide6.QtCore")
    sentence = missing_library_sentence(error, "win32")
    assert "PySide6.QtCore cannot be loaded (DLL load failed while importing QtCore)" in sentence
    assert "Visual C++ Redistributable" in sentence
    assert "AVX2" in sentence


def test_a_windows_that_is_too_old_is_named_with_its_build() -> None:
    error = ImportError("DLL load failed while importing QtCore", name="PySide6.QtCore")
    # LTSC 2019, which hospitals keep until 2029.
    sentence = missing_library_sentence(error, "win32", windows_build=17763)
    assert "needs Windows 10 version 1903 (build 18362) or newer, and this is build 17763" in sentence
    assert "Visual C++" not in sentence
    assert "Visual C++" in missing_library_sentence(error, "win32", windows_build=18362)


def test_the_installer_and_the_program_name_the_same_oldest_windows() -> None:
    script = Path(__file__).parents[2] / "build_scripts" / "installers" / "bloodsmear.nsi"
    assert f"!define OLDEST_BUILD {OLDEST_WINDOWS_BUILD}\n" in script.read_text(encoding="utf-8")


def test_elsewhere_it_says_to_install_again() -> None:
    assert "Install Bloodsmear again" in missing_library_sentence(ImportError("no"), "linux")


def test_the_program_ends_with_the_sentence_and_without_a_traceback(tmp_path: Path) -> None:
    # As numpy does on a processor that is too old: the import itself fails.
    (tmp_path / "cv2.py").write_text("raise ImportError('libGL is missing', name='cv2')")
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); sys.argv = ['bloodsmear', 'screen', '.']; "
        "import desktop.start; sys.exit(desktop.start.main())"
    )
    outcome = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    # Never the codes 0 and 1, which say that the rest is done.
    assert outcome.returncode == 3
    assert "Bloodsmear cannot start on this PC: cv2 cannot be loaded (libGL is missing)." in outcome.stderr
    assert "Traceback" not in outcome.stderr
