"""Flask for all three roles: hardening, errors, forms, sessions, log-in and the look of pages.

A service's create_app, in this order: set `app.session_interface` to a
`sessions.ServerSideSessions`, call `harden`, call `look.install`, register
`oidc.login_blueprint` and its own blueprints.
"""

from vckit.adapters.flask.forms import (
    from_other_sites,
    json_response,
    limit_body,
    only_file,
    protocol_endpoint,
    strict_form,
    strict_form_lists,
)
from vckit.adapters.flask.harden import harden

__all__ = [
    "from_other_sites",
    "harden",
    "json_response",
    "limit_body",
    "only_file",
    "protocol_endpoint",
    "strict_form",
    "strict_form_lists",
]
