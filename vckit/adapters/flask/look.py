"""How pages look and speak: templates, style sheets, two languages, money, dates, QR codes.

Dutch is the source: a sentence in a template or in `gettext` is its own key. A service keeps the
English of its own sentences in its folder `translations`; `catalogue` tells how.
"""

import gzip
import hashlib
import io
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import flask
import segno
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency
from flask_babel import Babel, get_locale
from markupsafe import Markup

FOLDER: Final = Path(__file__).parent
STATIC: Final = FOLDER / "static"
LANGUAGES: Final = {"nl": "Nederlands", "en": "English"}
LANGUAGE_COOKIE: Final = "taal"
LANGUAGE_PARAMETER: Final = "taal"
YEAR_SECONDS: Final = 31_536_000
ZONE: Final = ZoneInfo("Europe/Amsterdam")


def install(
    app: flask.Flask,
    *,
    theme: Path | None,
    demo: bool,
    organisation: str = "",
    translations: Sequence[Path] = (),
) -> None:
    """Give the app `base.html`, `macros.html`, the filters and the languages.

    `theme` is a style sheet of a municipality that sets tokens; None is the neutral look.
    `organisation` stands in the header. `translations` are folders besides the app's own one.
    """
    folders = [Path(app.root_path) / "translations", *translations, FOLDER / "translations"]
    Babel(
        app,
        default_locale="nl",
        default_translation_directories=";".join(str(folder) for folder in folders),
        default_timezone="Europe/Amsterdam",
        locale_selector=_choose_language,
    )
    styles = _Styles(theme)
    app.register_blueprint(_blueprint(styles))
    app.after_request(_remember_language)
    app.jinja_env.filters.update(euro=euro, datum=datum, tijdstip=tijdstip)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def look() -> dict[str, object]:
        return {
            "demo": demo,
            "organisation": organisation,
            "language": language(),
            "language_links": _language_links(),
            "qr_svg": qr_svg,
            "style": flask.url_for("look.style", v=styles.version),
        }


def language() -> str:
    """The language of this request: "nl" or "en"."""
    return str(get_locale() or "nl")


def euro(cents: int) -> str:
    """Cents as "€ 1.234,50"; the amount cannot be broken off from its sign."""
    return _money(cents, _region())


@lru_cache(maxsize=4_096)
def _money(cents: int, region: str) -> str:
    """An overview says the same few amounts many times, and each takes Babel long."""
    return format_currency(cents / 100, "EUR", locale=region).replace(" ", "\N{NO-BREAK SPACE}")


def datum(value: str | float | date) -> str:
    """A day as "20 november 2026", from `YYYY-MM-DD` or epoch seconds."""
    return _date(_day(value), _region())


@lru_cache(maxsize=4_096)
def _date(day: date, region: str) -> str:
    """An overview says the same few days many times too."""
    return format_date(day, "d MMMM y", locale=region)


def tijdstip(value: float) -> str:
    """A moment as "20 november 2026 14:05", Dutch time, from epoch seconds."""
    moment = datetime.fromtimestamp(value, ZONE)
    return format_datetime(moment, "d MMMM y HH:mm", tzinfo=ZONE, locale=_region())


def qr_svg(text: str, title: str) -> Markup:
    """A QR code as inline SVG, named `title` for who cannot see it."""
    buffer = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        buffer,
        kind="svg",
        xmldecl=False,
        svgclass="bk-qr",
        lineclass=None,
        title=title,
        omitsize=True,
        border=4,
        dark="#000",
        light="#fff",
    )
    svg = buffer.getvalue().decode().replace("<svg ", '<svg role="img" ', 1)
    return Markup(svg)  # noqa: S704  segno escapes the title and draws the text


def _day(value: str | float | date) -> date:
    if isinstance(value, str):
        return date.fromisoformat(value)
    return value if isinstance(value, date) else datetime.fromtimestamp(value, ZONE).date()


def _region() -> str:
    return {"en": "en_GB"}.get(language(), "nl_NL")


def _blueprint(styles: "_Styles") -> flask.Blueprint:
    blueprint = flask.Blueprint(
        "look",
        __name__,
        template_folder=str(FOLDER / "templates"),
        static_folder=str(STATIC),
        static_url_path="/look",
    )

    @blueprint.get("/look/style.css")
    def style() -> flask.Response:
        return styles.respond()

    return blueprint


class _Styles:
    """All style sheets as one: tokens, components, own rules, and a municipality's theme last."""

    def __init__(self, theme: Path | None) -> None:
        parts = [STATIC / "tokens.css", *sorted((STATIC / "vendor").glob("*.css"))]
        parts += [STATIC / "look.css", *([theme] if theme else [])]
        self.plain = b"\n".join(part.read_bytes() for part in parts)
        self.packed = gzip.compress(self.plain, mtime=0)
        self.version = hashlib.sha256(self.plain).hexdigest()[:8]

    def respond(self) -> flask.Response:
        """The address carries the version, so browsers may keep it."""
        packs = flask.request.accept_encodings.quality("gzip") > 0
        response = flask.Response(
            self.packed if packs else self.plain, content_type="text/css; charset=utf-8"
        )
        if packs:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        response.vary.add("Accept-Encoding")
        return response


def _choose_language() -> str:
    request = flask.request
    wish = request.args.get(LANGUAGE_PARAMETER) or request.cookies.get(LANGUAGE_COOKIE)
    if wish in LANGUAGES:
        return wish
    return request.accept_languages.best_match(list(LANGUAGES), "nl")


def _language_links() -> list[tuple[str, str, str]]:
    """Code, name and address of the other languages: this page again, in that language."""
    kept = [
        (name, value)
        for name, value in flask.request.args.items(multi=True)
        if name != LANGUAGE_PARAMETER
    ]
    return [
        (code, name, f"?{urlencode([*kept, (LANGUAGE_PARAMETER, code)])}")
        for code, name in LANGUAGES.items()
        if code != language()
    ]


def _remember_language(response: flask.Response) -> flask.Response:
    wish = flask.request.args.get(LANGUAGE_PARAMETER)
    if wish in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE,
            wish,
            max_age=YEAR_SECONDS,
            secure=flask.current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
    return response
