"""The credentials that this issuer can give: their ids, who is offered which, how each is made."""
