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
from vckit.statement import PERSON_TERMS

DEBTS = "vorderingen"


@dataclass(frozen=True)
class Share:
    """What one card would disclose to one part of a question.

    `paths` are the disclosable things that go, `withheld` those that were asked for and that the
    person keeps back; whatever else the card holds stays, and its always disclosed terms go.
    """

    query_id: str
    card: Card
    paths: tuple[Path, ...]
    withheld: tuple[Path, ...] = ()

    @property
    def person_terms(self) -> list[str]:
        """Which terms about the person go."""
        return [term for term in PERSON_TERMS if (term,) in self.paths]

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

    def without(self, terms: Collection[str], debts: Collection[int] = ()) -> "Share":
        """Keep back person terms (by name), all debts ("vorderingen") or some (by place)."""
        kept: list[Path] = []
        back: list[Path] = []
        for path in self.paths:
            (back if _is_named(path, terms, debts) else kept).append(path)
        return replace(self, paths=tuple(kept), withheld=(*self.withheld, *back))


_DEBT_PATH = 2  # ("vorderingen", index)


def eligible(
    cards: Iterable[Card], statuses: Mapping[str, str], picked: Collection[str] = ()
) -> list[Card]:
    """Give the cards to answer with: those picked, or of each issuer the newest that holds.

    A withdrawn or expired card is not offered (security.md H20) unless it is picked by hand.
    """
    newest_first = sorted(cards, key=_recency, reverse=True)
    if picked:
        return [card for card in newest_first if card.id in picked]
    chosen: dict[str, Card] = {}
    for card in newest_first:
        if statuses.get(card.id) not in {WITHDRAWN, EXPIRED}:
            chosen.setdefault(card.issuer, card)
    return list(chosen.values())


def choose(query: dcql.Query, cards: Sequence[Card]) -> list[Share]:
    """Answer a question with these cards; [] when it can't be answered (OpenID4VP 6.4.2)."""
    by_key = {card.id: card for card in cards}
    selection = dcql.match(query, [_candidate(card) for card in cards]).selection()
    return [
        _share(query_id, by_key[found.candidate.key], found)
        for query_id, matches in selection.items()
        for found in matches
    ]


def _candidate(card: Card) -> dcql.Candidate:
    chain = x509.parse_x5c(dc_sd_jwt.unverified_issuer(card.credential).x5c)
    return dcql.Candidate(
        key=card.id,
        format=card.format,
        meta={"vct": card.type},
        claims=card.claims,
        trusted_authorities={"aki": _authority_keys(chain)},
    )


def _authority_keys(chain: Sequence[x509.Certificate]) -> list[str]:
    """Give the authority keys of a chain (6.1.1.1); a self-signed authority names none."""
    found: list[str] = []
    for certificate in chain:
        with contextlib.suppress(MalformedValueError):
            found.append(x509.authority_key_identifier(certificate))
    return found


def _share(query_id: str, card: Card, found: dcql.Match) -> Share:
    """Name the disclosable things on the way to what is asked, and nothing beside them.

    A query without claims asks for none of what can be withheld (6.4.1).
    """
    wanted = {path[:length] for path in found.disclose for length in range(1, len(path) + 1)}
    disclosable = disclosures_by_path(card.credential)
    return Share(query_id, card, tuple(path for path in disclosable if path in wanted))


def _is_named(path: Path, terms: Collection[str], debts: Collection[int]) -> bool:
    if path[0] == DEBTS:
        return DEBTS in terms or (len(path) > 1 and path[1] in debts) or path[-1] in terms
    return path[0] in terms


def _recency(card: Card) -> tuple[str, int]:
    return str(card.claims.get("peildatum", "")), card.obtained_at


def matching_debts(card: Card, names: Collection[str]) -> set[int]:
    """Give the places of the debts that bear one of these references."""
    return {
        index for index, debt in enumerate(card.debts) if not _references(debt).isdisjoint(names)
    }


def _references(debt: Mapping[str, Any]) -> set[str]:
    return {str(debt[name]) for name in ("zaakkenmerk", "vordering_kenmerk") if debt.get(name)}
