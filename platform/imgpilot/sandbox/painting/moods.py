"""Light and weather: the palettes a landscape can be painted in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mood:
    """The colours of one hour and weather, from far to near."""

    name: str
    #: From the top of the sky to the horizon.
    sky: tuple[str, ...]
    #: Sun or moon.
    light: str
    #: Land, from the farthest to the nearest.
    land: tuple[str, ...]
    mist: str
    #: Water, from the trough to the crest.
    water: tuple[str, ...]
    #: Sand, from the shade to the light.
    sand: tuple[str, ...]
    dark: bool = False


DAWN = Mood(
    "dawn",
    ("#2f4c66", "#5e7d8f", "#a9aaa0", "#e9b58b", "#f3cf9f"),
    "#fff1cf",
    ("#9fb3b6", "#7d9aa3", "#55798a", "#335a6c", "#1b3c4c", "#0b2330"),
    "#d9cdb9",
    ("#0b3347", "#14566b", "#2f8590", "#9cc9bf", "#f4efdf"),
    ("#7d4a35", "#b87548", "#dfa26a", "#f3d3a0"),
)
DAY = Mood(
    "day",
    ("#3f78ad", "#74a5c9", "#a9cbd8", "#dfe4d3", "#f2e6c8"),
    "#fffbe6",
    ("#aec4ca", "#86a9b2", "#5f8a8c", "#477465", "#2f5644", "#193728"),
    "#e4ece6",
    ("#0d4560", "#16708a", "#38a0a8", "#a8dcd2", "#fbfbf0"),
    ("#9a5a34", "#cf8a4e", "#ecb877", "#f8dfae"),
)
DUSK = Mood(
    "dusk",
    ("#1d2c5c", "#44497f", "#8b6390", "#d9838a", "#f6ad86"),
    "#ffd9a6",
    ("#a98096", "#7f6787", "#574f76", "#37385f", "#20254a", "#111632"),
    "#d99a94",
    ("#141d44", "#2b3a6c", "#5b5f8f", "#c08a9a", "#f9cbb0"),
    ("#4a2a45", "#8a4a52", "#c9785f", "#f2b183"),
)
EMBER = Mood(
    "ember",
    ("#241d3c", "#5b2d4b", "#a8484d", "#e2764b", "#f8bb62"),
    "#fff0b5",
    ("#b56b5b", "#8c4b50", "#633545", "#412538", "#28172a", "#150c1b"),
    "#ec9a66",
    ("#231a33", "#4b2a44", "#8d4450", "#e08c5a", "#fbdc9a"),
    ("#4c1d1d", "#92402a", "#d2733a", "#f5b367"),
)
MIST = Mood(
    "mist",
    ("#55737f", "#82999e", "#aab7b4", "#cdd2c8", "#e2e0d0"),
    "#f8f4e2",
    ("#b3bfbb", "#94a7a6", "#70898c", "#4f6b70", "#324d53", "#1a3138"),
    "#dcded4",
    ("#26434c", "#43656d", "#7c9899", "#bccac4", "#efeee4"),
    ("#6b5b4a", "#97836a", "#c0ab8c", "#e2d5ba"),
)
NIGHT = Mood(
    "night",
    ("#050d1c", "#0a1c33", "#12334d", "#1d4f63", "#3a7078"),
    "#f3f0dc",
    ("#355f6c", "#254a5a", "#183747", "#0f2735", "#091a26", "#040d16"),
    "#3f6b74",
    ("#04101d", "#0a2438", "#174257", "#4c8088", "#c9dcd2"),
    ("#0c1a2a", "#22364a", "#4a5f70", "#8fa0a4"),
    dark=True,
)
AUTUMN = Mood(
    "autumn",
    ("#5d7f92", "#93a7a3", "#cfc4a0", "#ecd09a", "#f5dcae"),
    "#fff3d0",
    ("#c9a983", "#c68a52", "#b3622f", "#87401f", "#572819", "#2f1610"),
    "#ecd6ae",
    ("#1f3a40", "#3c5f60", "#7d8d74", "#d8b878", "#f8ebc8"),
    ("#74381f", "#b0602b", "#dc9447", "#f2c987"),
)
WINTER = Mood(
    "winter",
    ("#6f92ae", "#9db7c8", "#c6d4da", "#e6e3de", "#f6e7d8"),
    "#fffaf0",
    ("#cfdae0", "#afc1cc", "#8aa3b4", "#668299", "#48637c", "#2b4259"),
    "#f1f1ee",
    ("#2c4d66", "#52778f", "#8fb0bf", "#cfdfe4", "#fdfdfb"),
    ("#8497a8", "#b3c0ca", "#dbe1e4", "#f7f5ef"),
)

MOODS = {m.name: m for m in (DAWN, DAY, DUSK, EMBER, MIST, NIGHT, AUTUMN, WINTER)}

#: The words that ask for a mood, in the site's two languages.
MOOD_WORDS: dict[str, tuple[str, ...]] = {
    "dawn": ("dawn", "first light", "sunrise", "morning", "early", "晨", "清早", "日出"),
    "dusk": ("dusk", "twilight", "evening", "blue hour", "violet", "purple", "黄昏", "傍晚", "暮"),
    "ember": ("sunset", "golden hour", "ember", "fire", "lava", "red", "orange", "日落", "晚霞", "红"),
    "night": ("night", "midnight", "moon", "star", "dark", "aurora", "夜", "月", "星"),
    "autumn": ("autumn", "fall colours", "fall colors", "october", "golden", "秋"),
    "winter": ("winter", "wintry", "snow", "snowy", "ice", "icy", "frost", "arctic", "glacier", "冬", "雪", "冰"),
    "mist": (
        "mist",
        "misty",
        "fog",
        "foggy",
        "haze",
        "hazy",
        "rain",
        "rainy",
        "grey",
        "gray",
        "quiet",
        "雾",
        "雨",
        "灰",
    ),
    "day": ("noon", "summer", "sunny", "bright", "blue sky", "spring", "白天", "夏", "晴", "春"),
}
