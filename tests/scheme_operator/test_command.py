"""The operator's command, as it is typed."""

import json
import time

import pytest

from scheme_operator import cli
from tests.vckit.adapters.loopback import reply, serving
from tests.vckit.participants import participant
from vckit import trust, x509
from vckit.keys import PrivateKey

BASE = "https://regeling.example"


def entry(name, oin, url, **members):
    return {
        "naam": name,
        "oin": oin,
        "rol": ["issuer"],
        "uitgevers": [url],
        "certificaten": [x509.digest(participant(url).leaf)],
        "soorten": ["schuldenopgave"],
        "start_url": url,
        **members,
    }


ONE = entry("Gemeente Een", "00000001001111111000", "https://een.example")
TWO = entry("Gemeente Twee", "00000001002222222000", "https://twee.example")
HELP = {
    "naam": "Schuldhulp",
    "oin": "00000001003333333000",
    "rol": ["verifier"],
    "doel": "Schuldhulp: met u een plan maken",
    "certificaten": [x509.digest(participant("https://hulp.example").leaf)],
}


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run a command in a folder of its own: its exit code and what it printed."""
    monkeypatch.chdir(tmp_path)
    for name, one in (("een", ONE), ("twee", TWO), ("hulp", HELP)):
        (tmp_path / f"{name}.json").write_text(json.dumps(one), "utf-8")

    def ran(*words):
        code = cli.main(words)
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return ran


def done(run, *words):
    code, printed = run(*words)
    assert code == 0, printed
    return printed


@pytest.fixture
def keys(run):
    for number in (1, 2):
        done(run, "key", f"keys/{number}.pem")
    return [("--operator-key", f"keys/{number}.jwk.json") for number in (1, 2)]


@pytest.fixture
def scheme(run, keys):
    """A scheme of one organisation that both operators signed."""
    done(run, "new", "draft.json", "--operator", "Beheer", "--base", BASE)
    done(run, "add", "draft.json", "een.json")
    sign(run, "draft.json", "half.json", 1)
    sign(run, "half.json", "scheme.json", 2)
    return [*keys[0], *keys[1], "--threshold", "2"]


def sign(run, file, out, key, *more):
    return done(run, "sign", file, out, "--key", f"file:keys/{key}.pem", "--yes", *more)


@pytest.mark.usefixtures("keys")
def test_an_operators_key_is_its_own_and_never_made_over(run, tmp_path):
    assert (tmp_path / "keys/1.pem").stat().st_mode & 0o777 == 0o600
    assert "PRIVATE" in (tmp_path / "keys/1.pem").read_text()
    assert set(json.loads((tmp_path / "keys/1.jwk.json").read_bytes())) == {"crv", "kty", "x"}
    code, printed = run("key", "keys/1.pem")
    assert code == 1
    assert "exists already" in printed


def test_two_keys_sign_one_payload_each_on_its_own_machine(run, scheme):
    half = run("verify", "half.json", *scheme)
    assert half[0] == 1
    assert "not signed as its operators sign" in half[1]
    assert "version 1, 1 organisations" in done(run, "verify", "scheme.json", *scheme)
    code, printed = run("sign", "scheme.json", "x.json", "--key", "file:keys/2.pem", "--yes")
    assert (code, "already" in printed) == (1, True)


@pytest.mark.usefixtures("scheme")
def test_both_signers_read_the_same_fingerprint(run, tmp_path):
    first = sign(run, "draft.json", "again.json", 1).rsplit("payload", 1)[1]
    second = sign(run, "half.json", "whole.json", 2).rsplit("payload", 1)[1]
    assert first == second
    draft = json.loads((tmp_path / "draft.json").read_bytes())
    (tmp_path / "draft.json").write_text(json.dumps({**draft, "iss": "Beheer van iets"}))
    assert sign(run, "draft.json", "other.json", 1).rsplit("payload", 1)[1] != first


@pytest.mark.usefixtures("scheme")
def test_the_next_version_shows_what_it_changes(run):
    assert "version 2" in done(run, "next", "scheme.json", "next.json", "--days", "30")
    assert "Gemeente Twee (00000001002222222000) is new" in done(
        run, "add", "next.json", "twee.json"
    )
    done(run, "add", "next.json", "hulp.json")
    ended = done(run, "end", "next.json", ONE["oin"], "--on", "2027-01-01")
    assert ended.splitlines() == [
        f"~ Gemeente Een ({ONE['oin']}) changes",
        "    geldig_tot: 2027-01-01",
    ]
    told = done(run, "show", "next.json", "--against", "scheme.json").splitlines()
    assert "versie: 1 -> 2" in told
    assert f"+ Schuldhulp ({HELP['oin']}) is new" in told
    assert "    doel: Schuldhulp: met u een plan maken" in told
    assert "    rol + verifier" in told
    assert "nothing changes" in done(run, "show", "scheme.json", "--against", "half.json")


@pytest.mark.usefixtures("scheme")
def test_a_replaced_key_is_told_as_one_away_and_one_more(run, tmp_path):
    new = entry("Gemeente Een", ONE["oin"], "https://een.example")
    (tmp_path / "een.json").write_text(json.dumps(new), "utf-8")
    done(run, "next", "scheme.json", "next.json")
    told = done(run, "replace", "next.json", "een.json")
    assert f"    certificaten - {ONE['certificaten'][0]}" in told
    assert f"    certificaten + {new['certificaten'][0]}" in told


@pytest.mark.usefixtures("scheme")
def test_an_organisation_can_get_a_second_role(run, tmp_path):
    done(run, "next", "scheme.json", "next.json")
    second = {**HELP, "naam": ONE["naam"], "oin": ONE["oin"]}
    (tmp_path / "hulp.json").write_text(json.dumps(second), "utf-8")
    assert run("add", "next.json", "hulp.json")[0] == 1
    told = done(run, "join", "next.json", "hulp.json")
    assert "    rol + verifier" in told
    [after] = json.loads((tmp_path / "next.json").read_bytes())["organisaties"]
    assert after["rol"] == ["issuer", "verifier"]
    assert after["certificaten"] == [*ONE["certificaten"], *HELP["certificaten"]]
    assert run("join", "next.json", "hulp.json")[0] == 1


@pytest.mark.usefixtures("scheme")
def test_who_vanished_is_seen_before_it_is_signed(run, tmp_path):
    done(run, "next", "scheme.json", "next.json")
    done(run, "add", "next.json", "twee.json")
    draft = json.loads((tmp_path / "next.json").read_bytes())
    (tmp_path / "next.json").write_text(json.dumps({**draft, "organisaties": [TWO]}))
    told = done(run, "show", "next.json", "--against", "scheme.json")
    assert f"- Gemeente Een ({ONE['oin']}) is REMOVED" in told


@pytest.mark.usefixtures("scheme")
def test_a_name_cannot_hide_a_line_or_turn_it(run, tmp_path):
    spoofed = {**TWO, "naam": "Gemeente\u202e Twee\n\x1b[2K"}
    (tmp_path / "twee.json").write_text(json.dumps(spoofed), "utf-8")
    done(run, "next", "scheme.json", "next.json")
    told = done(run, "add", "next.json", "twee.json")
    assert r"\u202e" in told
    assert "\x1b" not in told
    assert "\u202e" not in told


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"oin": ONE["oin"]}, "is there already"),
        ({"naam": ONE["naam"]}, "share one name"),
        ({"certificaten": ONE["certificaten"]}, "share one certificate"),
        ({"certificaten": []}, "neither certificate nor DID"),
        ({"soorten": []}, "what it may state"),
        ({"rol": ["verifier"]}, "purpose"),
        ({"oin": "123"}, "not of the agreed shape"),
        ({"demo": True}, "comes from a demo"),
    ],
    ids=lambda value: "" if isinstance(value, str) else next(iter(value)),
)
@pytest.mark.usefixtures("scheme")
def test_T14_what_no_service_would_take_is_refused_at_once(run, tmp_path, changes, told):
    (tmp_path / "twee.json").write_text(json.dumps({**TWO, **changes}), "utf-8")
    done(run, "next", "scheme.json", "next.json")
    before = (tmp_path / "next.json").read_bytes()
    code, printed = run("add", "next.json", "twee.json")
    assert code == 1
    assert told in printed
    assert (tmp_path / "next.json").read_bytes() == before
    (tmp_path / "twee.json").write_text(json.dumps(TWO), "utf-8")
    done(run, "add", "next.json", "twee.json")


@pytest.mark.usefixtures("scheme")
def test_a_version_is_never_signed_twice_or_backwards(run, tmp_path):
    done(run, "next", "scheme.json", "next.json")
    sign(run, "next.json", "two.json", 1, "--against", "scheme.json")
    draft = json.loads((tmp_path / "next.json").read_bytes())
    (tmp_path / "next.json").write_text(json.dumps({**draft, "iss": "Beheer van iets"}))
    words = ("sign", "next.json", "x.json", "--key", "file:keys/1.pem", "--yes")
    code, printed = run(*words, "--against", "two.json")
    assert (code, "not higher" in printed) == (1, True)
    assert not (tmp_path / "x.json").exists()
    (tmp_path / "next.json").write_text(json.dumps({**draft, "exp": int(time.time()) - 1}))
    assert run(*words)[0] == 1


@pytest.mark.usefixtures("scheme")
def test_nothing_is_signed_without_a_yes(run, tmp_path, monkeypatch):
    words = ("sign", "draft.json", "x.json", "--key", "file:keys/1.pem")
    for answer in ("", "no", "ja"):
        monkeypatch.setattr("builtins.input", lambda _question, said=answer: said)
        code, printed = run(*words)
        assert (code, "Gemeente Een" in printed) == (1, True)
    assert not (tmp_path / "x.json").exists()
    monkeypatch.setattr("builtins.input", lambda _question: "yes")
    done(run, *words)


@pytest.mark.usefixtures("scheme")
def test_a_key_that_others_can_read_does_not_sign(run, tmp_path):
    (tmp_path / "keys/1.pem").chmod(0o640)
    words = ("sign", "draft.json", "x.json", "--key", "file:keys/1.pem", "--yes")
    assert run(*words)[0] == 1
    (tmp_path / "keys/1.pem").chmod(0o600)
    done(run, *words)


@pytest.mark.usefixtures("scheme")
def test_nothing_is_written_over(run):
    for words in (
        ("new", "draft.json", "--operator", "Beheer", "--base", BASE),
        ("next", "scheme.json", "draft.json"),
        ("add", "scheme.json", "twee.json"),
    ):
        assert run(*words)[0] == 1


def test_a_file_that_is_something_else_is_told(run, scheme, tmp_path):
    (tmp_path / "leeg.json").write_bytes(b"")
    for words in (
        ("show", "leeg.json"),
        ("show", "er-niet.json"),
        ("add", "draft.json", "leeg.json"),
        ("verify", "draft.json", *scheme),
        ("verify", "scheme.json", "--operator-key", "draft.json"),
        ("next", "leeg.json", "x.json"),
    ):
        code, printed = run(*words)
        assert (code, printed.startswith("refused: ")) == (1, True)


def test_T05_an_older_version_is_refused_when_it_is_judged(run, scheme):
    done(run, "verify", "scheme.json", *scheme, "--minimum-version", "1")
    assert run("verify", "scheme.json", *scheme, "--minimum-version", "2")[0] == 1


@pytest.mark.usefixtures("keys")
def test_a_scheme_of_a_demo_says_so(run, tmp_path):
    done(run, "new", "d.json", "--operator", "Beheer", "--base", BASE, "--demo")
    (tmp_path / "een.json").write_text(json.dumps({**ONE, "demo": True}), "utf-8")
    done(run, "add", "d.json", "een.json")
    sign(run, "d.json", "demo.json", 1)
    payload = trust.unverified_payload((tmp_path / "demo.json").read_bytes())
    assert trust.read_payload(payload).demo


def test_signers_that_are_no_operator_count_nothing(run, scheme, tmp_path):
    stranger = PrivateKey.generate("EdDSA")
    (tmp_path / "s.pem").touch(0o600)
    (tmp_path / "s.pem").write_bytes(stranger.to_pem())
    done(run, "sign", "half.json", "x.json", "--key", "file:s.pem", "--yes")
    assert run("verify", "x.json", *scheme)[0] == 1


def test_T05_a_scheme_is_fetched_when_it_is_good_and_newer(run, scheme, tmp_path):
    published, here = tmp_path / "published.json", tmp_path / "here.json"

    def answer(handler):
        reply(200, published.read_bytes())(handler)

    with serving(answer) as server:
        origin = server.origin
        words = ("fetch", f"{origin}/scheme.json", "here.json", *scheme)
        published.write_bytes((tmp_path / "scheme.json").read_bytes())
        assert run(*words)[0] == 1
        words = (*words, "--insecure-origin", origin)
        assert "version 1" in done(run, *words)
        assert "version 1 still" in done(run, *words)
        done(run, "next", "scheme.json", "next.json")
        sign(run, "next.json", "half.json", 1)
        published.write_bytes((tmp_path / "half.json").read_bytes())
        assert run(*words)[0] == 1
        assert here.read_bytes() == (tmp_path / "scheme.json").read_bytes()
        sign(run, "half.json", "two.json", 2)
        published.write_bytes((tmp_path / "two.json").read_bytes())
        assert "version 2" in done(run, *words)
        published.write_bytes((tmp_path / "scheme.json").read_bytes())
        assert run(*words)[0] == 1
        assert here.read_bytes() == (tmp_path / "two.json").read_bytes()


NAMES = ["key", "new", "next", "add", "replace", "join", "end", "show", "sign", "verify", "fetch"]


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_an_example(name, capsys):
    with pytest.raises(SystemExit):
        cli.main([name, "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert f"example: blauweknop-scheme {name}" in told
