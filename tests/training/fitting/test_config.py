from pathlib import Path

import pytest

from bloodsmear.errors import TrainingError
from training.fitting.config import AugmentConfig, default_config, read_config


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
        ("norm_images = 0\n", "norm_images must be above 0, got 0"),
        ("seed = -1\n", "seed must not be below 0"),
        ('architecture = "resnet"\n', "Invalid enum value 'resnet'"),
        ('architecture = "vgg16"\nwidth_px = 16\n', "width_px must be 32 to 4096 for vgg16, got 16"),
        ("[augment]\nhue_degree = 0.0\n", "sets augment.hue_degree, which is no training setting"),
        ("[augment]\nlowest_jpeg_quality = 101\n", "lowest_jpeg_quality must be 1 to 100, got 101"),
        ("epochs = \n", "Cannot use the training settings"),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "fit.toml"
    file.write_text(text)
    with pytest.raises(TrainingError, match=sentence):
        read_config(file)
