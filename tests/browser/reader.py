"""A reader's browser window, what they see in it, and what went wrong."""

from urllib.parse import urlsplit

from sim.dashboard.setting import Setting

RUNS = 1_500
BAD = '<img src=x onerror=alert(1)> "&amp; <script>alert(2)</script>'
OWN = f"""
extends: october-2023
question: 'Is {BAD} only text?'
end: 2024-01-31
runs: {RUNS}
actors: {{militias: {{badr: {{title: '<svg onload=alert(3)>'}}}}}}
"""
BROKEN = "extends: october-2023\nquestion: Is it broken?\nend: 2024-99-31\n"
OTHER = f"extends: october-2023\nquestion: Is it another?\nend: 2023-12-31\nruns: {RUNS}\n"
WAIT = 60_000  # milliseconds, far more than needed


class Page:
    """A page, and what it asked for and complained of."""

    def __init__(self, browser, address: str, query: str = "", width: int = 1400) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 950}, accept_downloads=True)
        self.page = self.context.new_page()
        self.page.set_default_timeout(WAIT)
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("websocket", lambda ws: self.requests.append(ws.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.errors.append(dialog.message), dialog.dismiss()))
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.address = address
        self.page.goto(address + query)
        self.page.wait_for_selector(".answer[data-runs]")

    @property
    def key(self) -> str:
        """The setting of the answer that is shown."""
        return str(self.page.locator(".answer").get_attribute("data-key"))

    def slider(self, name: str):
        return self.page.locator(f'[data-name="{name}"] input[type=range]')

    def button(self, name: str, **how):
        return self.page.get_by_role("button", name=name, **how)

    def wait_for(self, setting: Setting, rest: bool = False) -> str:
        """The answer of a setting in words, once it is there."""
        key = setting.key.replace("\\", "\\\\").replace('"', '\\"')
        self.page.wait_for_selector(f'.answer[data-key="{key}"]' + ('[data-rest="1"]' if rest else ""))
        return self.page.locator(".answer").inner_text()

    def reset(self) -> None:
        """As the scenario has it, and held against nothing: opened anew, whatever a test before has done."""
        self.page.goto(self.address)
        self.wait_for(Setting("own"))

    def check(self) -> None:
        """Nothing left the machine, and nothing went wrong."""
        own = urlsplit(self.address)
        for url in self.requests:
            parts = urlsplit(url)
            local = parts.scheme in ("blob", "data") or parts.netloc == own.netloc
            assert local, url
        assert self.errors == []

    def close(self) -> None:
        """The same, and the reader has gone."""
        self.check()
        self.context.close()
