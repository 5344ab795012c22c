"""OpenID for Verifiable Credential Issuance 1.0, both sides: the issuer's and the wallet's.

One module for each noun of the specification: `offer`, `metadata`, `token`, `key_proof`,
`credential`, `notification`. What a wallet reads and can't use is a VerificationError, what an
issuer answers to a wallet is a ProtocolError.
"""
