"""The wallet: sealed cards and a history, and what can be done with them.

Everything from outside comes through the Fetcher and the scheme that are handed in; every verb
takes `now` in epoch seconds.
"""

import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from holder_demo import acceptance, sharing
from holder_demo.cards import Card
from holder_demo.checking import FetchOnce, Judge, card_status
from holder_demo.choosing import Share, choose, choose_one_of_each, eligible, newest_first
from holder_demo.identity import Giver
from holder_demo.keystore import Keystore
from holder_demo.own_overview import OwnOverview, own_overviews
from vckit.did import Resolver
from vckit.errors import ConfigurationError, KitError
from vckit.network import Fetcher
from vckit.openid4vci import notification
from vckit.trust import Organisation, Scheme, SchemeError

RECEIVED = "received"
REFUSED = "refused"
DELETED = "deleted"
SHARED = "shared"
DECLINED = "declined"
FAILED = "failed"

_CARDS = "cards"
_HISTORY = "history"
_IDENTITY = "identity"


@dataclass(frozen=True)
class Wallet:
    """One person's opened wallet.

    `read_scheme` gives the verified scheme for a moment, never an older one than before, or raises
    SchemeError: a wallet without a scheme does nothing with anybody. `scheme_trouble` tells why the
    newest could not be read, and the one before goes on. `insecure_origins` are where
    DID documents are fetched without https: in the demo only. `identity_giver` is who gives an
    identity card, of which there is one at most.
    """

    keystore: Keystore
    fetcher: Fetcher
    read_scheme: Callable[[int], Scheme]
    insecure_origins: Collection[str] = ()
    scheme_trouble: Callable[[], SchemeError | None] = lambda: None
    identity_giver: Giver | None = None

    def scheme(self, now: int) -> Scheme:
        """Give the scheme in force."""
        return self.read_scheme(now)

    def cards(self) -> list[Card]:
        """Give the statements, the newest first."""
        cards = [Card.from_record(record) for record in self.keystore.all(_CARDS)]
        return sorted(cards, key=lambda card: (card.obtained_at, card.id), reverse=True)

    def identity(self) -> Card | None:
        """Give the identity card, over or not."""
        records = self.keystore.all(_IDENTITY)
        return Card.from_record(records[0]) if records else None

    def get_identity_of(self, bsn: str, *, now: int) -> Card:
        """Get and keep the identity card of the person with this BSN."""
        return self.get_identity(self._giver().code_of(bsn, fetcher=self.fetcher), now=now)

    def get_identity(self, code: str, *, now: int) -> Card:
        """Get the identity card that a code is for, and keep it in the place of the one before."""
        card = self._giver().card_of(code, fetcher=self.fetcher, now=now)
        self.keystore.put(_IDENTITY, _IDENTITY, card.record())
        self._note(now, RECEIVED, card.organisation, cards=[card.id])
        return card

    def delete_identity(self, *, now: int) -> None:
        """Destroy the identity card and its key; done before is as good."""
        card = self.identity()
        if card is not None:
            self.keystore.delete(_IDENTITY, _IDENTITY)
            self._note(now, DELETED, card.organisation, cards=[card.id])

    def _giver(self) -> Giver:
        if self.identity_giver is None:
            raise ConfigurationError("the settings name nobody who gives an identity card")
        return self.identity_giver

    def card(self, card_id: str) -> Card:
        """Give one card; KeyError when there is none."""
        return Card.from_record(self.keystore.get(_CARDS, card_id))

    def statuses(self, now: int) -> dict[str, str]:
        """Ask the issuers what became of every card: {card id: a name of `checking`}."""
        cards = self.cards()
        if not cards:
            return {}
        judge, once = self._judge(now), FetchOnce(self.fetcher)
        return {card.id: card_status(card, fetcher=once, judge=judge) for card in cards}

    def status(self, card: Card, now: int) -> str:
        """Ask the issuer what became of one card."""
        return card_status(card, fetcher=FetchOnce(self.fetcher), judge=self._judge(now))

    def overviews(self, now: int) -> tuple[OwnOverview, ...]:
        """Join all cards, as their issuers say that they are now; for each person apart."""
        issuers = self.scheme(now).issuers(now)
        return own_overviews(self.cards(), self.statuses(now), issuers, now=now)

    def history(self) -> list[dict[str, Any]]:
        """Give what happened, the newest first: `at`, `event`, `with` and what it was about."""
        entries = self.keystore.all(_HISTORY)
        return sorted(entries, key=lambda entry: int(entry["at"]), reverse=True)

    def open_offer(self, link: str, *, now: int) -> acceptance.Contact:
        """Read an offer link without contacting anyone."""
        return acceptance.open_link(link, scheme=self.scheme(now), now=now)

    def read_offer(
        self, contact: acceptance.Contact, *, now: int, configurations: Collection[str] = ()
    ) -> acceptance.Offered:
        """Ask the issuer what it offers; the offer stays open.

        Of it the credentials of `configurations` are chosen, else the first that can be kept.
        """
        return acceptance.read_offer(
            contact,
            fetcher=self.fetcher,
            scheme=self.scheme(now),
            now=now,
            configurations=configurations,
        )

    def fetch(
        self, offered: acceptance.Offered, tx_code: str | None, *, now: int
    ) -> acceptance.Received:
        """Get the first chosen card and verify it; it is not stored yet."""
        first = replace(offered, configuration_ids=offered.configuration_ids[:1])
        return self.fetch_all(first, tx_code, now=now)[0]

    def fetch_all(
        self, offered: acceptance.Offered, tx_code: str | None, *, now: int
    ) -> tuple[acceptance.Received, ...]:
        """Get all chosen cards, or none, and verify them; they are not stored yet."""
        try:
            return acceptance.fetch_cards(
                offered, tx_code, fetcher=self.fetcher, judge=self._judge(now)
            )
        except KitError as error:
            self._note(now, FAILED, offered.organisation.name, reason=reason_of(error))
            raise

    def store(self, received: acceptance.Received, *, now: int) -> Card:
        """Keep the card, then tell its issuer that it was accepted."""
        card = received.card
        self.keystore.put(_CARDS, card.id, card.record())
        self._note(now, RECEIVED, card.organisation, cards=[card.id])
        acceptance.notify(received.receipt, notification.ACCEPTED, fetcher=self.fetcher)
        return card

    def refuse(self, received: acceptance.Received, *, now: int) -> None:
        """Throw the card away unseen by anyone, and tell its issuer."""
        self._note(now, REFUSED, received.card.organisation)
        acceptance.notify(received.receipt, notification.DELETED, fetcher=self.fetcher)

    def delete(self, card_id: str, *, now: int) -> None:
        """Destroy a card and its key."""
        card = self.card(card_id)
        self.keystore.delete(_CARDS, card_id)
        self._note(now, DELETED, card.organisation, cards=[card_id])

    def read_question(self, link: str, *, now: int) -> sharing.Question:
        """Fetch and verify what a verifier asks."""
        return sharing.read_question(link, fetcher=self.fetcher, judge=self._judge(now))

    def propose(
        self, question: sharing.Question, *, now: int, picked: Collection[str] = ()
    ) -> list[Share]:
        """Give what would be sent if the person changes nothing; [] when nothing fits.

        Of cards `picked` by id exactly those are looked at; KeyError when there is no such card.
        """
        query, identity = question.request.query, self._current_identity(now)
        if picked:
            mine = [*self.cards(), *identity]
            if missing := set(picked) - {card.id for card in mine}:
                raise KeyError(min(missing))
            return choose(query, newest_first(card for card in mine if card.id in picked))
        statements = eligible(self.cards(), self.statuses(now))
        return choose_one_of_each(query, [*statements, *identity])

    def _current_identity(self, now: int) -> list[Card]:
        card = self.identity()
        return [card] if card and card.expires is not None and card.expires > now else []

    def lacking(self, shares: Sequence[Share], now: int) -> list[Organisation]:
        """Give the organisations of which there is nothing in `shares`, and where one can go."""
        given = {share.card.organisation for share in shares}
        issuers = self.scheme(now).issuers(now)
        return [each for each in issuers if each.start_url and each.name not in given]

    def share(self, question: sharing.Question, shares: Sequence[Share], *, now: int) -> str | None:
        """Send what the person agreed to, and remember what went to whom."""
        try:
            address = sharing.answer(question, shares, fetcher=self.fetcher, judge=self._judge(now))
        except KitError as error:
            self._note(now, FAILED, _name_of(question), reason=reason_of(error))
            raise
        self._note(now, SHARED, _name_of(question), shares=[_shared(share) for share in shares])
        return address

    def decline(self, question: sharing.Question, *, now: int) -> None:
        """Send nothing but a no."""
        sharing.decline(question, fetcher=self.fetcher)
        self._note(now, DECLINED, _name_of(question))

    def _judge(self, now: int) -> Judge:
        resolver = Resolver(self.fetcher, self.insecure_origins)
        return Judge(self.scheme(now), resolver, now)

    def _note(self, now: int, event: str, party: str, **about: object) -> None:
        entry = {"at": now, "event": event, "with": party, **about}
        self.keystore.put(_HISTORY, secrets.token_hex(8), entry)


def reason_of(error: KitError) -> str:
    """Give the stable code of an error: a finding's reason, a protocol's code, or its name."""
    for name in ("reason", "code"):
        value = getattr(error, name, None)
        if isinstance(value, str) and value:
            return value
    return type(error).__name__.removesuffix("Error").lower()


def _name_of(question: sharing.Question) -> str:
    return question.verifier.name if question.verifier else question.request.client_id


def _shared(share: Share) -> dict[str, Any]:
    return {
        "card": share.card.id,
        "organisation": share.card.organisation,
        "terms": share.person_terms,
        "debts": len(share.debts),
        "withheld": len(share.withheld_debts),
        "identity": share.card.is_identity,
    }
