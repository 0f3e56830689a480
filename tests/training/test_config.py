from pathlib import Path

import pytest

from bloodsmear.errors import TrainingError
from training.config import AugmentConfig, default_config, read_config


def test_a_toml_file_sets_knobs_over_the_preset(tmp_path: Path) -> None:
    file = tmp_path / "fit.toml"
    file.write_text('architecture = "vgg16"\nepochs = 3\n[augment]\ngrey_share = 0.5\n')
    config = read_config(file)
    assert (config.architecture, config.epochs, config.peak_rate) == (
        "vgg16",
        3,
        default_config("vgg16").peak_rate,
    )
    assert config.augment == AugmentConfig(grey_share=0.5)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("epoch = 3\n", "sets epoch, which is no training setting"),
        ('epochs = "three"\n', "Expected `int`, got `str`"),
        ("epochs = 0\n", "epochs must be above 0, got 0"),
        ("epochs = \n", "Cannot use the training settings"),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "fit.toml"
    file.write_text(text)
    with pytest.raises(TrainingError, match=sentence):
        read_config(file)
