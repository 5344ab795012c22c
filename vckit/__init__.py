"""The kit that issuer, verifier and wallet stand on: bytes in, values out."""
