"""The API for case software: cases and requests, by the owner of a token."""

import pytest

from tests.vckit.statements import debt
from tests.verifier.browser import Browser
from tests.verifier.case_software import JOSE, CaseSoftware, register
from tests.verifier.wallet import OWNER
from tests.verifier.world import VERIFIER_URL
from vckit.openid4vp.request import parse_link
from verifier import tokens

TYPES = "https://w3id.org/blauwe-knop/v1/problems#"
KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"
NO_CASE = "0" * 32


@pytest.fixture
def software(office, world, client):
    return CaseSoftware(client, register(office, world.now)[1])


@pytest.fixture
def other(office, world, client):
    """Other case software, with an owner of its own."""
    return CaseSoftware(client, register(office, world.now, owner="ander")[1])


@pytest.fixture
def answer(office, world, wallet):
    """Have a wallet answer the newest request of a case."""

    def answer(case, *cards):
        asked = wallet.fetch(office.store.request(case["requests"][0]["id"], world.now))
        assert wallet.send(asked, *cards).status_code == 200

    return answer


def problem(given, status, code):
    """Judge a refusal and give what it tells beside its type."""
    assert given.status_code == status, given.text
    assert given.content_type == "application/problem+json"
    told = given.json
    assert (told.pop("type"), told.pop("status")) == (TYPES + code, status)
    return told


def test_a_case_is_opened_with_its_question(software, world):
    given = software.post("/cases", {"person": JOSE})
    case = given.json
    assert given.status_code == 201
    assert given.headers["Location"] == f"{VERIFIER_URL}/api/v1/cases/{case['id']}"
    assert (case["state"], case["person"], case["has_findings"]) == ("CREATED", JOSE, False)
    assert [one["name"] for one in case["organisations"]] == [
        one.name for one in world.municipalities
    ]
    [request] = case["requests"]
    assert request["link"].startswith(f"{VERIFIER_URL}/")
    assert request["qr_svg"].startswith("<svg")
    assert (request["way"], request["ending"], request["organisation"]) == (
        "same_device",
        None,
        None,
    )


def test_who_can_be_asked_is_told_and_some_can_be_chosen(software, world):
    known = software.get("/organisations").json["organisations"]
    assert [one["oin"] for one in known] == [one.oin for one in world.municipalities]
    case = software.open(organisations=[world.boxtel.oin], formats=["dc+sd-jwt"])
    assert [one["name"] for one in case["organisations"]] == ["Gemeente Boxtel"]


def test_a_case_is_followed_until_it_is_answered(software, world, wallet, answer):
    case = software.open(person=JOSE, way="face_to_face")
    path = f"/cases/{case['id']}"
    first = software.get(path)
    assert (first.json["state"], first.headers["Retry-After"]) == ("CREATED", "2")
    again = software.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    answer(case, wallet.card(world.boxtel, debt(1)))
    seen = software.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (seen.status_code, seen.json["state"], seen.json["has_findings"]) == (200, "DONE", True)
    [request] = seen.json["requests"]
    assert (request["link"], request["qr_svg"]) == (None, None)
    assert "Retry-After" not in seen.headers


def test_a_request_is_followed_alone(software, world):
    case = software.open()
    path = f"/cases/{case['id']}/requests/{case['requests'][0]['id']}"
    seen = software.get(path)
    assert seen.json == case["requests"][0]
    same = software.get(path, headers={"If-None-Match": seen.headers["ETag"]})
    assert same.status_code == 304
    world.clock.now += 2 * 86_400 - 1
    assert software.get(path).status_code == 404


def test_a_link_that_is_sent_opens_a_page_of_the_resident(software, client):
    [request] = software.open()["requests"]
    page = client.get(request["link"].removeprefix(VERIFIER_URL), base_url=VERIFIER_URL)
    assert (page.status_code, page.mimetype) == (200, "text/html")
    fetched = client.get(f"/openid4vp/requests/{request['id']}", base_url=VERIFIER_URL)
    assert fetched.status_code == 410


def test_V19_a_code_for_the_screen_is_another_one_every_few_seconds(software, world, client):
    case = software.open(way="face_to_face")
    path = f"/cases/{case['id']}/requests/{case['requests'][0]['id']}"
    first = software.get(path)
    world.clock.now += 10
    later = software.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert later.status_code == 200
    assert later.json["link"] != first.json["link"]
    assert later.json["check_code"] == first.json["check_code"]
    assert len(later.json["check_code"]) == 4
    for seen, status in ((first, 410), (later, 200)):
        address = parse_link(seen.json["link"]).request_uri.removeprefix(VERIFIER_URL)
        assert client.get(address, base_url=VERIFIER_URL).status_code == status


def test_what_came_by_another_screen_is_discarded(software, world, wallet, answer):
    case = software.open(person=JOSE, way="face_to_face")
    path = f"/cases/{case['id']}/requests/{case['requests'][0]['id']}/discard"
    problem(software.post(path), 409, "nothing-to-discard")
    answer(case, wallet.card(world.boxtel, debt(1)))
    gone = software.post(path).json
    assert (gone["state"], gone["ending"]) == ("FAILED", "other_code")
    assert software.get(f"/cases/{case['id']}/overview").json["debts"] == []
    problem(software.post(path), 409, "nothing-to-discard")


def test_one_organisation_of_the_case_is_asked_alone(software, world):
    case = software.open(organisations=[world.boxtel.oin])
    path = f"/cases/{case['id']}/requests"
    asked = software.post(path, {"organisation": world.boxtel.oin}).json
    assert asked["organisation"] == world.boxtel.oin
    told = problem(
        software.post(path, {"organisation": world.michielsgestel.oin}), 422, "content-invalid"
    )
    assert told["errors"] == [{"pointer": "#/organisation", "detail": "is not asked in this case"}]


def test_a_link_past_all_organisations_is_made_and_revoked(software, client):
    path = f"/cases/{software.open()['id']}/collecting-link"
    links = [software.post(path).json["link"].removeprefix(VERIFIER_URL) for _ in range(2)]

    def statuses():
        pages = [client.get(link, base_url=VERIFIER_URL) for link in links]
        return [page.status_code < 400 for page in pages]

    assert statuses() == [False, True]
    assert software.delete(path).status_code == 204
    assert statuses() == [False, False]


def test_a_question_is_asked_again(software):
    case = software.open()
    given = software.post(f"/cases/{case['id']}/requests", {})
    assert given.status_code == 201
    assert given.headers["Location"].endswith(f"/cases/{case['id']}/requests/{given.json['id']}")
    requests = software.get(f"/cases/{case['id']}").json["requests"]
    assert [one["id"] for one in requests] == [given.json["id"], case["requests"][0]["id"]]


def test_after_asking_again_the_overview_tells_what_changed(software, world, wallet, answer):
    case = software.open(person=JOSE, way="face_to_face")
    answer(case, wallet.card(world.boxtel, debt(1)))
    world.clock.now += 60
    software.post(f"/cases/{case['id']}/requests", {})
    assert software.get(f"/cases/{case['id']}/overview").json["changes"]["items"] == []


def test_a_request_is_cancelled_once(software, client):
    case = software.open()
    path = f"/cases/{case['id']}/requests/{case['requests'][0]['id']}/cancel"
    assert software.post(path).json["state"] == "CANCELLED"
    problem(software.post(path), 409, "request-closed")
    fetched = client.get(f"/openid4vp/requests/{case['requests'][0]['id']}", base_url=VERIFIER_URL)
    assert fetched.status_code == 410


def test_a_case_is_forgotten_now(software, office):
    case = software.open(person=JOSE)
    assert software.delete(f"/cases/{case['id']}").status_code == 204
    for path in ("", "/overview", "/files/overzicht.csv"):
        problem(software.get(f"/cases/{case['id']}{path}"), 404, "case-not-found")
    problem(software.delete(f"/cases/{case['id']}"), 404, "case-not-found")
    assert office.database.execute("SELECT * FROM requests") == []


def test_a_case_is_over_when_its_time_is(software, world):
    case = software.open()
    world.clock.now += 12 * 3_600
    problem(software.get(f"/cases/{case['id']}"), 404, "case-not-found")


def test_two_persons_have_one_case(software, world, wallet, answer):
    partner = {**JOSE, "given_name": "Anna"}
    case = software.open(person=JOSE, partner=partner, way="face_to_face")
    assert case["partner"] == partner
    answer(case, wallet.card(world.boxtel, debt(1)))
    both = software.get(f"/cases/{case['id']}/overview").json
    alone = software.get(f"/cases/{case['id']}/overview?person=2").json
    assert (both["totals"]["outstanding"], alone["totals"]["outstanding"]) == (42_900, 0)
    told = problem(
        software.post("/cases", {"person": JOSE, "partner": JOSE}), 422, "content-invalid"
    )
    assert told["errors"] == [{"pointer": "#/partner", "detail": "is the same person as the first"}]


# V37, and nobody learns that a case exists.


def test_V37_another_s_case_is_as_absent_as_none(software, other, browser):
    case = software.open(person=JOSE)
    request = case["requests"][0]["id"]
    absent = problem(other.get(f"/cases/{NO_CASE}"), 404, "case-not-found")
    for call in (
        lambda own: own.get(f"/cases/{case['id']}"),
        lambda own: own.get(f"/cases/{case['id']}/overview"),
        lambda own: own.get(f"/cases/{case['id']}/files/overzicht.csv"),
        lambda own: own.get(f"/cases/{case['id']}/requests/{request}"),
        lambda own: own.post(f"/cases/{case['id']}/requests/{request}/cancel"),
        lambda own: own.post(f"/cases/{case['id']}/requests/{request}/discard"),
        lambda own: own.post(f"/cases/{case['id']}/requests", {}),
        lambda own: own.post(f"/cases/{case['id']}/collecting-link"),
        lambda own: own.delete(f"/cases/{case['id']}/collecting-link"),
        lambda own: own.delete(f"/cases/{case['id']}"),
    ):
        assert problem(call(other), 404, "case-not-found") == absent
    assert browser.get(f"/zaken/{case['id']}").status_code == 403
    assert software.get(f"/cases/{case['id']}").json == case


def test_V37_a_request_of_another_case_is_absent(software, other):
    theirs = other.open()["requests"][0]["id"]
    case = software.open()
    problem(software.get(f"/cases/{case['id']}/requests/{theirs}"), 404, "request-not-found")
    path = f"/cases/{case['id']}/requests/{theirs}/cancel"
    problem(software.post(path), 404, "request-not-found")


def test_a_counsellor_s_name_reaches_no_case_of_that_counsellor(office, world, client, browser):
    browser.post("/zaken", {"organisation": world.boxtel.oin})
    [case] = office.store.cases_of(OWNER, world.now)
    named = CaseSoftware(client, register(office, world.now, owner=OWNER)[1])
    problem(named.get(f"/cases/{case.id}"), 404, "case-not-found")
    assert named.get("/cases").json == {"cases": [], "next": None}


def test_a_renewed_token_of_one_owner_has_its_cases(software, office, world, client):
    case = software.open()
    renewed = CaseSoftware(client, register(office, world.now)[1])
    assert renewed.get(f"/cases/{case['id']}").json == case


def test_V38_nothing_is_there_for_pages_of_others(software, client):
    case = software.open()
    for path in ("/cases", f"/cases/{case['id']}/overview"):
        preflight = client.options(
            f"/api/v1{path}",
            base_url=VERIFIER_URL,
            headers={"Origin": "https://elders.example", "Access-Control-Request-Method": "GET"},
        )
        assert not [name for name, _ in preflight.headers if name.startswith("Access-Control")]


def test_a_log_in_is_no_token(browser):
    answer = browser.get("/api/v1/cases")
    assert answer.status_code == 401


# Tokens (RFC 6750 3).


@pytest.mark.parametrize(
    ("header", "code", "challenge"),
    [
        (None, "token-missing", "Bearer"),
        ("Basic YTpi", "token-missing", "Bearer"),
        ("Bearer ", "invalid-token", 'Bearer error="invalid_token"'),
        ("Bearer onzin", "invalid-token", 'Bearer error="invalid_token"'),
        ("Bearer " + "A" * 43, "invalid-token", 'Bearer error="invalid_token"'),
    ],
)
def test_without_a_good_token_nothing_is_told(client, software, header, code, challenge):
    case = software.open()
    for path in ("/cases", f"/cases/{case['id']}", f"/cases/{NO_CASE}"):
        headers = {"Authorization": header} if header else {}
        given = client.get(f"/api/v1{path}", base_url=VERIFIER_URL, headers=headers)
        problem(given, 401, code)
        assert given.headers["WWW-Authenticate"] == challenge


def test_a_token_that_is_over_or_revoked_is_as_unknown(office, world, client, software):
    made, bearer = register(office, world.now)
    unknown = problem(CaseSoftware(client, "B" * 43).get("/cases"), 401, "invalid-token")
    mine = CaseSoftware(client, bearer)
    assert mine.get("/cases").status_code == 200
    assert office.tokens.revoke(made.id, world.now)
    assert problem(mine.get("/cases"), 401, "invalid-token") == unknown
    assert software.get("/cases").status_code == 200
    brief = CaseSoftware(client, register(office, world.now, life=60)[1])
    assert brief.get("/cases").status_code == 200
    world.clock.now += 60
    assert problem(brief.get("/cases"), 401, "invalid-token") == unknown


@pytest.mark.parametrize("scope", tokens.SCOPES)
def test_a_token_reaches_as_far_as_its_scope(office, world, client, software, scope):
    case = software.open()
    path = f"/cases/{case['id']}"
    mine = CaseSoftware(client, register(office, world.now, scopes=[scope])[1])
    calls = [
        (tokens.CASES_WRITE, lambda: mine.post(f"{path}/requests", {})),
        (tokens.CASES_WRITE, lambda: mine.post(f"{path}/documents", data=b"%PDF-",
                                               media_type="application/pdf")),
        (tokens.CASES_READ, lambda: mine.get(path)),
        (tokens.CASES_READ, lambda: mine.get("/cases")),
        (tokens.CASES_READ, lambda: mine.get("/organisations")),
        (tokens.OVERVIEW_READ, lambda: mine.get(f"{path}/overview")),
        (tokens.REPORT_READ, lambda: mine.get(f"{path}/files/overzicht.csv")),
        (tokens.CASES_WRITE, lambda: mine.delete(path)),
    ]  # fmt: skip
    for needed, call in calls:
        given = call()
        if needed == scope:
            assert given.status_code != 403
        else:
            problem(given, 403, "insufficient-scope")
            assert given.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope"'


# The same request twice.


@pytest.mark.parametrize("written", [KEY, f'"{KEY}"'])
def test_the_same_key_makes_one_case(software, office, written):
    content, headers = {"person": JOSE}, {"Idempotency-Key": written}
    first = software.post("/cases", content, headers=headers)
    second = software.post("/cases", content, headers={"Idempotency-Key": KEY})
    assert (second.status_code, second.json) == (201, first.json)
    assert second.headers["Location"] == first.headers["Location"]
    assert len(software.get("/cases").json["cases"]) == 1
    assert software.post("/cases", content).json["id"] != first.json["id"]
    # Nothing that is kept of it tells whom it was about.
    kept = repr(office.database.execute("SELECT * FROM repeats"))
    assert KEY not in kept
    assert "Hondt" not in kept


def test_the_same_key_asks_once(software):
    path = f"/cases/{software.open()['id']}/requests"
    given = [software.post(path, {}, headers={"Idempotency-Key": KEY}).json for _ in range(2)]
    assert given[0] == given[1]


def test_a_key_binds_what_was_asked_and_where(software):
    headers = {"Idempotency-Key": KEY}
    case = software.post("/cases", {"person": JOSE}, headers=headers).json
    problem(software.post("/cases", {}, headers=headers), 422, "idempotency-key-reused")
    path = f"/cases/{case['id']}/requests"
    problem(software.post(path, {}, headers=headers), 422, "idempotency-key-reused")


def test_a_key_is_of_one_token_for_a_day_or_as_long_as_the_case(software, other, world):
    headers = {"Idempotency-Key": KEY}
    case = software.post("/cases", {}, headers=headers).json
    assert other.post("/cases", {}, headers=headers).json["id"] != case["id"]
    software.delete(f"/cases/{case['id']}")
    # A late repeat brings nothing back.
    problem(software.post("/cases", {}, headers=headers), 404, "case-not-found")
    world.clock.now += 86_400
    assert software.post("/cases", {}, headers=headers).status_code == 201


@pytest.mark.parametrize(
    "written", ["kort", "met een spatie erin", "x" * 201, "", '"half-een-sleutel']
)
def test_what_is_no_key_is_refused(software, written):
    given = software.post("/cases", {}, headers={"Idempotency-Key": written})
    problem(given, 400, "idempotency-key-malformed")


# Lists.


def test_cases_come_a_page_at_a_time(software, world):
    made = []
    for _ in range(5):
        world.clock.now += 1
        made.insert(0, software.open()["id"])
    seen, after = [], ""
    while after is not None:
        page = software.get(f"/cases?limit=2{after and f'&after={after}'}").json
        assert len(page["cases"]) <= 2
        seen += [one["id"] for one in page["cases"]]
        after = page["next"]
    assert seen == made
    assert len(software.get("/cases").json["cases"]) == 5
    assert software.get(f"/cases?after={NO_CASE}").json == {"cases": [], "next": None}
    assert set(page["cases"][0]) == {"id", "state", "created_at", "expires_at"}


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "limit=x", "limit=", "limit=1&limit=2", "after=x", "elders=1"],
)
def test_a_query_that_is_not_known_is_refused(software, query):
    problem(software.get(f"/cases?{query}"), 400, "bad-request")


# What is sent is judged.


@pytest.mark.parametrize(
    ("content", "pointers"),
    [
        ([], [""]),
        ({"onbekend": 1}, [""]),
        ({"person": {"family_name": "X"}}, ["/person/birthdate", "/person/given_name"]),
        ({"person": {**JOSE, "birthdate": "2026-02-30"}}, ["/person/birthdate"]),
        ({"person": {**JOSE, "birthdate": "12-04-1983"}}, ["/person/birthdate"]),
        ({"person": {**JOSE, "family_name": "Kanarie\x00"}}, ["/person/family_name"]),
        ({"person": {**JOSE, "family_name": "  "}}, ["/person/family_name"]),
        ({"person": {**JOSE, "family_name": "K" * 201}}, ["/person/family_name"]),
        ({"person": {**JOSE, "bsn": "123456782"}}, ["/person"]),
        ({"person": None}, ["/person"]),
        ({"partner": JOSE}, [""]),
        ({"organisations": []}, ["/organisations"]),
        ({"organisations": ["1"]}, ["/organisations/0"]),
        ({"organisations": ["0" * 20]}, ["/organisations/0"]),
        ({"formats": ["mso_mdoc"]}, ["/formats/0"]),
        ({"way": "direct"}, ["/way"]),
        ({"formats": ["ldp_vc", "ldp_vc"]}, ["/formats"]),
        ({"webhook": "javascript:alert(1)"}, ["/webhook"]),
        ({"webhook": "https://elders.example/"}, ["/webhook"]),
        ({"webhook": ""}, ["/webhook"]),
    ],
)
def test_every_place_that_is_wrong_is_named_and_no_value(software, content, pointers):
    given = software.post("/cases", content)
    told = problem(given, 422, "content-invalid")
    assert [one["pointer"] for one in told["errors"]] == [f"#{place}" for place in pointers]
    assert not {"Kanarie", "12-04-1983", "elders", "123456782"} & set(given.text.split())
    assert "Kanarie" not in given.text
    assert "elders" not in given.text
    assert software.get("/cases").json["cases"] == []


@pytest.mark.parametrize(
    ("data", "media_type", "status", "code"),
    [
        (b"{", "application/json", 400, "bad-request"),
        (b"", "application/json", 400, "bad-request"),
        (b'{"person": 1, "person": 2}', "application/json", 400, "bad-request"),
        (b"\xff", "application/json", 400, "bad-request"),
        (b"[" * 100_000, "application/json", 413, "too-large"),
        (b"[" * 10_000, "application/json", 400, "bad-request"),
        (b"{}", "text/plain", 415, "unsupported-media-type"),
        (b"{}", None, 415, "unsupported-media-type"),
        (b"a=1", "application/x-www-form-urlencoded", 415, "unsupported-media-type"),
    ],
)
def test_a_body_that_is_no_json_is_refused(software, data, media_type, status, code):
    given = software.post("/cases", data=data, media_type=media_type)
    problem(given, status, code)


def test_a_body_is_32_kibibytes_at_most(software):
    limit = 32 * 1024
    for size, status in ((limit, 201), (limit + 1, 413)):
        given = software.post("/cases", data=b"{}".ljust(size), media_type="application/json")
        assert given.status_code == status


@pytest.mark.parametrize("path", ["", "/", "/nergens", "/cases/", "/cases/x/y"])
def test_a_path_that_there_is_not_is_a_problem(client, path):
    given = client.get(f"/api/v1{path}", base_url=VERIFIER_URL, headers={"Accept": "text/html"})
    problem(given, 404, "not-found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("PUT", "/cases", {"GET", "POST"}), ("PATCH", f"/cases/{NO_CASE}", {"GET", "DELETE"})],
)
def test_another_method_is_a_problem_that_tells_which(software, method, path, allowed):
    given = software.call(method, path)
    problem(given, 405, "method-not-allowed")
    assert allowed <= set(given.headers["Allow"].split(", "))


def test_another_host_is_refused_as_a_problem(client):
    given = client.get("/api/v1/cases", base_url="https://elders.example")
    problem(given, 400, "bad-request")


def test_a_page_elsewhere_still_speaks_to_people(client):
    given = Browser(client).get("/api/v2/cases", headers={"Accept": "text/html"})
    assert (given.status_code, given.mimetype) == (404, "text/html")
