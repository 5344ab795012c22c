"""RDF Dataset Canonicalization (RDFC-1.0), bounded: blank nodes get labels that all agree on.

Most blank nodes differ in what is directly said of them (4.6); only ties are told apart by the
gossip of their neighbours (4.8), whose cost grows with the factorial of the ties. That part
spends from a budget, so a graph made to be expensive is refused (docs/decisions/0008).
"""

import hashlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType
from typing import Final

from vckit.errors import PolicyLimitError

QUAD_LIMIT: Final = 5_000
TEXT_LIMIT: Final = 2 * 1024 * 1024  # Characters in all terms together.
WORK_LIMIT: Final = 100_000  # About 0.1 s on one core; the worst published graph takes 23,000.
_DEPTH_LIMIT: Final = 64

ALGORITHMS: Final = MappingProxyType({"sha256": hashlib.sha256, "sha384": hashlib.sha384})

_Quad = tuple[str, str, str, str]
_Issuer = dict[str, str]  # Label → new label, in the order of issue (4.5).


@dataclass(frozen=True)
class Canonical:
    """Canonical N-Quads, and the canonical label of every blank node; labels without `_:`."""

    nquads: str
    labels: dict[str, str]


def canonicalize(
    quads: Collection[_Quad], *, algorithm: str = "sha256", work_limit: int = WORK_LIMIT
) -> Canonical:
    """The canonical form of a dataset (RDFC-1.0 4.4.3). `algorithm` is a key of ALGORITHMS.

    Raises PolicyLimitError for more than QUAD_LIMIT quads or TEXT_LIMIT characters, and where
    telling blank nodes apart takes more than `work_limit` hashes.
    """
    if len(quads) > QUAD_LIMIT:
        raise PolicyLimitError("more statements than the budget allows")
    if sum(map(len, chain.from_iterable(quads))) > TEXT_LIMIT:
        raise PolicyLimitError("more text than the budget allows")
    unique = dict.fromkeys(quads)
    issued = _Labelling(unique, _hasher(algorithm), work_limit).issued
    lines = _lines(unique, issued)
    lines.sort()
    labels = {old[2:]: new[2:] for old, new in issued.items()}
    return Canonical("".join(lines), labels)


def _hasher(algorithm: str) -> Callable[[str], str]:
    digest = ALGORITHMS[algorithm]
    return lambda text: digest(text.encode()).hexdigest()


def _lines(quads: Collection[_Quad], issued: _Issuer) -> list[str]:
    """The lines of `quads` with canonical labels; terms but blank nodes begin with no underscore.

    Written out as in `_first_degree`: half the time of a call for each term.
    """
    lines = []
    for subject, predicate, thing, graph in quads:
        first = subject if subject[0] != "_" else issued[subject]
        third = thing if thing[0] != "_" else issued[thing]
        if graph:
            last = graph if graph[0] != "_" else issued[graph]
            lines.append(f"{first} {predicate} {third} {last} .\n")
        else:
            lines.append(f"{first} {predicate} {third} .\n")
    return lines


class _Labelling:
    """The canonicalization state (4.3); `issued` maps every blank node to its canonical one."""

    def __init__(
        self, quads: Collection[_Quad], hash_: Callable[[str], str], work_limit: int
    ) -> None:
        self._hash = hash_
        self._work = work_limit
        self._mentions = _mentions(quads)
        self._first = {node: self._first_degree(node) for node in self._mentions}
        self.issued: _Issuer = {}
        for tied in self._tied():
            self._break_tie(tied)

    def _tied(self) -> list[list[str]]:
        """Label what differs at first sight (4.4.3 step 4); the rest, in order of its hash."""
        by_hash: dict[str, list[str]] = {}
        for node, hash_ in self._first.items():
            by_hash.setdefault(hash_, []).append(node)
        groups = [nodes for _, nodes in sorted(by_hash.items())]
        for nodes in groups:
            if len(nodes) == 1:
                self._issue(nodes[0])
        return [nodes for nodes in groups if len(nodes) > 1]

    def _issue(self, node: str) -> None:
        self.issued.setdefault(node, f"_:c14n{len(self.issued)}")

    def _break_tie(self, tied: list[str]) -> None:
        """4.4.3 step 5 for one hash."""
        open_ = [node for node in tied if node not in self.issued]
        results = [self._n_degree(node, {node: "_:b0"}, 1) for node in open_]
        for _, issuer in sorted(results, key=lambda result: result[0]):
            for node in issuer:
                self._issue(node)

    def _first_degree(self, node: str) -> str:
        """4.6.3. Terms other than blank nodes never begin with an underscore."""
        lines = []
        for subject, predicate, thing, graph in self._mentions[node]:
            first = subject if subject[0] != "_" else "_:a" if subject == node else "_:z"
            third = thing if thing[0] != "_" else "_:a" if thing == node else "_:z"
            if graph:
                last = graph if graph[0] != "_" else "_:a" if graph == node else "_:z"
                lines.append(f"{first} {predicate} {third} {last} .\n")
            else:
                lines.append(f"{first} {predicate} {third} .\n")
        lines.sort()
        return self._hash("".join(lines))

    def _n_degree(self, node: str, issuer: _Issuer, depth: int) -> tuple[str, _Issuer]:
        """4.8.3: a hash of what is said of `node` through its neighbours, and who was met."""
        if depth > _DEPTH_LIMIT:
            raise PolicyLimitError("blank nodes that can't be told apart form too long a chain")
        data = []
        for hash_, neighbours in sorted(self._neighbours(node, issuer).items()):
            path, issuer = self._shortest(neighbours, issuer, depth)
            data.append(hash_ + path)
        return self._hash("".join(data)), issuer

    def _neighbours(self, node: str, issuer: _Issuer) -> dict[str, list[str]]:
        """4.8.3 step 3: the blank nodes beside `node` by how they relate to it (4.7.3).

        A neighbour stands there as often as it is mentioned in that way.
        """
        found: dict[str, list[str]] = {}
        for subject, predicate, thing, graph in self._mentions[node]:
            for position, other in (
                ("s" + predicate, subject),
                ("o" + predicate, thing),
                ("g", graph),
            ):
                if other[:1] == "_" and other != node:
                    known = self.issued.get(other) or issuer.get(other) or self._first[other]
                    found.setdefault(self._hash(position + known), []).append(other)
            self._spend(1 + len(predicate) // 256)
        return found

    def _shortest(self, neighbours: list[str], issuer: _Issuer, depth: int) -> tuple[str, _Issuer]:
        """4.8.3 steps 5.2 to 5.6: the least path over all orders of `neighbours`."""
        chosen, chosen_issuer = "", issuer
        for order in _orders(neighbours):
            self._spend(len(order) + len(issuer))
            path, met = self._path(order, dict(issuer), depth, chosen)
            if not chosen or path < chosen:
                chosen, chosen_issuer = path, met
        return chosen, chosen_issuer

    def _path(
        self, order: list[str], issuer: _Issuer, depth: int, chosen: str
    ) -> tuple[str, _Issuer]:
        """4.8.3 steps 5.4.4 and 5.4.5; breaks off where the path can't beat `chosen`."""
        path, met = "", []
        for node in order:
            label = self.issued.get(node)
            if label is None:
                if node not in issuer:
                    met.append(node)
                label = issuer.setdefault(node, f"_:b{len(issuer)}")
            path += label
            if _longer(path, chosen):
                return path, issuer
        for node in met:
            hash_, reached = self._n_degree(node, issuer, depth + 1)
            path += f"{issuer[node]}<{hash_}>"
            issuer = reached
            if _longer(path, chosen):
                break
        return path, issuer

    def _spend(self, hashes: int) -> None:
        self._work -= hashes
        if self._work < 0:
            raise PolicyLimitError("blank nodes can't be told apart within the budget")


def _orders(nodes: list[str]) -> Iterator[list[str]]:
    """Every order of `nodes`; orders that look the same, since a node stands there twice, once.

    A graph's name is beside a node as often as the node has properties: all orders would be too
    many, and equal ones have equal paths. Each next one is the next in lexicographic order.
    """
    order = sorted(nodes)
    yield order
    while True:
        falling = len(order) - 1
        while falling > 0 and order[falling - 1] >= order[falling]:
            falling -= 1
        if falling <= 0:
            return
        swap = max(i for i in range(falling, len(order)) if order[i] > order[falling - 1])
        order[falling - 1], order[swap] = order[swap], order[falling - 1]
        order[falling:] = reversed(order[falling:])
        yield order


def _longer(path: str, chosen: str) -> bool:
    return bool(chosen) and len(path) >= len(chosen) and path > chosen


def _mentions(quads: Collection[_Quad]) -> dict[str, list[_Quad]]:
    """The blank node to quads map (4.4.3 step 2); a quad stands once with each of its nodes."""
    mentions: dict[str, list[_Quad]] = {}
    for quad in quads:
        subject, _, thing, graph = quad
        if subject[0] == "_":
            mentions.setdefault(subject, []).append(quad)
        if thing[0] == "_" and thing != subject:
            mentions.setdefault(thing, []).append(quad)
        if graph and graph[0] == "_" and graph not in {subject, thing}:
            mentions.setdefault(graph, []).append(quad)
    return mentions
