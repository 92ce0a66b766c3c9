"""The facts of a record one by one: shown, typed over where they stand, saved.

`one` says what a fact is, `shown` which ones a card has (`party` those of people and orgs alike),
`stored` what each holds as it is typed. `read` says how a typed text is understood, `edit` makes
the change of it, and `amend` saves that, unless somebody else changed the fact meanwhile.
"""
