"""DCQL queries and a credential to answer them with."""

from vckit import dcql

VCT = "https://stelsel.example/vct/schuldenopgave/1"
CLAIMS = {
    "geslachtsnaam": "Jansen",
    "nil": False,
    "aantal": 2,
    "niets": [],
    "vorderingen": [
        {"term": "belasting", "saldo": 100, "betaal": {"iban": "NL00"}},
        {"term": "boete", "saldo": 250},
    ],
}


def credential(**members):
    return {"id": "a", "format": "dc+sd-jwt", "meta": {"vct_values": [VCT]}, **members}


def query(*credentials, **members):
    return dcql.parse({"credentials": list(credentials) or [credential()], **members})


def candidate(key="one", claims=CLAIMS, **members):
    return dcql.Candidate(key, "dc+sd-jwt", {"vct": VCT}, claims, **members)


def claims_of(*paths, **members):
    return credential(claims=[{"path": list(path)} for path in paths], **members)
