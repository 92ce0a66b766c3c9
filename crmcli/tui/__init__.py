"""The full screen. `app.CrmApp` is the program, `screens/` its areas; docs/architecture.md."""

import os

# Textual paints at most so often, and reads this when it is imported. By its own sixty a list waits
# up to two frames after the letter that it was asked for by: longer than the database takes.
os.environ.setdefault("TEXTUAL_FPS", "120")
