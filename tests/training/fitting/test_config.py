import argparse
import dataclasses
import json
import zipfile
from pathlib import Path

import msgspec
import numpy as np
import pytest

from bloodsmear import paths
from bloodsmear.classifiers.label_set import OURS
from bloodsmear.errors import TrainingError
from training.commands.fit import few_images
from training.fitting.config import AugmentConfig, FitConfig
from training.fitting.presets import PRESETS, default_config, read_config
from training.options.fit_options import add_fit, config_of, weights_of


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
        ("epoch = 3\n", "sets epoch, which is not a training setting"),
        ('epochs = "three"\n', "Expected `int`, got `str`"),
        ("epochs = 0\n", "epochs must be above 0, got 0"),
        ("norm_images = 0\n", "norm_images must be above 0, got 0"),
        ("seed = -1\n", "seed must not be below 0"),
        ("norm_while_fitting = true\n", "norm_while_fitting is one of vgg16; unet has its own norms"),
        ('architecture = "resnet"\n', "Invalid enum value 'resnet'"),
        ('architecture = "vgg16"\nwidth_px = 16\n', "width_px must be 32 to 4096 for vgg16, got 16"),
        ("[augment]\nhue_degree = 0.0\n", "sets augment.hue_degree, which is not a training setting"),
        ("[augment]\nlowest_jpeg_quality = 101\n", "lowest_jpeg_quality must be 1 to 100, got 101"),
        ("epochs = \n", "Cannot use the training settings"),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "fit.toml"
    file.write_text(text)
    with pytest.raises(TrainingError, match=sentence):
        read_config(file)


def test_the_reference_preset_is_the_published_recipe_without_changes_of_colour() -> None:
    config = PRESETS["reference"]["vgg16"]
    assert (config.width_px, config.height_px, config.batch_images, config.epochs) == (150, 150, 10, 10)
    augment = config.augment
    assert (augment.rotation_degrees, augment.shift_share, augment.zoom_factor) == (45.0, 0.2, 0.2)
    assert (augment.shear_degrees, augment.flips, augment.vertical_flips) == (0.2, True, True)
    assert (augment.hue_degrees, augment.grey_share, augment.lowest_jpeg_quality) == (0.0, 0.0, 100)


def test_a_toml_file_goes_over_the_named_preset(tmp_path: Path) -> None:
    file = tmp_path / "fit.toml"
    file.write_text("epochs = 3\n[augment]\nhue_degrees = 5.0\n")
    config = read_config(file, "reference")
    reference = PRESETS["reference"]["unet"]
    augment = dataclasses.replace(reference.augment, hue_degrees=5.0)
    assert config == dataclasses.replace(reference, epochs=3, augment=augment)


def test_the_settings_of_an_older_run_mean_what_they_meant() -> None:
    older = msgspec.to_builtins(default_config("unet", precision="float32"))
    for younger in ("shear_degrees", "vertical_flips"):
        del older["augment"][younger]
    assert msgspec.convert(older, FitConfig) == default_config("unet", precision="float32")


def test_the_preset_for_few_images_is_one_of_vgg16_and_starts_from_the_one_that_ships(tmp_path: Path) -> None:
    parser = argparse.ArgumentParser()
    add_fit(parser.add_subparsers())
    words = ["fit", str(tmp_path), "--run", "run", "--preset", "few"]
    options = parser.parse_args(words)
    assert config_of(options) == PRESETS["few"]["vgg16"]
    assert weights_of(options) == paths.shipped_classifiers() / "vgg16"
    assert weights_of(parser.parse_args([*words, "--weights", "mine"])) == Path("mine")
    with pytest.raises(TrainingError, match="The preset few is one of vgg16, not of unet"):
        config_of(parser.parse_args([*words, "--architecture", "unet"]))


def test_a_fit_that_goes_on_from_one_of_few_images_has_its_head_whatever_the_preset(tmp_path: Path) -> None:
    layers = [
        _pooling("pooled_1_mean", "block3_conv3"),
        _pooling("pooled_1_variance", "pooled_1_squares"),
        _pooling("pooled_2_mean", "block4_conv3"),
        _pooling("pooled_2_variance", "pooled_2_squares"),
    ]
    with zipfile.ZipFile(tmp_path / "model.keras", "w") as packed:
        packed.writestr("config.json", json.dumps({"config": {"layers": layers}}))
    parser = argparse.ArgumentParser()
    add_fit(parser.add_subparsers())
    words = ["fit", str(tmp_path), "--run", str(tmp_path / "run"), "--architecture", "vgg16"]
    config = config_of(parser.parse_args([*words, "--weights", str(tmp_path / "model.keras")]))
    assert (config.pooled_blocks, config.pooled_as) == ((3, 4), "deviations")
    assert not config.norm_while_fitting


def test_a_unets_head_sees_what_the_earlier_one_saw_unless_the_settings_name_several_blocks(
    tmp_path: Path,
) -> None:
    maps = "encoder_1_norm_2", "bottleneck_norm_2", "decoder_1_conv_2"
    layers = [_pooling(f"pooled_{place}", name) for place, name in enumerate(maps)]
    with zipfile.ZipFile(tmp_path / "model.keras", "w") as packed:
        packed.writestr("config.json", json.dumps({"config": {"layers": layers}}))
    (tmp_path / "two.toml").write_text('architecture = "unet"\npooled_blocks = [2, 3]')
    parser = argparse.ArgumentParser()
    add_fit(parser.add_subparsers())
    words = ["fit", str(tmp_path), "--run", str(tmp_path / "run"), "--weights", str(tmp_path / "model.keras")]
    assert config_of(parser.parse_args([*words, "--architecture", "unet"])).pooled_blocks == (1, 3, 5)
    named = parser.parse_args([*words, "--config", str(tmp_path / "two.toml")])
    assert config_of(named).pooled_blocks == (2, 3)


def test_the_head_of_a_unet_sees_no_deviations() -> None:
    with pytest.raises(TrainingError, match=r"pooled_as must be means for unet, got deviations"):
        default_config("unet", pooled_as="deviations", pooled_blocks=(1, 2))


def _pooling(name: str, of: str) -> dict[str, object]:
    inbound = [{"args": [{"config": {"keras_history": [of, 0, 0]}}]}]
    return {"class_name": "GlobalAveragePooling2D", "config": {"name": name}, "inbound_nodes": inbound}


def test_words_go_over_the_preset_and_leave_the_rest(tmp_path: Path) -> None:
    parser = argparse.ArgumentParser()
    add_fit(parser.add_subparsers())
    words = ["fit", str(tmp_path), "--run", "run", "--preset", "reference", "--size", "64", "--rate", "0.01"]
    config = config_of(parser.parse_args(words))
    assert config == dataclasses.replace(
        PRESETS["reference"]["unet"], width_px=64, height_px=64, peak_rate=0.01
    )


def test_who_fits_few_images_from_scratch_is_told_of_the_preset_for_them() -> None:
    targets = np.repeat(np.arange(4), (100, 120, 99, 300))
    assert few_images(OURS, targets).startswith(
        "Pre-B has 99 training images. From fewer than 100 of a label"
    )
    assert few_images(OURS, np.repeat(np.arange(4), 100)) == ""
