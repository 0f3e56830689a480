"""Fixtures for every test."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def home_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder of its own for each test: none sees the real one, nor that of another test.

    It lies beside `tmp_path`, so that tests may count what they put there themselves.
    """
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("BLOODSMEAR_HOME", str(home))
    return home


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real smears beside the checkout; a test that wants them skips where they are not."""
    folder = Path(__file__).parent.parent.parent / "shared" / "data"
    if not (folder / "fullsize").is_dir():
        pytest.skip(f"needs the real smears in {folder}")
    return folder
