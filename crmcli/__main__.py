"""The entry point: hot calls go to `hot`, the rest to `cli`. Imports nothing heavy itself."""

import gc
import os
import sys

from crmcli.errors import CLOSED_PIPE, INTERRUPT


def main() -> int:
    """Run `crm` with the arguments of the process; give the exit code."""
    _open_descriptors()
    os.umask(0o077)
    try:
        return _run(sys.argv[1:])
    except BrokenPipeError:
        return _end_quietly()
    except KeyboardInterrupt:
        return INTERRUPT


def _run(args: list[str]) -> int:
    from crmcli import hot

    code = hot.run(args)
    if code is not None:
        return code
    gc.set_threshold(50_000)  # a tenth of the start-up time went into collecting
    from crmcli.cli import command

    try:
        command.main(args, prog_name="crm")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    if code == CLOSED_PIPE:
        return _end_quietly()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        return _no_output(error)
    return code or 0


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


def _end_quietly() -> int:
    """The reader of our output is gone: write the rest nowhere, so that nothing complains."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return CLOSED_PIPE


def _no_output(error: OSError) -> int:
    """The output could not be written; what was to be saved is saved."""
    from crmcli.errors import OutputError
    from crmcli.render import report_error

    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    report_error(f"cannot write output: {error.strerror}", "", OutputError.code, as_json=False)
    return OutputError.code


if __name__ == "__main__":
    raise SystemExit(main())
