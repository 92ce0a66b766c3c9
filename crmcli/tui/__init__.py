"""The full screen. `app.CrmApp` is the program, `screens/` its areas; docs/architecture.md."""
