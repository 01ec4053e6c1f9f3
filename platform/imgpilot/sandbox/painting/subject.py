"""What a prompt asks for: the scene and the light its words choose, or what its digest does."""

import hashlib
import re
from collections.abc import Callable, Iterable

import numpy as np
from numpy.random import Generator

from imgpilot.sandbox.painting.canvas import Canvas
from imgpilot.sandbox.painting.colour import Floats
from imgpilot.sandbox.painting.moods import MOOD_WORDS, MOODS, Mood
from imgpilot.sandbox.painting.scenes import (
    aurora,
    botanical,
    city,
    dunes,
    forest,
    patterns,
    planet,
    ridges,
    sea,
    still_life,
)

Scene = Callable[[Canvas], Floats]

SCENES: dict[str, Scene] = {
    "mountains": ridges.mountains,
    "lake": ridges.lake,
    "sea": sea.waves,
    "desert": dunes.desert,
    "aurora": aurora.northern_lights,
    "city": city.skyline,
    "forest": forest.wood,
    "sun-print": botanical.sun_print,
    "plants": botanical.pressed_plants,
    "still life": still_life.table,
    "tiles": patterns.tiles,
    "marble": patterns.marble,
    "planet": planet.planet,
}

#: The words that ask for a scene, in the site's two languages; the first found in this order wins.
SCENE_WORDS: dict[str, tuple[str, ...]] = {
    "aurora": ("aurora", "northern lights", "极光"),
    "planet": ("planet", "space", "cosmos", "galaxy", "saturn", "jupiter", "mars", "行星", "星球", "宇宙"),
    "tiles": ("tile", "mosaic", "geometric", "bauhaus", "pattern", "quilt", "瓷砖", "几何", "图案"),
    "marble": ("marble", "abstract", "ink in water", "agate", "fluid", "大理石", "抽象", "流体"),
    "sun-print": ("cyanotype", "sun print", "sun-print", "blueprint", "蓝晒"),
    "still life": (
        "still life", "pear", "apple", "fruit", "orange", "lemon", "vase", "bowl", "table", "cup", "pot",
        "静物", "梨", "苹果", "水果", "花瓶",
    ),
    "plants": (
        "botanical", "fern", "flower", "herbarium", "plant", "leaf", "leaves", "garden", "meadow",
        "umbel", "rose", "花", "植物", "蕨", "叶",
    ),
    "city": ("city", "skyline", "tower", "street", "building", "town", "tokyo", "neon", "城市", "街", "高楼"),
    "desert": ("desert", "dune", "sand", "sahara", "camel", "沙漠", "沙丘"),
    "lake": ("lake", "reflection", "pond", "river", "fjord", "loch", "湖", "倒影", "河"),
    "sea": ("sea", "wave", "ocean", "surf", "beach", "sail", "boat", "ship", "coast", "海", "浪", "船"),
    "forest": ("forest", "wood", "tree", "birch", "pine", "jungle", "fox", "deer", "森林", "树", "林"),
    "mountains": ("mountain", "ridge", "hill", "alps", "peak", "valley", "landscape", "cliff", "山", "峰", "谷"),
}  # fmt: skip

#: The moods a scene may take when the prompt names none.
SUITS: dict[str, tuple[str, ...]] = {
    "mountains": ("dawn", "dusk", "mist", "day", "ember", "winter", "autumn"),
    "lake": ("dawn", "mist", "autumn", "day", "dusk", "winter"),
    "sea": ("day", "dawn", "dusk", "mist", "ember"),
    "desert": ("day", "dawn", "ember", "dusk"),
    "city": ("dusk", "night", "ember", "mist"),
    "forest": ("mist", "dawn", "autumn", "dusk", "winter"),
}


def dice(*parts: object) -> Generator:
    """Random numbers that are the same for the same words."""
    digest = hashlib.sha256("\0".join(str(p) for p in parts).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))


def scene_of(prompt: str) -> str:
    """The scene's name: by the prompt's words, else by its digest."""
    return _named(prompt, SCENE_WORDS) or str(dice("scene", prompt).choice(list(SCENES)))


def mood_of(prompt: str, scene: str, turn: int = 0) -> Mood:
    """The light: by the prompt's words, else by its digest, another for each picture of a batch."""
    named = _named(prompt, MOOD_WORDS)
    if named:
        return MOODS[named]
    suits = SUITS.get(scene, tuple(MOODS))
    return MOODS[suits[(int(dice("mood", prompt).integers(len(suits))) + turn) % len(suits)]]


def _named(prompt: str, words: dict[str, tuple[str, ...]]) -> str | None:
    said = prompt.lower()
    return next((name for name, terms in words.items() if _says(said, terms)), None)


def _says(prompt: str, terms: Iterable[str]) -> bool:
    """English terms match as words, also in the plural; Chinese ones anywhere."""
    return any(re.search(rf"\b{re.escape(t)}(?:s|es)?\b", prompt) if t.isascii() else t in prompt for t in terms)
