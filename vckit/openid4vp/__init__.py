"""OpenID for Verifiable Presentations 1.0, both sides: the verifier's and the wallet's.

One module for each noun of the specification: `client_id`, `request`, `response`, `vp_token`.
"""
