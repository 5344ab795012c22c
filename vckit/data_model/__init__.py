"""Verifiable Credentials Data Model 2.0 and 1.1, as far as a debt statement needs them."""

from vckit.data_model.envelope import Envelope, random_id

__all__ = ["Envelope", "random_id"]
