from threading import Thread
from werkzeug.serving import make_server
from playwright.sync_api import sync_playwright
from tests.portal.test_intake import *
from tests.journey import looking
from pathlib import Path
def test_shots(site, session, parts, ana, monkeypatch):
    monkeypatch.setattr(looking, "SCREENSHOTS", Path("/tmp/w2shots"))
    b=Browser(site)
    ask(b, Kind.ACCESS, details="Please send me everything, and quickly. My son used the account too.")
    plain=token(parts,newest(session))
    ask(b, Kind.DELETION); dele=token(parts,newest(session))
    server = make_server("127.0.0.1", 0, site, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    faults=looking.Faults()
    with sync_playwright() as p:
        c=p.chromium.launch(executable_path="/usr/bin/chromium",args=["--no-sandbox"])
        ctx=c.new_context(base_url=f"http://127.0.0.1:{server.server_port}", reduced_motion="reduce", viewport={"width":1280,"height":900})
        page=ctx.new_page()
        for name,path in dict(choose=FORM,access=FORM+"?kind=access",correction=FORM+"?kind=correction",optout=FORM+"?kind=opt-out",confirm="/privacy/confirm/"+plain,delete="/privacy/confirm/"+dele,dead="/privacy/confirm/x",yes="/privacy/confirmed/yes",no="/privacy/confirmed/no").items():
            page.goto(path); looking.look(page,name,faults)
        page.goto(FORM+"?kind=correction"); page.fill("#f-address","ana@example"); page.select_option("#f-country","US"); page.check("input[name=who][value=other]"); page.click("text=Send the request"); page.wait_for_load_state()
        looking.look(page,"errors",faults)
        page.goto(FORM+"?kind=access"); page.fill("#f-address","carl@example.com"); page.select_option("#f-country","DE"); page.click("text=Send the request"); page.wait_for_load_state()
        looking.look(page,"sent",faults)
        c.close()
    server.shutdown()
    print("\n".join(faults)); assert not faults
