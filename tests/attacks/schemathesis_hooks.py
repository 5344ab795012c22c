"""What schemathesis, a process of its own, is told of this verifier and of files."""

import json
import os

import schemathesis
from hypothesis import strategies as st

# Organisations that can be asked and where webhooks may go: the description cannot know them.
KNOWN = json.loads(os.environ["BLAUWEKNOP_ATTACKS_KNOWN"])

schemathesis.openapi.media_type(
    "application/pdf",
    st.sampled_from([b"", b"%PDF-1.7 onzin", b"<html>"]) | st.binary(max_size=1_000),
)


@schemathesis.hook
def before_load_schema(_context, schema):
    """Have valid data that this verifier can take, and everything else be invalid."""
    schemas = schema["components"]["schemas"]
    schemas["Oin"]["enum"] = KNOWN["oins"]
    schemas["WebhookUrl"]["enum"] = KNOWN["webhooks"]
