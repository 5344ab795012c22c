"""The operator of a scheme: `blauweknop-scheme` makes, changes, signs and judges who takes part.

It serves nothing and needs no network but for `fetch`: its keys belong on machines that are off.
docs/scheme.md tells the whole procedure.
"""
