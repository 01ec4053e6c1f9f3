"""What is kept of what a browser says about itself."""

import pytest

from imgpilot.accounts.browsers import called

MOZILLA = "Mozilla/5.0"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (f"{MOZILLA} (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        (f"{MOZILLA} (Windows NT 10.0; Win64; x64) Chrome/142.0 Safari/537.36 Edg/142.0", "Edge · Windows"),
        (f"{MOZILLA} (Linux; Android 15; Pixel 9) Chrome/142.0 Mobile Safari/537.36", "Chrome · Android"),
        (f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1", "Safari · macOS"),
        (f"{MOZILLA} (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/142.0 Safari/604.1", "Chrome · iPhone"),
        (f"{MOZILLA} (Linux; Android 15) Chrome/120 MicroMessenger/8.0", "WeChat · Android"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_a_browser_is_kept_by_name_and_system_alone(agent: str, name: str) -> None:
    assert called(agent) == name
