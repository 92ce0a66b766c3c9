"""What the card (`screens/card.py`) is made of, a room for each thing that it does.

Read and shown: `whole`, `fact_rows`, `timeline`. Typed over: `editor`, with `kept` for texts that
are not saved and `ask` for what a person has to choose. Acted on: `opening`, `ways`, `tasks`,
`trash`.
"""
