"""Whether every text is translated into every language: each missing, obsolete, unsure or broken one is named.

With `--update`, the files are brought in step with the texts instead; what is new is left empty for a translator.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

import config

ROOT = Path(__file__).parent.parent
SOURCES = ("platform/imgpilot", "compliance")
FOLDER = ROOT / "platform" / "imgpilot" / "translations"
WRITTEN_IN = "en"
SHOWN = 40


def texts() -> Catalog:
    """Every text that is marked for translation, in Python and in templates."""
    keywords = ("-k", "lazy_gettext", "-k", "marked", "-k", "translate:2", "-k", "translate_count:2,3")
    with tempfile.NamedTemporaryFile(suffix=".pot") as found:
        extract = (sys.executable, "-m", "babel.messages.frontend", "-q", "extract")
        options = ("-F", str(ROOT / ".ci" / "babel.cfg"), *keywords, "--add-location=file", "-o", found.name)
        if subprocess.run([*extract, *options, *SOURCES], cwd=ROOT, check=False).returncode:
            sys.exit("The texts cannot be collected; what is wrong stands above.")
        return read_po(found)


def read(language: str) -> Catalog | None:
    """The translations into a language, if there are any."""
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return None
    with path.open("rb") as file:
        return read_po(file, locale=language)


def faults(wanted: Catalog, language: str) -> list[str]:
    """What is wrong with one language, a line each."""
    found = read(language)
    if found is None:
        return [f"{language}: no translations at all, of {len(wanted)} texts"] if len(wanted) else []
    said = []
    for message in wanted:
        if message.id and (message.id not in found or not _filled(found[message.id].string)):
            said.append(f"{language}: missing: {_short(message.id)}")
    for message in found:
        if message.id and message.id not in wanted:
            said.append(f"{language}: obsolete: {_short(message.id)}")
        elif message.id and message.fuzzy:
            said.append(f"{language}: unsure (fuzzy): {_short(message.id)}")
        elif message.id:
            said += [f"{language}: broken: {_short(message.id)}: {error}" for error in message.check(found)]
    return said + [f"{language}: obsolete: {_short(message.id)}" for message in found.obsolete.values()]


def update(wanted: Catalog, language: str) -> None:
    """Bring one file in step with the texts, keeping what is translated."""
    new = Catalog(
        locale=language,
        project=config.PRODUCT,
        msgid_bugs_address=config.CONTACT,
        last_translator=config.CONTACT,
        language_team=config.PRODUCT,
        fuzzy=False,
    )
    found = read(language) or new
    found.header_comment = f"# {config.PRODUCT} in {config.LANGUAGES[language]}"
    found.update(wanted, no_fuzzy_matching=True, update_creation_date=False)
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, found, ignore_obsolete=True, include_lineno=False, width=0)


def _filled(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return all(string) if isinstance(string, (tuple, list)) else bool(string)


def _short(text: str | tuple[str, ...] | list[str]) -> str:
    words = text if isinstance(text, str) else text[0]
    return repr(words if len(words) <= 70 else words[:69] + "…")


def main() -> None:
    """Check, or bring up to date."""
    wanted = texts()
    languages = [language for language in config.LANGUAGES if language != WRITTEN_IN]
    if "--update" in sys.argv[1:]:
        for language in languages:
            update(wanted, language)
        return
    wrong = [line for language in languages for line in faults(wanted, language)]
    if wrong:
        rest = [f"… and {len(wrong) - SHOWN} more"] if len(wrong) > SHOWN else []
        sys.exit("\n".join([*wrong[:SHOWN], *rest, "`make translations` brings the files in step with the texts."]))
    sys.stdout.write(f"Translations: {len(wanted)} texts, complete in {', '.join(languages)}.\n")


if __name__ == "__main__":
    main()
