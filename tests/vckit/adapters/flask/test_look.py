"""Pages, languages, money, dates and QR codes; what is taken over from others, and its origin."""

import gzip
import hashlib
import re
import runpy
import tomllib
from pathlib import Path

import flask
import pytest

from tests.vckit.adapters.flask import service
from vckit.adapters.flask import catalogue, look

STATIC = look.STATIC
MACROS = """
{% extends "base.html" %}
{% from "macros.html" import alert, button, blauwe_knop, card, status, summary, amount, field,
   textarea, select, upload, checkbox, radios, fieldset, csrf, form_errors, table, qr, steps,
   details, back, whole with context %}
{% block content %}
"""


@pytest.fixture
def render(app):
    def page(source: str, language: str = "nl", **values) -> str:
        with app.test_request_context(f"/?taal={language}", base_url=service.BASE):
            return flask.render_template_string(MACROS + source + "{% endblock %}", **values)

    return page


@pytest.fixture
def speaking(app):
    def within(language: str, call):
        with app.test_request_context(f"/?taal={language}", base_url=service.BASE):
            return call()

    return within


# Money and time


@pytest.mark.parametrize(
    ("cents", "dutch", "english"),
    [
        (123450, "€\xa01.234,50", "€1,234.50"),
        (0, "€\xa00,00", "€0.00"),
        (-4500, "€\xa0-45,00", "-€45.00"),
        (1, "€\xa00,01", "€0.01"),
        (99_999_999_999_99, "€\xa099.999.999.999,99", "€99,999,999,999.99"),
    ],
)
def test_money_is_written_as_the_language_does(speaking, cents, dutch, english):
    assert speaking("nl", lambda: look.euro(cents)) == dutch
    assert speaking("en", lambda: look.euro(cents)) == english


def test_days_and_moments_are_those_of_amsterdam(speaking):
    summer = 1_782_943_200  # 2026-07-01 22:00 UTC
    winter = 1_795_734_000  # 2026-11-26 23:00 UTC
    assert speaking("nl", lambda: look.tijdstip(summer)) == "2 juli 2026 00:00"
    assert speaking("nl", lambda: look.tijdstip(winter)) == "27 november 2026 00:00"
    assert speaking("nl", lambda: look.datum(summer)) == "2 juli 2026"
    assert speaking("nl", lambda: look.datum("2026-11-20")) == "20 november 2026"
    assert speaking("en", lambda: look.datum("2026-11-20")) == "20 November 2026"


# Languages


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("nl", "nl"),
        ("en-GB,en;q=0.8", "en"),
        ("fr", "nl"),
        ("", "nl"),
        (";;;q=x,,;q=", "nl"),
        ("\x00\xff", "nl"),
        ("x," * 5_000, "nl"),
    ],
    ids=["nl", "en", "fr", "none", "broken", "bytes", "10 KB"],
)
def test_X28_any_accept_language_is_answered(browser, header, language):
    response = browser(
        "GET", "/", headers={"Accept-Language": header.encode("latin-1").decode("latin-1")}
    )
    assert response.status_code == 200
    assert f'<html lang="{language}">' in response.text


def test_a_chosen_language_stays(browser):
    response = browser("GET", "/?taal=en&a=b")
    assert '<html lang="en">' in response.text
    assert 'href="?a=b&amp;taal=nl" lang="nl"' in response.text
    assert '<html lang="en">' in browser("GET", "/").text
    assert '<html lang="nl">' in browser("GET", "/?taal=nl").text
    assert browser("GET", "/?taal=<script>").status_code == 200


def test_a_service_brings_its_own_sentences(tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "x.html").write_text(
        '{{ _("Dit is van de dienst") }} {{ _("Uitloggen") }}'
    )
    assert not catalogue.is_compiled(tmp_path)
    catalogue.main([str(tmp_path)])
    assert catalogue.untranslated(tmp_path) == ["Dit is van de dienst", "Uitloggen"]
    po = tmp_path / "translations" / "en" / "LC_MESSAGES" / "messages.po"
    text = po.read_text().replace('dienst"\nmsgstr ""', 'dienst"\nmsgstr "From the service"')
    po.write_text(text.replace('Uitloggen"\nmsgstr ""', 'Uitloggen"\nmsgstr "Leave"'))
    assert not catalogue.is_compiled(tmp_path)
    catalogue.update(tmp_path)
    assert catalogue.is_compiled(tmp_path)
    assert catalogue.untranslated(tmp_path) == []
    app = service.create_app(tmp_path)
    with app.test_request_context("/?taal=en"):
        assert flask.render_template("x.html").startswith("From the service")
        assert "Skip to content" in flask.render_template("error.html", happened="x")
    service.database_of(app).close()


def test_a_sentence_that_is_gone_is_named(tmp_path):
    (tmp_path / "a.html").write_text('{{ _("Een") }}')
    catalogue.update(tmp_path)
    (tmp_path / "a.html").write_text("")
    assert catalogue.untranslated(tmp_path) == ["Een"]


def test_the_catalogue_is_a_command(monkeypatch, tmp_path):
    (tmp_path / "a.html").write_text('{{ _("Een") }}')
    monkeypatch.setattr("sys.argv", ["catalogue", str(tmp_path)])
    runpy.run_path(catalogue.__file__, run_name="__main__")
    assert catalogue.untranslated(tmp_path) == ["Een"]


def test_every_sentence_of_the_adapter_has_english():
    assert catalogue.untranslated(look.FOLDER) == []
    assert catalogue.is_compiled(look.FOLDER)


# Macros


def test_text_of_others_stays_text_in_every_macro(render):
    evil = '"><img src=x onerror=alert(1)>{{7*7}}</script>'
    page = render(
        """
        {{ alert("info", e, e) }}{{ button(e, href="/") }}{{ blauwe_knop(e, note=e) }}
        {% call card(e) %}{{ e }}{% endcall %}{{ status("ok", e) }}{{ summary([(e, e)]) }}
        {{ field("n", e, value=e, description=e, error=e) }}{{ textarea("t", e, value=e) }}
        {{ select("s", e, [(e, e)]) }}{{ radios("r", e, [(e, e, e)]) }}{{ checkbox("c", e) }}
        {{ form_errors([("n", e)]) }}{{ table(e, [("a", e)], [{"a": e}]) }}
        {{ qr("abc", e, e) }}{{ steps([e], 1) }}{{ back("/", e) }}
        """,
        e=evil,
    )
    assert "<img" not in page
    assert "49" not in page.replace("viewBox", "")
    assert "</script>" not in page


def test_a_field_names_its_error_and_its_explanation(render):
    page = render('{{ field("code", "Code", description="Vier cijfers", error="Vul in") }}')
    assert re.search(r'<label[^>]*for="veld-code"', page)
    assert re.search(r'aria-describedby="uitleg-code fout-code" aria-invalid="true"', page)
    assert 'id="uitleg-code"' in page
    assert 'id="fout-code"' in page


def test_a_state_has_an_icon_and_a_word_besides_its_colour(render):
    for kind in ("info", "ok", "warning", "error", "neutral", "waiting"):
        page = render('{{ status(kind, "Betaald") }}', kind=kind)
        assert re.search(
            r"bk-status--" + kind + r'"><svg.*?</svg><span>Betaald</span>', page, re.DOTALL
        )


def test_a_table_keeps_its_meaning_when_it_is_drawn_as_cards(render):
    page = render(
        """{{ table("Vorderingen", [("s", "Soort"), ("b", "Bedrag", "number")],
                    [{"s": "Afval", "b": "€ 1"}], foot={"s": "Totaal", "b": "€ 1"}) }}"""
    )
    for part in ('role="table"', 'role="row"', 'role="rowheader" scope="row">Afval', 'role="cell"'):
        assert part in page
    assert "<caption" in page
    assert '<span class="bk-table__label" aria-hidden="true">Bedrag</span>' in page


def test_a_qr_code_is_a_named_picture():
    svg = str(look.qr_svg("openid-credential-offer://?a=b", "Code voor <uw> app"))
    assert svg.startswith('<svg role="img" ')
    assert "<title>Code voor &lt;uw&gt; app</title>" in svg
    assert "script" not in svg


def test_every_page_has_one_main_one_language_and_the_way_to_the_content(browser):
    page = browser("GET", "/").text
    assert page.count("<main") == 1
    assert 'href="#inhoud"' in page
    assert "<title>Begin \N{EN DASH} Gemeente Proef</title>" in page
    assert "DEMO \N{EN DASH} geen echte gegevens" in page


def test_the_demo_bar_is_only_on_the_demo(tmp_path):
    app = service.create_app(tmp_path, demo=False)
    assert "DEMO" not in app.test_client().get("/", base_url=service.BASE).text
    service.database_of(app).close()


# Style


def test_the_style_sheet_is_one_small_file_that_may_be_kept(browser):
    page = browser("GET", "/").text
    [address] = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    plain = browser("GET", address)
    packed = browser("GET", address, headers={"Accept-Encoding": "gzip"})
    assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < 17_500


def test_the_style_asks_nothing_from_elsewhere_and_every_file_it_names_is_there(browser):
    style = browser("GET", "/look/style.css").text
    assert "@import" not in style
    for target in re.findall(r"url\(\s*[\"']?([^\"')]+)", style):
        assert not target.startswith(("http", "//", "data:"))
        with browser("GET", f"/look/{target}") as response:
            assert response.status_code == 200


def test_a_theme_of_a_municipality_comes_last(tmp_path):
    theme = tmp_path / "theme.css"
    theme.write_text(":root { --bk-knop: #004488; }")
    app = service.create_app(tmp_path, theme=theme)
    client = app.test_client()
    style = client.get("/look/style.css", base_url=service.BASE).text
    assert style.endswith(":root { --bk-knop: #004488; }")
    service.database_of(app).close()


def _contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("--basis-color-default-color-document", "--basis-color-default-bg-document"),
        ("--basis-color-default-color-subtle", "--basis-color-default-bg-document"),
        ("--basis-color-default-color-subtle", "--basis-color-default-bg-subtle"),
        ("--basis-color-action-2-color-default", "--basis-color-default-bg-default"),
        ("--basis-color-positive-color-default", "--basis-color-positive-bg-subtle"),
        ("--basis-color-warning-color-default", "--basis-color-warning-bg-subtle"),
        ("--basis-color-negative-color-default", "--basis-color-negative-bg-subtle"),
        ("--basis-color-info-color-default", "--basis-color-info-bg-subtle"),
        ("--bk-knop-text", "--bk-knop"),
        ("--bk-knop-text", "--bk-knop-hover"),
    ],
)
def test_text_stands_out_from_its_ground(text, ground):
    style = (STATIC / "tokens.css").read_text() + (STATIC / "look.css").read_text()
    tokens = dict(re.findall(r"^\s+(--[\w-]+):\s*([^;]+);", style, re.MULTILINE))

    def colour(value: str) -> str:
        while found := re.fullmatch(r"var\((--[\w-]+)\)", value):
            value = tokens[found[1]]
        return "#" + "".join(c * 2 for c in value[1:]) if len(value) == 4 else value

    assert _contrast(colour(tokens[text]), colour(tokens[ground])) >= 4.5


# Origin


def test_every_file_of_others_is_recorded_with_its_digest_and_licence():
    origin = tomllib.loads((STATIC / "ORIGIN.toml").read_text())
    recorded = {}
    for entry in origin["file"]:
        path = (STATIC / entry["file"]).resolve()
        recorded[path] = entry
        assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"], entry["file"]
        assert (STATIC / entry["licence_file"]).is_file()
        assert entry["licence"] in {"EUPL-1.2", "OFL-1.1", "MIT"}
        assert entry["version"]
    foreign = [*(STATIC / "vendor").iterdir(), *(STATIC / "fonts").iterdir(), STATIC / "tokens.css"]
    assert {path.resolve() for path in foreign} <= set(recorded)


def test_every_token_that_the_style_reaches_without_fallback_is_defined():
    files = [STATIC / "look.css", STATIC / "tokens.css"]
    style = "".join(Path(file).read_text() for file in files)
    defined = set(re.findall(r"(--[\w-]+)\s*:", style)) | {"--_utrecht-alert-icon-color"}
    used = set(re.findall(r"var\((--[\w-]+)\)", style))
    assert used - defined == set()


def test_a_column_in_which_nothing_stands_is_left_out(render):
    columns = [("a", "Eerste"), ("b", "Tweede"), ("c", "Derde")]
    rows = [{"a": "1", "b": "", "c": ""}, {"a": "2", "b": "x", "c": ""}]
    page = render("{{ table('Lijst', columns, rows) }}", columns=columns, rows=rows)
    assert ("Eerste" in page, "Tweede" in page, "Derde" in page) == (True, True, False)


def test_a_number_stays_on_one_line_unless_it_would_not_fit(render):
    page = render("{{ whole('2000001-1') }} {{ whole('X' * 25) }}")
    assert '<span class="bk-whole">2000001-1</span>' in page
    assert f"<span>{'X' * 25}</span>" in page
