"""`.env.example` says what the settings say."""

import re
import subprocess
from pathlib import Path

from config import NEEDED_IN_PRODUCTION, Settings
from imgpilot.envfile import example

FILE = Path(__file__).parent.parent / ".env.example"


def test_the_example_is_in_step_with_the_settings() -> None:
    assert FILE.read_text() == example(), "make env writes it anew"


def test_every_setting_is_in_it_once_under_its_own_name() -> None:
    names = re.findall(r"^#?([A-Z0-9_]+)=", example(), re.MULTILINE)
    assert names == [name.upper() for name in Settings.model_fields]


def test_what_production_needs_is_marked() -> None:
    for name in NEEDED_IN_PRODUCTION:
        block = next(b for b in example().split("\n\n") if re.search(rf"^#?{name.upper()}=", b, re.MULTILINE))
        assert "Needed in production." in " ".join(block.replace("# ", "").split())


def test_a_shell_reads_it_and_every_default_with_it() -> None:
    uncommented = re.sub(r"^#(?=[A-Z0-9_]+=)", "", example(), flags=re.MULTILINE)
    asked = "\nprintf '%s' \"$MAIL_FROM|$IMGPILOT_ENV|$SECRET_KEY\""
    done = subprocess.run(["sh", "-eu", "-c", uncommented + asked], capture_output=True, text=True, check=True)
    assert done.stdout == f"{Settings.model_fields['mail_from'].default}|development|"
