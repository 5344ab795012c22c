"""Row T05: the last good scheme stays in force whatever is offered, and nothing trusts all."""

import pytest

from tests.vckit.participants import DAY, NOW, issuer_entry, participant, scheme_payload
from vckit import trust
from vckit.adapters.sqlite import create_database
from vckit.database import StorageUnavailableError
from vckit.errors import ConfigurationError
from vckit.keys import PrivateKey
from vckit.trust import Kept, SchemeError, SchemeKeeper

RELOAD = 60
GRACE = 7 * DAY
FIRST, SECOND = (PrivateKey.generate("EdDSA") for _ in range(2))
BOXTEL = participant("https://boxtel.example")
ENTRY = issuer_entry(BOXTEL)


class Source:
    """What is offered, signed by two operators where `threshold` says so."""

    reload_seconds = RELOAD
    grace_seconds = GRACE

    def __init__(self, threshold=1):
        self.threshold = threshold
        self.offered = signed(1)

    def read(self):
        if self.offered is None:
            raise SchemeError("scheme.file is unreadable", "unreadable")
        return self.offered

    def verify(self, content, now, **limits):
        keys = [FIRST.public_key, SECOND.public_key]
        return trust.verify_scheme(
            content, operator_keys=keys, threshold=self.threshold, now=now, **limits
        )


def signed(version, *, by=(FIRST,), entries=(ENTRY,), **members):
    return trust.sign_scheme({**scheme_payload(*entries), "versie": version, **members}, by)


@pytest.fixture
def memory(tmp_path):
    database = create_database(tmp_path / "a.sqlite", bytes(32), (trust.MIGRATION,))
    return trust.DatabaseMemory(database)


@pytest.fixture
def source():
    return Source()


@pytest.fixture
def heard():
    return []


@pytest.fixture
def keeper(source, memory, heard):
    return another(source, memory, heard).open(NOW)


def another(source, memory, heard, **settings):
    def alarm(error, version):
        heard.append((error.reason, version))

    return SchemeKeeper(source, memory, alarm, **settings)


def test_a_newer_scheme_is_in_force_at_the_next_look_and_not_before(keeper, source, heard):
    source.offered = signed(2)
    keeper.refresh(NOW + RELOAD - 1)
    assert keeper.scheme.version == 1
    keeper.refresh(NOW + RELOAD)
    assert (keeper.scheme.version, heard, keeper.trouble) == (2, [], None)


def refused():
    """What may lie at the place of a scheme, and the reason that it is refused with."""
    good = signed(2)
    return {
        "gone": (None, "unreadable"),
        "empty": (b"", "unsigned"),
        "truncated": (good[:-20], "unsigned"),
        "byte order mark": (b"\xef\xbb\xbf" + good, "unsigned"),
        "of another": (signed(2, by=[PrivateKey.generate("EdDSA")]), "unsigned"),
        "changed": (good.replace(b'"payload":"e', b'"payload":"f'), "unsigned"),
        "expired": (signed(5, exp=NOW), "expired"),
        "of tomorrow": (signed(5, iat=NOW + DAY), "not_yet_valid"),
        "rolled back": (signed(3), "older"),
        "two of one version": (signed(4, exp=NOW + 29 * DAY), "other_content"),
        "too large": (b" " * (trust.MAX_BYTES + 1), "too_large"),
        "of a demo": (signed(5, demo=True), "demo"),
        "without anybody": (unchecked(5, organisaties=[]), "malformed"),
        "somebody twice": (unchecked(5, organisaties=[ENTRY, ENTRY]), "contradictory"),
        "version as text": (unchecked("5"), "malformed"),
    }


def unchecked(version, **members):
    """Signed by an operator that does not look what it signs."""
    from vckit import jose, strict_json

    payload = {**scheme_payload(ENTRY), "versie": version, **members}
    return jose.sign_general(strict_json.dumps(payload), [({"typ": trust.TYP}, FIRST)])


@pytest.mark.parametrize("how", refused())
def test_T05_the_last_good_scheme_stays_in_force_with_an_alarm(source, memory, heard, how):
    offered, reason = refused()[how]
    source.offered = signed(4)
    keeper = another(source, memory, heard).open(NOW)
    good, source.offered = keeper.scheme, offered
    keeper.refresh(NOW + RELOAD)
    assert keeper.scheme is good
    assert (heard, keeper.trouble.reason) == ([(reason, 4)], reason)
    source.offered = signed(6)
    keeper.refresh(NOW + 2 * RELOAD)
    assert (keeper.scheme.version, keeper.trouble) == (6, None)


@pytest.mark.parametrize("how", sorted(set(refused()) - {"rolled back", "two of one version"}))
def test_T05_without_a_good_one_nothing_starts_and_with_one_kept_it_does(
    source, memory, heard, how
):
    offered, reason = refused()[how]
    source.offered = offered
    with pytest.raises(SchemeError) as told:
        another(source, memory, heard).open(NOW)
    assert told.value.reason == reason
    source.offered = signed(4)
    another(source, memory, heard).open(NOW)
    source.offered = offered
    again = another(source, memory, heard).open(NOW + RELOAD)
    assert (again.scheme.version, again.trouble.reason) == (4, reason)


def test_T05_one_of_two_signatures_is_none(memory, heard):
    source = Source(threshold=2)
    for by in ([FIRST], [SECOND], [FIRST, FIRST], [FIRST, PrivateKey.generate("EdDSA")]):
        source.offered = signed(2, by=by)
        with pytest.raises(SchemeError) as told:
            another(source, memory, heard).open(NOW)
        assert told.value.reason == "unsigned"
    source.offered = trust.add_signature(signed(2, by=[FIRST]), SECOND)
    keeper = another(source, memory, heard).open(NOW)
    source.offered = signed(3, by=[SECOND])
    keeper.refresh(NOW + RELOAD)
    assert (keeper.scheme.version, keeper.trouble.reason) == (2, "unsigned")


def test_T05_a_version_that_one_worker_saw_is_in_force_at_the_other(source, memory, heard):
    one, other = (another(source, memory, heard).open(NOW) for _ in range(2))
    source.offered = signed(7)
    one.refresh(NOW + RELOAD)
    source.offered = signed(6)
    other.refresh(NOW + RELOAD)
    assert (one.scheme.version, other.scheme.version) == (7, 7)
    assert other.trouble.reason == "older"


def test_T05_a_rollback_while_the_service_was_down_is_seen(source, memory, heard):
    source.offered = signed(7)
    another(source, memory, heard).open(NOW)
    source.offered = signed(6)
    later = another(source, memory, heard).open(NOW + DAY)
    assert (later.scheme.version, later.trouble.reason) == (7, "older")


def test_T05_a_frozen_scheme_ends_after_the_grace(keeper, source, memory, heard):
    end = keeper.scheme.expires_at
    for moment in (end, end + GRACE - 1):
        keeper.refresh(moment)
        keeper.require_current(moment)
        assert keeper.trouble.reason == "expired"
        another(source, memory, heard).open(moment)
        with pytest.raises(SchemeError):
            keeper.require_fresh(moment)
    keeper.refresh(end + GRACE)
    with pytest.raises(SchemeError) as told:
        keeper.require_current(end + GRACE)
    assert told.value.reason == "ended"
    with pytest.raises(SchemeError):
        another(source, memory, heard).open(end + GRACE)
    source.offered = signed(2, iat=end, exp=end + 30 * DAY)
    keeper.refresh(end + GRACE + RELOAD)
    keeper.require_current(end + GRACE + RELOAD)
    keeper.require_fresh(end + GRACE + RELOAD)


def test_an_alarm_sounds_once_and_again_after_an_hour(keeper, source, heard):
    source.offered = None
    for minute in range(1, 62):
        keeper.refresh(NOW + minute * RELOAD)
    assert heard == [("unreadable", 1)] * 2


def test_a_scheme_that_leaves_us_out_is_in_force_with_an_alarm(source, memory, heard):
    def judge(scheme, _now):
        if scheme.version == 2:
            raise ConfigurationError("we are not on it")

    keeper = another(source, memory, heard, judge=judge).open(NOW)
    source.offered = signed(2)
    keeper.refresh(NOW + RELOAD)
    assert (keeper.scheme.version, heard) == (2, [("left_out", 2)])


def test_a_memory_that_fails_at_a_look_keeps_what_holds(keeper, source, memory):
    def fail():
        raise StorageUnavailableError("locked")

    memory.newest = fail
    source.offered = signed(2)
    keeper.refresh(NOW + RELOAD)
    assert keeper.scheme.version == 1


def test_the_memory_never_goes_back(memory):
    for version in (2, 1):
        memory.keep(Kept(version, b"%d" % version))
    assert memory.newest() == Kept(2, b"2")


def test_T13_the_scheme_of_a_demo_is_nothing_for_real_debts(source, memory, heard):
    source.offered = signed(1, demo=True)
    with pytest.raises(SchemeError) as told:
        another(source, memory, heard).open(NOW)
    assert told.value.reason == "demo"
    assert another(source, memory, heard, demo=True).open(NOW).scheme.demo


def test_there_is_no_scheme_before_it_was_opened(source, memory, heard):
    with pytest.raises(SchemeError):
        _ = another(source, memory, heard).scheme
