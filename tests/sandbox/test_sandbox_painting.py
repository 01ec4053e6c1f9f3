"""The painter: words choose the scene and the light, and every scene can be painted at every shape."""

import numpy as np
import pytest
from PIL import Image

from imgpilot.sandbox.painting import paint, preview
from imgpilot.sandbox.painting.subject import SCENE_WORDS, SCENES, mood_of, scene_of


@pytest.mark.parametrize(
    ("prompt", "scene"),
    [
        ("Ridges at first light, low mist between them", "mountains"),
        ("a sailing boat in a storm", "sea"),
        ("Sahara, camels far away", "desert"),
        ("birches in November", "forest"),
        ("Tokyo street, neon", "city"),
        ("Cyanotype of a fern", "sun-print"),
        ("a bunch of wild flowers", "plants"),
        ("two pears on a plate", "still life"),
        ("Bauhaus pattern", "tiles"),
        ("ink in water, abstract", "marble"),
        ("Saturn from afar", "planet"),
        ("northern lights over a lake", "aurora"),
        ("still fjord", "lake"),
        ("山间晨雾", "mountains"),
        ("红色的海浪", "sea"),
        ("静物，梨和花瓶", "still life"),
        ("城市夜景", "city"),
    ],
)
def test_words_choose_the_scene(prompt: str, scene: str) -> None:
    assert scene_of(prompt) == scene


@pytest.mark.parametrize(
    ("prompt", "mood"),
    [
        ("sunset over hills", "ember"),
        ("snowy hills", "winter"),
        ("hills at midnight", "night"),
        ("雾中的山", "mist"),
    ],
)
def test_words_choose_the_light(prompt: str, mood: str) -> None:
    assert mood_of(prompt, "mountains").name == mood


def test_a_word_inside_another_word_does_not_count() -> None:
    assert scene_of("a searing question") == scene_of("a searing question")
    assert mood_of("a nightingale", "mountains").name != "night"


def test_without_such_words_every_scene_comes_up() -> None:
    assert {scene_of(f"thought number {n}") for n in range(400)} == set(SCENES)


@pytest.mark.parametrize("scene", list(SCENES))
@pytest.mark.parametrize("size", [(64, 64), (192, 64), (64, 192), (240, 160)])
def test_every_scene_fits_every_shape(scene: str, size: tuple[int, int]) -> None:
    prompt = SCENE_WORDS[scene][0]
    assert scene_of(prompt) == scene
    picture = paint(prompt, size)
    assert (picture.size, picture.mode) == (size, "RGB")
    assert np.asarray(picture).std() > 8


def test_pictures_of_one_prompt_differ_and_repeat() -> None:
    first, again, second = paint("dunes", (128, 128)), paint("dunes", (128, 128)), paint("dunes", (128, 128), 1)
    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != second.tobytes()


def test_a_large_picture_is_the_small_one_enlarged_in_bounded_time() -> None:
    assert paint("waves", (3840, 2160), draft=True).size == (3840, 2160)


def test_the_signature_stands_at_the_bottom_right() -> None:
    picture = np.asarray(paint("hills at noon", (512, 512)).convert("L"), dtype=float)
    corner, beside = picture[488:506, 400:506], picture[488:506, 200:306]
    assert corner.max() > 225
    assert corner.std() > beside.std() + 10


def test_a_preview_is_softer_than_the_picture() -> None:
    picture = paint("tiles", (256, 256))
    rough = [np.asarray(preview(picture, step, 3).convert("L"), dtype=float) for step in (0, 2)]
    edges = [np.abs(np.diff(r)).mean() for r in rough]
    assert edges[0] < edges[1] < np.abs(np.diff(np.asarray(picture.convert("L"), dtype=float))).mean()


def test_a_reference_of_any_mode_leads() -> None:
    for mode in ("L", "LA", "P", "RGBA", "CMYK", "I;16"):
        assert paint("waves", (96, 96), references=[Image.new(mode, (50, 70))]).size == (96, 96)
