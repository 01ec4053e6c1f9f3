"""Whom a person can complain to: the authority of the place where they live (GDPR 77, 12(4); policy P17).

Websites are the main ones of each authority: deeper addresses move too often for a letter that is kept.
"""

from dataclasses import dataclass

from compliance.requests.regimes import country_code
from imgpilot.language import marked as _


@dataclass(frozen=True)
class Authority:
    """A supervisory authority, or whoever takes complaints where there is none."""

    name: str
    #: The name in its own language; "" where that is the same.
    own_name: str
    #: ISO 3166: "NL".
    country: str
    #: Part of the country, for a federal one: "VA". None for the whole.
    subdivision: str | None
    website: str
    #: What else to say, marked for translation.
    note: str = ""
    #: Another one that takes complaints too.
    also: "Authority | None" = None


def _of(country: str, name: str, own_name: str, site: str, note: str = "") -> Authority:
    return Authority(name, own_name, country, None, f"https://{site}", note)


_COUNTRIES = (
    _of("AT", "Austrian Data Protection Authority", "Datenschutzbehörde", "www.dsb.gv.at"),
    _of(
        "BE",
        "Data Protection Authority",
        "Gegevensbeschermingsautoriteit / Autorité de protection des données",
        "www.dataprotectionauthority.be",
    ),
    _of("BG", "Commission for Personal Data Protection", "Комисия за защита на личните данни", "cpdp.bg"),
    _of(
        "CY",
        "Commissioner for Personal Data Protection",
        "Επίτροπος Προστασίας Δεδομένων Προσωπικού Χαρακτήρα",
        "www.dataprotection.gov.cy",
    ),
    _of("CZ", "Office for Personal Data Protection", "Úřad pro ochranu osobních údajů", "uoou.gov.cz"),
    _of(
        "DE",
        "Federal Commissioner for Data Protection and Freedom of Information (BfDI)",
        "Bundesbeauftragte für den Datenschutz und die Informationsfreiheit",
        "www.bfdi.bund.de",
        _(
            "In Germany each federal state has its own authority, and yours takes complaints about companies. "
            "The Federal Commissioner lists them all on its website, on the page “Anschriften und Links”."
        ),
    ),
    _of("DK", "Danish Data Protection Agency", "Datatilsynet", "www.datatilsynet.dk"),
    _of("EE", "Data Protection Inspectorate", "Andmekaitse Inspektsioon", "www.aki.ee"),
    _of("ES", "Spanish Data Protection Agency", "Agencia Española de Protección de Datos", "www.aepd.es"),
    _of("FI", "Office of the Data Protection Ombudsman", "Tietosuojavaltuutetun toimisto", "tietosuoja.fi"),
    _of(
        "FR",
        "French Data Protection Authority (CNIL)",
        "Commission nationale de l’informatique et des libertés",
        "www.cnil.fr",
    ),
    _of("GR", "Hellenic Data Protection Authority", "Αρχή Προστασίας Δεδομένων Προσωπικού Χαρακτήρα", "www.dpa.gr"),
    _of("HR", "Personal Data Protection Agency", "Agencija za zaštitu osobnih podataka", "azop.hr"),
    _of(
        "HU",
        "National Authority for Data Protection and Freedom of Information",
        "Nemzeti Adatvédelmi és Információszabadság Hatóság",
        "www.naih.hu",
    ),
    _of("IE", "Data Protection Commission", "An Coimisiún um Chosaint Sonraí", "www.dataprotection.ie"),
    _of("IS", "Icelandic Data Protection Authority", "Persónuvernd", "www.personuvernd.is"),
    _of(
        "IT",
        "Italian Data Protection Authority",
        "Garante per la protezione dei dati personali",
        "www.garanteprivacy.it",
    ),
    _of("LI", "Data Protection Office", "Datenschutzstelle", "www.datenschutzstelle.li"),
    _of("LT", "State Data Protection Inspectorate", "Valstybinė duomenų apsaugos inspekcija", "vdai.lrv.lt"),
    _of(
        "LU",
        "National Commission for Data Protection",
        "Commission nationale pour la protection des données",
        "cnpd.public.lu",
    ),
    _of("LV", "Data State Inspectorate", "Datu valsts inspekcija", "www.dvi.gov.lv"),
    _of(
        "MT",
        "Information and Data Protection Commissioner",
        "Kummissarju għall-Informazzjoni u l-Protezzjoni tad-Data",
        "idpc.org.mt",
    ),
    _of("NL", "Dutch Data Protection Authority", "Autoriteit Persoonsgegevens", "www.autoriteitpersoonsgegevens.nl"),
    _of("NO", "Norwegian Data Protection Authority", "Datatilsynet", "www.datatilsynet.no"),
    _of("PL", "Personal Data Protection Office", "Urząd Ochrony Danych Osobowych", "uodo.gov.pl"),
    _of("PT", "National Data Protection Commission", "Comissão Nacional de Proteção de Dados", "www.cnpd.pt"),
    _of(
        "RO",
        "National Supervisory Authority for Personal Data Processing",
        "Autoritatea Națională de Supraveghere a Prelucrării Datelor cu Caracter Personal",
        "www.dataprotection.ro",
    ),
    _of("SE", "Swedish Authority for Privacy Protection", "Integritetsskyddsmyndigheten", "www.imy.se"),
    _of("SI", "Information Commissioner", "Informacijski pooblaščenec", "www.ip-rs.si"),
    _of(
        "SK",
        "Office for Personal Data Protection of the Slovak Republic",
        "Úrad na ochranu osobných údajov Slovenskej republiky",
        "dataprotection.gov.sk",
    ),
    _of("GB", "Information Commissioner’s Office (ICO)", "", "ico.org.uk"),
    _of(
        "CH",
        "Federal Data Protection and Information Commissioner (FDPIC)",
        "Eidgenössischer Datenschutz- und Öffentlichkeitsbeauftragter",
        "www.edoeb.admin.ch",
    ),
    _of(
        "BR",
        "National Data Protection Agency (ANPD)",
        "Agência Nacional de Proteção de Dados",
        "www.gov.br/anpd",
    ),
    _of("CA", "Office of the Privacy Commissioner of Canada (OPC)", "", "www.priv.gc.ca"),
    _of("AU", "Office of the Australian Information Commissioner (OAIC)", "", "www.oaic.gov.au"),
    _of("KR", "Personal Information Protection Commission (PIPC)", "개인정보보호위원회", "www.pipc.go.kr"),
    _of("JP", "Personal Information Protection Commission (PPC)", "個人情報保護委員会", "www.ppc.go.jp"),
    _of("ZA", "Information Regulator (South Africa)", "", "inforegulator.org.za"),
    _of("TR", "Personal Data Protection Authority (KVKK)", "Kişisel Verileri Koruma Kurumu", "www.kvkk.gov.tr"),
    _of(
        "TH",
        "Personal Data Protection Committee (PDPC)",
        "สำนักงานคณะกรรมการคุ้มครองข้อมูลส่วนบุคคล",
        "www.pdpc.or.th",
    ),
    _of(
        "TW",
        "Personal Data Protection Commission (PDPC)",
        "個人資料保護委員會",
        "www.pdpc.gov.tw",
        _("The commission is being set up; its preparatory office answers until then."),
    ),
    _of(
        "ID",
        "Ministry of Communication and Digital Affairs",
        "Kementerian Komunikasi dan Digital",
        "www.komdigi.go.id",
        _("The ministry takes complaints until Indonesia’s data protection agency is set up."),
    ),
    _of(
        "IN",
        "Data Protection Board of India",
        "",
        "www.meity.gov.in",
        _("The board is being set up; the website is that of its ministry."),
    ),
)


def _attorney(state: str, name: str, site: str, also: Authority | None = None) -> Authority:
    return Authority(f"Attorney General of {name}", "", "US", state, f"https://{site}", also=also)


_PARTS = (
    Authority(
        "California Privacy Protection Agency (CPPA)",
        "",
        "US",
        "CA",
        "https://cppa.ca.gov",
        also=_attorney("CA", "California", "oag.ca.gov"),
    ),
    _attorney("VA", "Virginia", "www.oag.state.va.us"),
    _attorney("CO", "Colorado", "coag.gov"),
    _attorney("CT", "Connecticut", "portal.ct.gov/ag"),
    _attorney("MT", "Montana", "dojmt.gov"),
    _attorney("TX", "Texas", "www.texasattorneygeneral.gov"),
    _attorney("DE", "Delaware", "attorneygeneral.delaware.gov"),
    _attorney("NE", "Nebraska", "ago.nebraska.gov"),
    _attorney("NH", "New Hampshire", "www.doj.nh.gov"),
    _attorney("TN", "Tennessee", "www.tn.gov/attorneygeneral"),
    _attorney("IN", "Indiana", "www.in.gov/attorneygeneral"),
    _attorney("KY", "Kentucky", "www.ag.ky.gov"),
    _attorney("MD", "Maryland", "oag.maryland.gov"),
    _attorney("RI", "Rhode Island", "riag.ri.gov"),
    _attorney("NJ", "New Jersey", "www.njoag.gov"),
    _attorney("OR", "Oregon", "www.doj.state.or.us"),
    _attorney("MN", "Minnesota", "www.ag.state.mn.us"),
    _attorney("FL", "Florida", "www.myfloridalegal.com"),
    _attorney(
        "UT",
        "Utah",
        "attorneygeneral.utah.gov",
        # The law gives the complaints to the division, which passes them on to the attorney general.
        Authority("Utah Division of Consumer Protection", "", "US", "UT", "https://dcp.utah.gov"),
    ),
    _attorney("IA", "Iowa", "www.iowaattorneygeneral.gov"),
    Authority(
        "Commission on Access to Information of Quebec (CAI)",
        "Commission d’accès à l’information du Québec",
        "CA",
        "QC",
        "https://www.cai.gouv.qc.ca",
    ),
)

#: Every authority we know, by ISO 3166 code of the country and its part.
AUTHORITIES: dict[tuple[str, str | None], Authority] = {
    (body.country, body.subdivision): body for body in (*_COUNTRIES, *_PARTS)
}


def for_person(country: str | None, subdivision: str | None = None) -> Authority | None:
    """The authority where a person lives: that of the part of the country if it has one, else that of the country.

    None where we know none; the letter then says "the data protection authority where you live".
    """
    land = country_code(country or "")
    part = (subdivision or "").strip().upper().removeprefix(f"{land}-")
    return AUTHORITIES.get((land, part)) or AUTHORITIES.get((land, None))
