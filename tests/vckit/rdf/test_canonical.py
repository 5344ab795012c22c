"""RDFC-1.0: independent of labels and order, equal to pyld's, and bounded."""

import contextlib
import random
import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyld import jsonld

from vckit.errors import PolicyLimitError
from vckit.rdf import (
    QUAD_LIMIT,
    WORK_LIMIT,
    Quad,
    canonicalize,
    parse_nquads,
    serialize_nquads,
)
from vckit.rdf.canonical import TEXT_LIMIT

P = "<https://p.example/>"
BLANK = st.integers(0, 6).map("_:e{}".format)
IRI = st.sampled_from(["<urn:a>", "<urn:b>"])
LITERAL = st.sampled_from(['"x"', '"y"@nl', '"1"^^<urn:integer>', '"\U0001f600"', '"\uff00"'])
GRAPH = st.sampled_from(["", "", "", "<urn:g>", "_:e0", "_:e1"])
QUAD = st.builds(
    Quad, BLANK | IRI, st.sampled_from(["<urn:p>", "<urn:q>"]), BLANK | IRI | LITERAL, GRAPH
)
QUADS = st.lists(QUAD, min_size=1, max_size=14)


def canonical(quads):
    """The canonical form, of what isn't refused as too much work for a test."""
    try:
        return canonicalize(quads, work_limit=3_000)
    except PolicyLimitError:
        assume(condition=False)


def renamed(quads, names):
    return [
        Quad(*(names[term] if term.startswith("_:") else term for term in quad)) for quad in quads
    ]


def labels(quads):
    return sorted({term for quad in quads for term in quad if term.startswith("_:")})


def clique(size):
    return [
        Quad(f"_:e{one}", P, f"_:e{other}")
        for one in range(size)
        for other in range(size)
        if one != other
    ]


@given(QUADS, st.randoms(use_true_random=False))
def test_labels_order_and_repetition_make_no_difference(quads, chance):
    expected = canonical(quads)
    old = labels(quads)
    # I17: the new ones may be labels that canonicalisation itself gives out.
    new = chance.sample([*(f"_:c14n{i}" for i in range(9)), "_:b0", "_:b1", "_:zz"], len(old))
    other = renamed(quads, dict(zip(old, new, strict=True)))
    chance.shuffle(other)
    assert canonicalize([*other, *other[:2]]).nquads == expected.nquads


@given(QUADS)
def test_the_canonical_form_is_the_dataset_under_its_canonical_labels(quads):
    result = canonical(quads)
    names = {f"_:{old}": f"_:{new}" for old, new in result.labels.items()}
    assert sorted(names) == labels(quads)
    assert sorted(result.labels.values()) == sorted(f"c14n{i}" for i in range(len(names)))
    assert serialize_nquads(renamed(quads, names)) == result.nquads


@given(QUADS)
def test_the_canonical_form_of_a_canonical_form_is_itself(quads):
    once = canonical(quads).nquads
    assert canonicalize(parse_nquads(once)).nquads == once


@given(QUADS)
@settings(max_examples=300)
def test_pyld_says_the_same(quads):
    # pyld gives graphs in which a blank node refers to itself other labels.
    assume(all(quad[0] != quad[2] and quad[3] not in {quad[0], quad[2]} for quad in quads))
    options = {
        "algorithm": "URDNA2015",
        "inputFormat": "application/n-quads",
        "format": "application/n-quads",
    }
    expected = canonical(quads)
    assert jsonld.normalize(serialize_nquads(quads), options) == expected.nquads


def test_a_node_beside_a_graph_may_have_many_properties():
    # Two graphs with the same content: their names stand beside the node sixteen times each.
    graphs = [
        Quad(subject, predicate, thing, graph)
        for number, graph in enumerate(("_:g0", "_:g1"))
        for subject, predicate, thing in (
            ("<urn:s>", P, f"_:n{number}"),
            *((f"_:n{number}", f"<urn:p{i}>", '"x"') for i in range(16)),
        )
    ]
    result = canonicalize([*graphs, *(Quad("<urn:s>", P, name) for name in ("_:g0", "_:g1"))])
    assert len(result.labels) == 4


def test_sha_384_gives_other_labels_and_an_unknown_hash_none():
    quads = [Quad(f"_:{i}", P, f'"{i}"') for i in range(8)]
    assert canonicalize(quads, algorithm="sha384").labels != canonicalize(quads).labels
    with pytest.raises(KeyError):
        canonicalize(quads, algorithm="md5")


def test_nothing_is_nothing():
    assert canonicalize([]).nquads == ""
    assert canonicalize([]).labels == {}


def test_as_many_statements_as_the_budget_allows_and_one_more():
    quads = [Quad("<urn:s>", P, f'"{i}"') for i in range(QUAD_LIMIT)]
    assert canonicalize(quads).nquads.count("\n") == QUAD_LIMIT
    with pytest.raises(PolicyLimitError):
        canonicalize([*quads, quads[0]])


def test_as_much_text_as_the_budget_allows_and_one_character_more():
    rest = TEXT_LIMIT - len(P) - len("<urn:s>")
    assert canonicalize([Quad("<urn:s>", P, f'"{"x" * (rest - 2)}"')]).labels == {}
    with pytest.raises(PolicyLimitError):
        canonicalize([Quad("<urn:s>", P, f'"{"x" * (rest - 1)}"')])


def test_a_chain_that_is_there_twice_may_be_this_long_and_no_longer():
    def chains(length):
        return [Quad(f"_:{k}_{i}", P, f"_:{k}_{i + 1}") for k in "ab" for i in range(length)]

    assert len(canonicalize(chains(60)).labels) == 122
    with pytest.raises(PolicyLimitError):
        canonicalize(chains(140))


@pytest.mark.no_cover
@pytest.mark.parametrize("size", [6, 8, 20, 70])
def test_cliques_are_refused_in_a_moment(size):
    began = time.process_time()
    with pytest.raises(PolicyLimitError):
        canonicalize(clique(size))
    assert time.process_time() - began < 1


def test_a_small_clique_is_canonicalised():
    assert len(canonicalize(clique(4)).labels) == 4


def test_the_limit_is_the_callers_to_lower():
    canonicalize(clique(4), work_limit=WORK_LIMIT)
    with pytest.raises(PolicyLimitError):
        canonicalize(clique(4), work_limit=100)


def test_work_counts_the_length_of_what_is_hashed():
    long = f"<urn:{'p' * 40_000}>"
    quads = [Quad(f"_:a{i}", long, f"_:b{i}") for i in range(50)]
    canonicalize(quads, work_limit=50 * 2 * 2 * 170)
    with pytest.raises(PolicyLimitError):
        canonicalize(quads, work_limit=50 * 100)


@pytest.mark.no_cover  # counting lines is not the work
@pytest.mark.services  # alone on the machine
def test_no_graph_within_the_limits_takes_long():
    chance = random.Random(8)  # noqa: S311  graphs, no secrets
    graphs = [
        [Quad(f"_:a{i}", P, f"_:b{i}", "_:g") for i in range(QUAD_LIMIT)],
        [Quad(f"_:h{i}", P, f"_:l{j}") for i in range(50) for j in range(100)],
        [Quad(f"_:{i}", P, f"_:{chance.randrange(1_000)}") for i in range(QUAD_LIMIT)],
        [Quad(f"_:{k}{i}", P, f"_:{k}{(i + 1) % 3}") for k in range(1_600) for i in range(3)],
    ]
    for graph in graphs:
        began = time.process_time()
        with contextlib.suppress(PolicyLimitError):
            canonicalize(graph)
        assert time.process_time() - began < 1
