"""The nonce and notification endpoints, and what is forgotten after them."""

from issuer.store import Store
from tests.issuer import town as towns
from tests.issuer.town import bearer
from tests.issuer.wallet import error


def rows_of(town, table):
    return town.stored().database.execute(f"SELECT * FROM {table}")  # noqa: S608  our own names


def test_a_notification_destroys_the_seed(town, wallet, code):
    token = wallet.token(code)
    told = {"notification_id": wallet.ask(token).json["notification_id"]}
    told["event"] = "credential_accepted"
    for _ in range(2):
        answer = wallet.client.post("/notification", json=told, headers=bearer(token))
        assert (answer.status_code, answer.data) == (204, b"")
    [row] = rows_of(town, "records")
    assert (row["seed_part"], row["thumbprint"]) == (None, None)
    assert row["notified"] == "credential_accepted"


def test_a_key_that_asks_again_after_its_report_gets_a_new_credential(town, wallet, code):
    token = wallet.token(code)
    texts, told = [], {"event": "credential_failure"}
    for _ in range(2):
        answer = wallet.ask(token)
        texts.append(answer.json["credentials"][0]["credential"])
        told["notification_id"] = answer.json["notification_id"]
        assert wallet.client.post("/notification", json=told, headers=bearer(token)).data == b""
    first, second = (wallet.verify(text) for text in texts)
    assert first.holder_key == second.holder_key
    assert not set(first.statuses) & set(second.statuses)
    assert not set(texts[0].split("~")[1:-1]) & set(texts[1].split("~")[1:-1])
    assert [row["notified"] for row in rows_of(town, "records")] == ["credential_failure"] * 2


def test_P25_what_was_withdrawn_after_the_report_does_not_come_back(town, wallet, code):
    token = wallet.token(code)
    told = {"notification_id": wallet.ask(token).json["notification_id"]}
    told["event"] = "credential_accepted"
    assert wallet.client.post("/notification", json=told, headers=bearer(token)).data == b""
    [row] = rows_of(town, "records")
    assert town.stored().store.records.withdraw(row["record_id"], "resident", town.clock.now)
    assert error(wallet.ask(token)) == "credential_request_denied"


def test_the_end_of_the_token_destroys_seed_and_thumbprint(town, wallet, code):
    wallet.receive(code)
    [row] = rows_of(town, "records")
    assert row["seed_part"] is not None
    Store(town.stored().database).purge(town.clock.now + 300)
    [row] = rows_of(town, "records")
    assert (row["seed_part"], row["thumbprint"], row["pseudonym"] is None) == (None, None, False)
    Store(town.stored().database).purge(town.clock.now + 31 * towns.DAY)
    [row] = rows_of(town, "records")
    assert row["pseudonym"] is None
    assert rows_of(town, "offers")[0]["person"] is None


def test_P26_a_notification_is_about_ones_own_credentials(wallet, offer):
    mine = wallet.token(offer().offer.pre_authorized_code)
    other = wallet.token(offer().offer.pre_authorized_code)
    told = {"notification_id": wallet.ask(mine).json["notification_id"]}
    told["event"] = "credential_accepted"

    def send(body, token):
        return wallet.client.post("/notification", json=body, headers=bearer(token))

    assert error(send(told, other)) == "invalid_notification_id"
    unknown = {**told, "notification_id": "x"}
    assert error(send(unknown, mine)) == "invalid_notification_id"
    wrong_event = {**told, "event": "credential_lost"}
    assert error(send(wrong_event, mine)) == "invalid_notification_request"
    markup = {**told, "event_description": "<b>é</b>"}
    assert error(send(markup, mine)) == "invalid_notification_request"
    assert send(told, mine).status_code == 204


def test_P29_nonces_are_posted_for_and_take_no_room(town, wallet):
    refused = wallet.client.get("/nonce")
    assert refused.status_code == 405
    assert "POST" in refused.headers["Allow"]
    nonces = {wallet.nonce() for _ in range(200)}
    assert len(nonces) == 200
    assert rows_of(town, "spent_nonces") == []
    assert wallet.client.post("/nonce").headers["Cache-Control"] == "no-store"
