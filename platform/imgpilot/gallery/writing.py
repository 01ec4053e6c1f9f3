"""Which writing a prompt is in, so that browsers choose its font and screen readers their voice."""

import re

_KANA, _HANGUL, _HAN = (
    re.compile(letters) for letters in ("[\u3040-\u30ff]", "[\u1100-\u11ff\uac00-\ud7af]", "[\u3400-\u9fff]")
)


def tag(text: str) -> str:
    """The language tag for the prompt: ja, ko or zh by its letters; "" where letters do not tell."""
    if _KANA.search(text):
        return "ja"
    if _HANGUL.search(text):
        return "ko"
    return "zh" if _HAN.search(text) else ""
