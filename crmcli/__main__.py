"""The entry point: hot calls go to `hot`, the rest to `cli`. Imports nothing heavy itself."""

import gc
import os
import sys

from crmcli.errors import CLOSED_PIPE, INTERRUPT, OutputError
from crmcli.i18n import tr


def main() -> int:
    """Run `crm` with the arguments of the process; give the exit code."""
    _open_descriptors()
    os.umask(0o077)
    try:
        return _run(sys.argv[1:])
    except BrokenPipeError:
        _drop(1)
        return CLOSED_PIPE
    except KeyboardInterrupt:
        sys.stderr.write("crm: interrupted\n")
        return INTERRUPT


def _run(args: list[str]) -> int:
    from crmcli import hot

    code = hot.run(args)
    if code is None:
        gc.set_threshold(50_000)  # a tenth of the start-up time went into collecting
        code = _show_screen() if args == ["tui"] else _run_command(args)
    return _flush(code)


def _run_command(args: list[str]) -> int:
    from crmcli.cli import command

    try:
        command.main(args, prog_name="crm")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


def _show_screen() -> int:
    """Open the full screen as `cli` does, without Typer, which takes a sixth of its start."""
    from crmcli.context import Context
    from crmcli.errors import CrmError
    from crmcli.render import report_error

    try:
        from crmcli.tui.app import run

        return run(Context({}))
    except CrmError as error:
        report_error(error.message, error.hint, error.code, as_json=False)
        return error.code
    except Exception as error:
        from crmcli.cli import report_fault

        return report_fault(error, debug=False, as_json=False)


def _flush(code: int) -> int:
    """Write what is left in the buffers; what cannot be written is said once."""
    if code in (CLOSED_PIPE, OutputError.code):
        _drop(1)
    for descriptor, stream in ((1, sys.stdout), (2, sys.stderr)):
        try:
            stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            _drop(descriptor)
            code = code or OutputError.code
            if descriptor == 1:
                from crmcli.render import report_error

                report_error(
                    tr("cannot write output: {reason}", reason=error.strerror),
                    "",
                    code,
                    as_json=False,
                )
    return code


def _drop(descriptor: int) -> None:
    """Let what is still written to a descriptor vanish, so that the exit does not fail on it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)


def _open_descriptors() -> None:
    """Reopen missing standard streams on /dev/null, so that no file takes their place."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def entry() -> None:
    """Run as a program; end without tearing the interpreter down, a tenth of a hot call."""
    os._exit(main())


if __name__ == "__main__":
    entry()
