"""Which cards answer a question, and exactly what of each would be disclosed."""

import contextlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from holder_demo.cards import Card
from holder_demo.checking import EXPIRED, WITHDRAWN
from vckit import dcql, x509
from vckit.errors import MalformedValueError
from vckit.formats import dc_sd_jwt
from vckit.sd_jwt import Path, disclosures_by_path
from vckit.statement import disclosable_paths

DEBTS = "vorderingen"


@dataclass(frozen=True)
class Share:
    """What one card would disclose to one part of a question.

    `paths` are the disclosable things that go, `withheld` those that were asked for and that the
    person keeps back; whatever else the card holds stays, and its always disclosed terms go. Of a
    card that can withhold nothing `paths` are all of them.
    """

    query_id: str
    card: Card
    paths: tuple[Path, ...]
    withheld: tuple[Path, ...] = ()

    @property
    def person_terms(self) -> list[str]:
        """Which terms about the person go."""
        return [term for term in self.card.person_terms if (term,) in self.paths]

    @property
    def debts(self) -> list[int]:
        """The places of the debts that go."""
        return [index for index in range(len(self.card.debts)) if (DEBTS, index) in self.paths]

    @property
    def withheld_debts(self) -> list[int]:
        """The places of the debts that were asked for and do not go."""
        asked = {path[1] for path in self.withheld if path[0] == DEBTS and len(path) > 1}
        return [index for index in range(len(self.card.debts)) if index in asked]

    @property
    def sensitive_terms(self) -> list[str]:
        """Which disclosable terms inside debts go, each once."""
        return sorted({str(path[-1]) for path in self.paths if len(path) > _DEBT_PATH})

    def summary(self) -> dict[str, Any]:
        """What would go, as plain JSON."""
        return {
            "query": self.query_id,
            "card": self.card.id,
            "organisation": self.card.organisation,
            "format": self.card.format,
            "whole": not self.card.is_selective,
            "person_terms": self.person_terms,
            "debts": len(self.debts),
            "withheld_debts": len(self.withheld_debts),
            "sensitive_terms": self.sensitive_terms,
        }

    def without(self, terms: Collection[str], debts: Collection[int] = ()) -> "Share":
        """Keep back person terms (by name), all debts ("vorderingen") or some (by place).

        A card that can withhold nothing can only stay home whole: ask `is_withholdable` first.
        """
        if not self.is_withholdable(terms, debts):
            raise ValueError("This card goes whole or not at all.")
        kept: list[Path] = []
        back: list[Path] = []
        for path in self.paths:
            (back if _is_named(path, terms, debts) else kept).append(path)
        return replace(self, paths=tuple(kept), withheld=(*self.withheld, *back))

    def is_withholdable(self, terms: Collection[str], debts: Collection[int] = ()) -> bool:
        """Tell whether all this can be kept back while the card goes."""
        asked_back = any(_is_named(path, terms, debts) for path in self.paths)
        return self.card.is_selective or not asked_back


_DEBT_PATH = 2  # ("vorderingen", index)


def eligible(cards: Iterable[Card], statuses: Mapping[str, str]) -> list[Card]:
    """Give the cards to answer with where none is picked: the newest that hold.

    Of each organisation that is one in each format. A withdrawn or expired card is not offered
    (security.md H20): that can only be picked by hand.
    """
    chosen: dict[tuple[str, str], Card] = {}
    for card in newest_first(cards):
        if statuses.get(card.id) not in {WITHDRAWN, EXPIRED}:
            chosen.setdefault((card.oin, card.format), card)
    return list(chosen.values())


def newest_first(cards: Iterable[Card]) -> list[Card]:
    """Give them in the order of their reference dates, then of their receipt."""
    return sorted(cards, key=_recency, reverse=True)


def choose(query: dcql.Query, cards: Sequence[Card]) -> list[Share]:
    """Answer a question with these cards; [] when it can't be answered (OpenID4VP 6.4.2)."""
    by_key = {card.id: card for card in cards}
    selection = dcql.match(query, [_candidate(card) for card in cards]).selection()
    return [
        _share(query_id, by_key[found.candidate.key], found)
        for query_id, matches in selection.items()
        for found in matches
    ]


def choose_one_of_each(query: dcql.Query, cards: Sequence[Card]) -> list[Share]:
    """As `choose`, but with no organisation's statement twice where that answers the question.

    Of one organisation's cards the newest statement goes, and of the same statement in two
    formats the one of which parts can be withheld.
    """
    shares = choose(query, cards)
    best: dict[str, Card] = {}
    for share in sorted(shares, key=lambda share: _preference(share.card)):
        best[share.card.oin] = share.card
    return choose(query, list(best.values())) or shares


def is_answer(shares: Iterable[Share]) -> bool:
    """Tell whether any statement goes: who somebody is alone answers no question about debts."""
    return any(not share.card.is_identity for share in shares)


def narrow(shares: Iterable[Share], names: Collection[str]) -> list[Share]:
    """Keep back what is named by term or reference; a card that can't do that stays home."""
    return [
        share.without(names, debts)
        for share in shares
        for debts in [matching_debts(share.card, names)]
        if share.is_withholdable(names, debts)
    ]


def _candidate(card: Card) -> dcql.Candidate:
    return dcql.Candidate(
        key=card.id,
        format=card.format,
        meta=card.meta,
        claims=card.document,
        trusted_authorities=_authorities(card),
    )


def _authorities(card: Card) -> dict[str, list[str]]:
    """Who vouches for the issuer's certificate; a DID has none."""
    if card.format != dc_sd_jwt.FORMAT:
        return {}
    chain = x509.parse_x5c(dc_sd_jwt.unverified_issuer(card.credential).x5c)
    return {"aki": _authority_keys(chain)}


def _authority_keys(chain: Sequence[x509.Certificate]) -> list[str]:
    """Give the authority keys of a chain (6.1.1.1); a self-signed authority names none."""
    found: list[str] = []
    for certificate in chain:
        with contextlib.suppress(MalformedValueError):
            found.append(x509.authority_key_identifier(certificate))
    return found


def _share(query_id: str, card: Card, found: dcql.Match) -> Share:
    """Name the disclosable things on the way to what is asked, and nothing beside them.

    An array that is asked whole comes with its elements (7.1); what can be withheld inside those
    was not named. A query without claims asks for none of what can be withheld (6.4.1), and a card
    that can withhold nothing gives all it has.
    """
    if not card.is_selective:
        return Share(query_id, card, tuple(disclosable_paths(card.claims)))
    wanted = {path[:length] for path in found.disclose for length in range(1, len(path) + 1)}
    whole = {path for path in found.disclose if path and isinstance(_at(card, path), list)}
    disclosable = disclosures_by_path(card.credential)
    paths = tuple(path for path in disclosable if path in wanted or path[:-1] in whole)
    return Share(query_id, card, paths)


def _at(card: Card, path: Path) -> object:
    found: Any = card.document
    for step in path:
        found = found[step]
    return found


def _is_named(path: Path, terms: Collection[str], debts: Collection[int]) -> bool:
    if path[0] == DEBTS:
        return DEBTS in terms or (len(path) > 1 and path[1] in debts) or path[-1] in terms
    return path[0] in terms


def _recency(card: Card) -> tuple[str, int]:
    return str(card.claims.get("peildatum", "")), card.obtained_at


def _preference(card: Card) -> tuple[str, bool, int]:
    return str(card.claims.get("peildatum", "")), card.is_selective, card.obtained_at


def matching_debts(card: Card, names: Collection[str]) -> set[int]:
    """Give the places of the debts that bear one of these references."""
    return {
        index for index, debt in enumerate(card.debts) if not _references(debt).isdisjoint(names)
    }


def _references(debt: Mapping[str, Any]) -> set[str]:
    return {str(debt[name]) for name in ("zaakkenmerk", "vordering_kenmerk") if debt.get(name)}
