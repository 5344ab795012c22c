"""The contexts of the published examples, as far as these use them. The product knows neither."""

from functools import cache

from vckit.rdf import JsonLd

_EXAMPLES = "https://www.w3.org/ns/credentials/examples#"
_CITIZENSHIP = "https://w3id.org/citizenship#"
_SCHEMA = "https://schema.org/"
_DATE = "http://www.w3.org/2001/XMLSchema#dateTime"

CONTEXTS = {
    "https://www.w3.org/ns/credentials/examples/v2": {
        name: _EXAMPLES + name for name in ("AlumniCredential", "alumniOf")
    },
    "https://w3id.org/citizenship/v4rc1": {
        **{
            name: _CITIZENSHIP + name
            for name in (
                *("EmploymentAuthorizationDocumentCredential", "EmploymentAuthorizationDocument"),
                *("EmployablePerson", "birthCountry", "lprCategory", "lprNumber"),
                "employmentAuthorizationDocument",
            )
        },
        **{
            name: _SCHEMA + name
            for name in ("Person", "additionalName", "familyName", "givenName", "gender")
        },
        "identifier": _SCHEMA + "identifier",
        "birthDate": {"@id": _SCHEMA + "birthDate", "@type": _DATE},
        "residentSince": {"@id": _CITIZENSHIP + "residentSince", "@type": _DATE},
        "image": {"@id": _SCHEMA + "image", "@type": "@id"},
    },
}


@cache
def json_ld():
    """A processor that knows the contexts of the published examples as well."""
    processor = JsonLd()
    for url, terms in CONTEXTS.items():
        processor._known._own[url] = {"@context": terms}
        processor._known._urls |= {url}
    return processor
