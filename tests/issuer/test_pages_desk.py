"""The desk: who may be there, whom they serve, and what is kept of it."""

import re

import pytest

from issuer.desk import SERVED_SECONDS
from issuer.store.desk import KEPT_SECONDS
from tests.issuer.pages import post, text_of
from tests.issuer.town import ANNA, BRAM, NOW, SETTINGS, csrf_token, log_in, log_in_staff

POSTS = ("/balie", "/balie/klaar", "/balie/document", "/balie/intrekken")
GETS = ("/balie", "/balie/intrekken/onbekend")


@pytest.fixture
def staff(client):
    log_in_staff(client)
    return client


@pytest.fixture
def serving(staff):
    """Somebody of the staff, with Anna at the desk."""
    assert identify(staff, ANNA.bsn).status_code == 303
    return staff


def identify(client, bsn, seen="paspoort"):
    return post(client, "/balie", "/balie", bsn=bsn, seen=seen)


def work_on(town, client, seconds):
    """Time goes by, and the session is used all the while."""
    for _ in range(3):
        client.get("/balie")
        town.clock.now += seconds // 3


def records(town):
    return town.stored().database.execute("SELECT * FROM records")


def kept(town):
    return town.stored().store.desk.since(0)


class TestWhoMayBeThere:
    @pytest.mark.parametrize("path", GETS)
    def test_nobody_without_a_log_in(self, client, path):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/inloggen?naar=/balie")

    @pytest.mark.parametrize("path", GETS)
    def test_no_resident(self, client, path):
        log_in(client, ANNA)
        assert "Dit is alleen voor medewerkers" in text_of(client.get(path), 403)

    @pytest.mark.parametrize("path", POSTS)
    def test_no_resident_by_a_form_either(self, town, client, path):
        log_in(client, ANNA)
        answer = post(client, path, "/mijn-schulden", bsn=BRAM.bsn, seen="paspoort")
        assert answer.status_code == 403
        assert kept(town) == []

    @pytest.mark.parametrize("role", ["balies", "BALIE", "counsellor", "bali"])
    def test_nobody_with_another_role(self, client, role):
        log_in_staff(client, role)
        assert client.get("/balie").status_code == 403

    def test_no_representative(self, client):
        log_in(client, ANNA, acting_bsn=BRAM.bsn, acting_name="Bram Jansen")
        assert client.get("/balie").status_code == 403

    def test_nobody_at_all_where_no_role_is_set(self, town):
        town.config_path.write_text(SETTINGS.replace('role = "balie"\n', ""), "utf-8")
        client = town.app().test_client()
        log_in_staff(client)
        assert client.get("/balie").status_code == 404
        assert client.get("/balie/intrekken/x").status_code == 404

    def test_every_page_of_the_desk_is_behind_the_same_guard(self, town):
        app = town.app()
        rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/balie")]
        assert rules
        assert {rule.endpoint.split(".")[0] for rule in rules} == {"desk"}
        assert {rule.rule for rule in rules} == {*POSTS, "/balie/intrekken/<record_id>"}

    @pytest.mark.parametrize("path", POSTS)
    def test_X04_nothing_is_posted_without_the_token_of_the_page(self, town, serving, path):
        before = kept(town)
        assert serving.post(path, data={"bsn": BRAM.bsn, "seen": "paspoort"}).status_code == 403
        assert kept(town) == before


class TestStaffIsNoResident:
    @pytest.mark.parametrize("path", ["/", "/mijn-schulden", "/app", "/meegegeven", "/blauwe-knop"])
    def test_their_pages_lead_to_the_desk(self, staff, path):
        answer = staff.get(path, follow_redirects=True)
        assert answer.request.path == "/balie"

    @pytest.mark.parametrize("path", ["/document", "/app", "/meegegeven/intrekken"])
    def test_they_post_nothing_there(self, town, staff, path):
        answer = post(staff, path, "/balie")
        assert "U bent ingelogd als medewerker" in text_of(answer, 403)
        assert records(town) == []

    def test_also_when_the_log_in_states_a_bsn(self, town, client):
        log_in_staff(client, bsn=ANNA.bsn, birthdate=ANNA.birthdate)
        assert client.get("/mijn-schulden").status_code == 303
        assert post(client, "/document", "/balie").status_code == 403
        assert records(town) == []

    def test_one_log_out_ends_everything(self, serving):
        assert post(serving, "/uitloggen", "/balie").status_code == 303
        for path in ("/balie", "/mijn-schulden"):
            assert "/inloggen" in serving.get(path).headers["Location"]
        log_in_staff(serving)
        assert "Wie staat er aan de balie?" in text_of(serving.get("/balie"))


class TestIdentifying:
    def test_the_person_is_shown_to_be_compared(self, serving):
        shown = text_of(serving.get("/balie"))
        assert "Vergelijk dit met het identiteitsbewijs." in shown
        assert "Achternaam de Boer Voornamen Anna Geboortedatum 3 februari 1980" in shown

    def test_no_bsn_stands_in_a_page_or_an_address(self, staff):
        answer = identify(staff, ANNA.bsn)
        assert answer.headers["Location"] == "/balie"
        assert ANNA.bsn not in staff.get("/balie").text
        wrong = identify(staff, "000000012")
        assert "000000012" not in wrong.text

    def test_spaces_and_dots_in_the_number_are_no_matter(self, staff):
        assert identify(staff, " 1234.56.782 ").status_code == 303

    @pytest.mark.parametrize("bsn", ["", "12345678", "000000012", "abcdefghi", "١٢٣٤٥٦٧٨٢"])
    def test_an_unknown_number_is_nobody(self, town, staff, bsn):
        assert "Wij kennen niemand met dit BSN." in text_of(identify(staff, bsn), 400)
        assert kept(town) == []

    @pytest.mark.parametrize("seen", ["", "bibliotheekpas"])
    def test_without_a_document_nobody_is_served(self, town, staff, seen):
        answer = identify(staff, ANNA.bsn, seen)
        assert "Kies welk identiteitsbewijs u hebt gezien." in text_of(answer, 400)
        assert kept(town) == []
        assert "Anna" not in staff.get("/balie").text

    def test_after_half_an_hour_one_must_look_again(self, town, serving):
        work_on(town, serving, SERVED_SECONDS)
        shown = text_of(serving.get("/balie"))
        assert "Dit duurde langer dan een half uur" in shown
        assert "Anna" not in shown

    def test_the_next_one_is_somebody_else(self, serving):
        assert post(serving, "/balie/klaar", "/balie").status_code == 303
        assert "Anna" not in serving.get("/balie").text

    def test_two_of_the_staff_serve_two_people(self, town, serving):
        colleague = town.app().test_client()
        log_in_staff(colleague, subject="balie-02")
        identify(colleague, BRAM.bsn)
        assert "Anna" in text_of(serving.get("/balie"))
        assert "Bram" in text_of(colleague.get("/balie"))


class TestTheDocument:
    def test_one_press_gives_it(self, serving):
        answer = post(serving, "/balie/document", "/balie", taal="nl")
        assert answer.data.startswith(b"%PDF-")
        assert "schuldenopgave-GM0757.pdf" in answer.headers["Content-Disposition"]
        assert "Gemaakt aan de balie op 18 november 2026" in text_of(serving.get("/balie"))

    def test_the_resident_reads_that_it_was_made_at_the_desk(self, town, serving):
        post(serving, "/balie/document", "/balie")
        anna = town.app().test_client()
        log_in(anna, ANNA)
        assert "Gemaakt aan de balie op 18 november 2026" in text_of(anna.get("/meegegeven"))

    def test_for_nobody_there_is_none(self, town, staff):
        answer = post(staff, "/balie/document", "/balie")
        assert answer.headers["Location"] == "/balie"
        assert records(town) == []

    def test_also_not_after_half_an_hour(self, town, serving):
        token = csrf_token(serving.get("/balie"))
        work_on(town, serving, SERVED_SECONDS)
        assert serving.post("/balie/document", data={"csrf_token": token}).status_code == 303
        assert records(town) == []


class TestWithdrawing:
    @pytest.fixture
    def record(self, serving):
        post(serving, "/balie/document", "/balie")
        return re.search(r'href="/balie/intrekken/([^"]+)"', serving.get("/balie").text)[1]

    def test_it_is_asked_why_and_told_what_it_means(self, town, serving, record):
        shown = text_of(serving.get(f"/balie/intrekken/{record}"))
        assert "Intrekken kan niet worden teruggedraaid." in shown
        assert "Waarom?" in shown
        assert {one["withdrawn_at"] for one in records(town)} == {None}

    @pytest.mark.parametrize("reason", ["resident", "error", "wrong_person"])
    def test_the_whole_document_is_withdrawn_with_its_reason(self, town, serving, record, reason):
        page = f"/balie/intrekken/{record}"
        answer = post(serving, "/balie/intrekken", page, record=record, reason=reason)
        assert answer.status_code == 303
        assert {one["withdrawn_reason"] for one in records(town)} == {reason}
        assert "Ingetrokken op 18 november 2026" in text_of(serving.get("/balie"))
        assert serving.get(page).status_code == 404

    @pytest.mark.parametrize("reason", ["", "key", "zomaar"])
    def test_without_a_reason_nothing_is_withdrawn(self, town, serving, record, reason):
        page = f"/balie/intrekken/{record}"
        answer = post(serving, "/balie/intrekken", page, record=record, reason=reason)
        assert "Kies waarom het wordt ingetrokken." in text_of(answer, 400)
        assert {one["withdrawn_at"] for one in records(town)} == {None}

    def test_nothing_of_another_person_is_withdrawn_or_told(self, town, serving, record):
        post(serving, "/balie/klaar", "/balie")
        identify(serving, BRAM.bsn)
        assert serving.get(f"/balie/intrekken/{record}").status_code == 404
        for reason in ("error", ""):
            answer = post(serving, "/balie/intrekken", "/balie", record=record, reason=reason)
            assert answer.status_code == 404
        assert {one["withdrawn_at"] for one in records(town)} == {None}

    def test_nothing_is_withdrawn_for_nobody(self, town, serving, record):
        post(serving, "/balie/klaar", "/balie")
        answer = post(serving, "/balie/intrekken", "/balie", record=record, reason="error")
        assert answer.headers["Location"] == "/balie"
        assert serving.get(f"/balie/intrekken/{record}").headers["Location"] == "/balie"
        assert {one["withdrawn_at"] for one in records(town)} == {None}

    def test_a_record_that_is_none_is_not_found(self, serving):
        answer = post(serving, "/balie/intrekken", "/balie", record="onbekend", reason="error")
        assert answer.status_code == 404


class TestWhatIsKept:
    def test_each_act_by_pseudonyms(self, town, serving):
        post(serving, "/balie/document", "/balie")
        record = next(one for one in records(town) if one["part_of"] is None)["record_id"]
        post(serving, "/balie/intrekken", "/balie", record=record, reason="error")
        keyring = town.stored().keyring
        assert [(one.verb, one.record_id, one.identity_document) for one in kept(town)] == [
            ("identified", None, "paspoort"),
            ("document", record, None),
            ("withdrawn", record, None),
        ]
        assert {one.pseudonym for one in kept(town)} == {keyring.pseudonym(ANNA.bsn)}
        assert {one.staff for one in kept(town)} == {keyring.staff("balie-01")}
        assert {one.happened_at for one in kept(town)} == {NOW}

    @pytest.mark.usefixtures("serving")
    def test_nothing_names_anybody(self, town):
        said = repr(kept(town))
        for secret in (ANNA.bsn, "Anna", "Boer", "balie-01", "Fatma", "Yildiz"):
            assert secret not in said

    def test_another_of_the_staff_has_another_pseudonym(self, town):
        keyring = town.stored().keyring
        assert keyring.staff("balie-01") != keyring.staff("balie-02")
        assert keyring.staff(ANNA.bsn) != keyring.pseudonym(ANNA.bsn)

    def test_what_is_old_is_forgotten(self, town, serving):
        first = kept(town)
        town.clock.now += KEPT_SECONDS + 1
        log_in_staff(serving)
        identify(serving, BRAM.bsn)
        assert len(kept(town)) == 1
        assert kept(town) != first
