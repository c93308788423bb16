"""Made-up sources in git: two organisations and a service that are published, one draft."""

import subprocess

import pytest

from kmn_ld import ledger, turtle
from kmn_ld.vocab import BASE, PREFIXES

DAY = "2026-11-24"
HEAD = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())


class Place:
    """`old` and `young` are published organisations, `draft` is reserved, `service` published."""

    def __init__(self, folder):
        self.folder, self.path = folder, folder / "data" / "ledger.csv"
        for name in ("organisations", "services", "sources"):
            (folder / "data" / name).mkdir(parents=True)
        self.old, self.young, self.draft = ledger.mint(self.path, "org", 3, date=DAY)
        (self.service,) = ledger.mint(self.path, "service", 1, date=DAY)
        ledger.publish(self.path, [self.old, self.young, self.service], date=DAY)
        self.write("org", self.old, "skos:prefLabel 'Altes Haus'@de ; kmn:status <{active}>")
        self.write("org", self.young, "skos:prefLabel 'Neues Haus'@de ; kmn:status <{active}>")
        self.write("service", self.service, f"kmn:providedBy <{BASE}id/org/{self.young}>")
        self.git("init", "--quiet")
        self.commit()

    def file(self, kind, key):
        return (
            self.folder / "data" / {"org": "organisations", "service": "services"}[kind]
        ) / f"{key}.ttl"

    def write(self, kind, key, said):
        said = said.format(active=f"{BASE}id/concept/status/active")
        file = self.file(kind, key)
        text = f"{HEAD}<{BASE}id/{kind}/{key}> {said} ."
        file.write_text(turtle.format_text(text, file), encoding="utf-8")

    def git(self, *words):
        identity = ["-c", "user.name=T", "-c", "user.email=t@example.org"]
        subprocess.run(["git", *identity, *words], cwd=self.folder, check=True, capture_output=True)

    def commit(self):
        self.git("add", ".")
        self.git("commit", "--quiet", "-m", "x")

    def ledger(self):
        return ledger.parse(self.path.read_bytes(), self.path)

    def state(self, key):
        return self.ledger().states[key]


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)
