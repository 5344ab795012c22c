"""Bitstring lists as no honest issuer serves them."""

import json

from tests.attacks import proving


def changed(identity, change, key=None, method=None, **options):
    """The list after `change`, signed anew: the last word is with what is in it."""
    document = json.loads(identity.list("revocation"))
    document = change(document) or document
    return json.dumps(
        proving.proven(
            document,
            key or identity.keys["EdDSA"],
            method or identity.method("EdDSA"),
            **options,
        )
    )


def inner(**members):
    """A change of the list's subject; None leaves a member out."""

    def change(document):
        subject = {**document["credentialSubject"], **members}
        document["credentialSubject"] = {n: v for n, v in subject.items() if v is not None}

    return change


def outer(**members):
    """The same of the credential around it."""

    def change(document):
        return {n: v for n, v in {**document, **members}.items() if v is not None}

    return change
