"""National identity numbers in a plain text (see safety.plain).

Two ways to count as one. Some are written as nothing else is, or have check digits that chance does not meet: they
count wherever they stand. The others are bare digits, as seeds and sizes are: they count after a word that names them.
"""

import re
from collections.abc import Callable, Iterator

from stdnum.ar import cuit
from stdnum.au import tfn
from stdnum.be import nn
from stdnum.bg import egn
from stdnum.br import cpf
from stdnum.ca import sin
from stdnum.ch import ssn as ahv
from stdnum.cl import rut
from stdnum.cn import ric
from stdnum.cz import rc
from stdnum.de import idnr
from stdnum.dk import cpr
from stdnum.ee import ik
from stdnum.es import dni, nie
from stdnum.fi import hetu
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.gr import amka
from stdnum.hr import oib
from stdnum.id import nik
from stdnum.il import idnr as teudat
from stdnum.in_ import aadhaar, pan
from stdnum.it import codicefiscale
from stdnum.kr import rrn
from stdnum.mx import curp
from stdnum.my import nric
from stdnum.nl import bsn
from stdnum.no import fodselsnummer
from stdnum.pk import cnic
from stdnum.pl import pesel
from stdnum.ro import cnp
from stdnum.se import personnummer
from stdnum.si import emso
from stdnum.th import pin
from stdnum.tr import tckimlik
from stdnum.us import itin, ssn
from stdnum.za import idnr as za_idnr

from imgpilot.safety.runs import written

Check = Callable[[str], bool]

#: Beginnings that no British National Insurance number has.
_NO_NINO = ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")
#: How each is written, and its check. Letters are capitals: in running words these shapes do not come up.
SHAPES: tuple[tuple[str, Check], ...] = (
    (r"\d{17}[\dXx]", ric.is_valid),
    (r"[12378] ?\d\d ?\d\d ?[\dAB]{2} ?\d{3} ?\d{3} ?\d\d", nir.is_valid),
    (r"\d{3}-\d\d-\d{4}", lambda n: ssn.is_valid(n) or itin.is_valid(n)),
    (r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]", lambda n: n[:2] not in _NO_NINO),
    (r"[A-Z]{6}[\dL-NP-V]{2}[A-EHLMPRST][\dL-NP-V]{2}[A-Z][\dL-NP-V]{3}[A-Z]", codicefiscale.is_valid),
    (r"[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z\d]\d", curp.is_valid),
    (r"\d{8}[- ]?[A-Z]", dni.is_valid),
    (r"[XYZ][- ]?\d{7}[- ]?[A-Z]", nie.is_valid),
    (r"\d{6}-\d{7}", rrn.is_valid),
    (r"\d{6}[-+A-FU-Y]\d{3}[\dA-Y]", hetu.is_valid),
    (r"\d{3}\.\d{3}\.\d{3}-\d\d", cpf.is_valid),
    (r"\d{1,2}\.\d{3}\.\d{3}-[\dkK]", rut.is_valid),
    (r"\d\d-\d{8}-\d", cuit.is_valid),
    (r"[A-Z]{5}\d{4}[A-Z]", pan.is_valid),
    (r"\d{6}/\d{3,4}", rc.is_valid),
    (r"\d\d\.\d\d\.\d\d-\d{3}\.\d\d", nn.is_valid),
    (r"756\.\d{4}\.\d{4}\.\d\d", ahv.is_valid),
    (r"\d{6}-\d\d-\d{4}", nric.is_valid),
    (r"\d-\d{4}-\d{5}-\d\d-\d", pin.is_valid),
    (r"\d{5}-\d{7}-\d", cnic.is_valid),
)
_SHAPES = tuple(
    (re.compile(rf"(?<![A-Za-z0-9.,-]){shape}(?![A-Za-z0-9])(?![.,-]\d)"), check) for shape, check in SHAPES
)

#: Those that are bare digits, 9 to 16 of them.
BARE: tuple[Check, ...] = tuple(
    module.is_valid
    for module in (
        aadhaar, amka, bsn, cnic, cnp, cpf, cpr, egn, emso, fodselsnummer, idnr, ik, itin, nhs, nik, nn, oib,
        personnummer, pesel, pin, sin, ssn, tckimlik, teudat, tfn, za_idnr,
    )
)  # fmt: skip
_DIGIT = re.compile(r"\d")
#: A word that names such a number, at most NEAR characters before it.
NEAR = 32
NAMES = re.compile(
    r"""\b(?: ssn | sin | tin | itin | nin | nino | tfn | nhs | cpf | cpr | bsn | pesel | cnp | egn | oib | emso | amka
    | dni | nie | aadhaa?r | nik | ktp | idnr | personnummer | personnr | fodselsnummer | kimlik | isikukood
    | steuer-?id\w* | burgerservicenummer | rijksregister\w* | sozialversicherung\w* | codice\ fiscale
    | social\ (?:security|insurance) | national\ (?:id|identity|insurance|number) | tax\ (?:id|number|file|payer)\w*
    | (?:id|identity|identification|personal|citizen)\ (?:card|number|no|nr|code) )\b
    | 身份证 | 身份證 | 证件 | 證件 | 身份号 | 社保 | 社会保障 | 税号 | 稅號 | マイナンバー | 주민""",
    re.IGNORECASE | re.VERBOSE,
)


def found(text: str) -> Iterator[tuple[str, int, int]]:
    """Kind ("identity"), start and end of each."""
    for shape, check in _SHAPES:
        for match in shape.finditer(text):
            if check(match.group()):
                yield "identity", match.start(), match.end()
    after = {_next_digit(text, match.end()) for match in NAMES.finditer(text)}
    for one in written(text, 9, 16) if after else ():
        if one.start in after and any(check(one.digits) for check in BARE):
            yield "identity", one.start, one.end


def _next_digit(text: str, at: int) -> int:
    """Where the first digit stands that follows within NEAR characters; -1 if none does."""
    there = _DIGIT.search(text, at, at + NEAR)
    return there.start() if there else -1
