"""What a dishonest holder presents: other credentials, other proofs, other claims."""

import json

from tests.attacks import forging, proving
from tests.attacks.holder import Presented

SUBJECT = ("credentialSubject",)
DEBT = (*SUBJECT, "vorderingen", 0)
PLACES = ((), SUBJECT, DEBT, (*DEBT, "schuldeiser"), ("credentialStatus", 0))


def held(card, document):
    """The holder presents this in the place of the card's document."""
    return lambda asked: proving.presentation(asked, card.key, document)


def shown(card):
    return lambda asked: card.present(asked.client_id, asked.nonce)


def inside(card, document):
    """An honest presentation with another credential in it."""

    def present(asked):
        entry = card.present(asked.client_id, asked.nonce)
        return Presented(entry.query_id, {**entry.presentation, "verifiableCredential": [document]})

    return present


def presented_with(card, change):
    """An honest presentation whose own proof is then changed."""

    def present(asked):
        entry = card.present(asked.client_id, asked.nonce)
        entry.presentation["proof"] = change(entry.presentation["proof"])
        return entry

    return present


def presentation_jwt(card, asked, header=None, key=None, **changes):
    """The holder's JWT signed anew with other members; None leaves one out."""
    entry = card.present(asked.client_id, asked.nonce)
    head, claims = forging.parts(entry.presentation)
    kept = {name: value for name, value in {**claims, **changes}.items() if value is not None}
    given = {n: value for n, value in {**head, **(header or {})}.items() if value is not None}
    return Presented(entry.query_id, forging.signed(given, kept, key or card.key))


def carrying(card, text):
    """The holder's JWT with another credential in the place of the card's."""

    def present(asked):
        entry = card.present(asked.client_id, asked.nonce)
        header, claims = forging.parts(entry.presentation)
        other = json.loads(json.dumps(claims).replace(card.text, text))
        return Presented(entry.query_id, forging.signed(header, other, card.key))

    return present


def put(place, name, value):
    """A change that puts a member at a place of the document."""

    def change(document):
        at = document
        for step in place:
            at = at[step]
        at[name] = value

    return change


def at(document, place):
    for step in place:
        document = document[step]
    return document


def anyhow(card, document):
    """Signed by the holder where a careless processor can read it, else in an honest frame."""

    def present(asked):
        try:
            return held(card, document)(asked)
        except proving.UNREADABLE:
            return inside(card, document)(asked)

    return present
