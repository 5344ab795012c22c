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


TYPES = [
    "https://www.w3.org/2018/credentials#VerifiableCredential",
    "https://w3id.org/blauwe-knop/v1#Schuldenopgave",
]


def w3c_credential(credential_format="ldp_vc", types=TYPES, **members):
    meta = {"type_values": [list(types)]}
    return {"id": "a", "format": credential_format, "meta": meta, **members}


def w3c_candidate(credential_format="ldp_vc", types=TYPES, **members):
    document = {"type": ["VerifiableCredential", "Schuldenopgave"], "credentialSubject": CLAIMS}
    return dcql.Candidate("one", credential_format, {"types": types}, document, **members)
