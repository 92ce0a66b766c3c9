"""A faster Typer start: no pydantic adapter for parameters that are plain text, numbers or flags.

Typer 0.29 builds a TypeAdapter for every parameter of the command it runs, which costs more than
the rest of the command. `lighten` gives plain parameters an own object with the same `coerce`
through the private `_runtime_param`. Where that step is gone, Typer's own way simply goes on; a
test says so.
"""

from typing import Any

from crmcli.i18n import tr

PLAIN = (str, int, bool)


class PlainParam:
    """Coerces str, int, bool and lists of them as Typer would."""

    def __init__(self, annotation: Any, is_list: bool) -> None:
        self.annotation = annotation
        self.is_list = is_list

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """Give `value` in the parameter's type; raise Typer's BadParameter when it cannot be."""
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        if self.is_list:
            return [self._one(item, param, ctx) for item in value]
        return self._one(value, param, ctx)

    def _one(self, value: Any, param: Any, ctx: Any) -> Any:
        if self.annotation is not int or isinstance(value, int):
            return value
        try:
            number = int(value)
            if -(2**63) <= number < 2**63:  # what SQLite can hold
                return number
            raise ValueError
        except ValueError:
            from typer._click.exceptions import BadParameter

            message = tr("{value!r} is not a whole number.", value=value)
            raise BadParameter(message, ctx=ctx, param=param) from None


class Light:
    """Mixed into commands and groups: their plain parameters, and --help, start light."""

    params: list[Any]

    def get_params(self, ctx: Any) -> list[Any]:
        """Give the parameters of this run, each with its light coercion where it has one."""
        found: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        lighten(found)
        return found


def lighten(params: list[Any]) -> int:
    """Give plain parameters their light coercion; give how many got it."""
    changed = 0
    for param in params:
        descriptor = getattr(param, "type_descriptor", None)
        if descriptor is None or getattr(param, "_runtime_param", param) is not None:
            continue
        if runtime := _runtime(descriptor):
            param._runtime_param = runtime
            changed += 1
    return changed


def _runtime(descriptor: Any) -> PlainParam | None:
    from typing import get_args, get_origin

    annotation = descriptor.annotation
    info = descriptor.parameter_info
    if info.min is not None or info.max is not None or info.parser is not None:
        return None
    if annotation in PLAIN:
        return PlainParam(annotation, is_list=False)
    if get_origin(annotation) is list and get_args(annotation)[0] in PLAIN:
        return PlainParam(get_args(annotation)[0], is_list=True)
    return None
