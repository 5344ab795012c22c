"""Sealed documents of an organisation in the tests' hands."""

import time

from tests.vckit.sealed_pages import SD_JWT, W3C, pages
from vckit.data_model import random_id
from vckit.sealed_pdf import Attachment, seal_pages


def paged(text, twin=None):
    """The pages around a statement, and around its twin in the W3C format."""
    attached = [Attachment("schuldenopgave.sd-jwt", SD_JWT, text)]
    if twin is not None:
        attached.append(Attachment("schuldenopgave.json", W3C, twin))
    return pages(*attached)


def seal(town, made, *, key=None, chain=None):
    """Any pages under the seal of an organisation, or of whose key and chain these are."""
    return seal_pages(
        made,
        "Zegel",
        signer=key or town.seal_key,
        chain=chain or town.seal_chain,
        sealed_at=int(time.time()),
    )


def sealed(town, text, twin=None, **whose):
    """A document as this organisation makes it, with any text as its credential."""
    return seal(town, paged(text, twin), **whose)


def twins(town, person, *, other=None):
    """One statement in both formats; `other` are terms of the second one alone."""
    stated = {"opgave_kenmerk": random_id(), "bsn": None}
    card = town.card(person, document=True, terms=stated)
    different = {**stated, "document": True, **(other or {})}
    return card, town.identity.card(person, terms=different, holder_id=None)
