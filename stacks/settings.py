"""Read a stack's configuration into typed settings, or refuse all that is wrong with it before anything is created."""

from __future__ import annotations

import dataclasses
import datetime as dt
import ipaddress
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from stacks.contradictions import contradictions
from stacks.knobs import (
    Kind,
    Knob,
    SettingsError,
    choice,
    knob_of,
    listing,
    pattern,
    place,
    read_value,
    unknown,
    whole,
)
from stacks.presets import ENVIRONMENTS, SCALINGS, SIZES, Preset, preset

PROJECT = "bigpicture"
AS_PRESET = "preset"
"""What a knob says in Pulumi.yaml to be left to the preset: Pulumi wants a default for every setting it is told of."""
REGION = "aws:region"
"""The one setting that is Pulumi's own."""
UNSET = ("", "[]", AS_PRESET)
PriceClass = Literal["PriceClass_100", "PriceClass_200", "PriceClass_All"]
RESERVED_DOMAINS = ("example.com", "example.net", "example.org", "localhost", "invalid", "test", "example")
"""Names that nobody can own (RFC 2606); Route 53 refuses a hosted zone for them."""


def _reserved(domain: str) -> bool:
    return any(domain == name or domain.endswith(f".{name}") for name in RESERVED_DOMAINS)


def _cidr() -> Kind:
    def read(text: str) -> str:
        block = ipaddress.IPv4Network(text)
        if not (16 <= block.prefixlen <= 20 and block.is_private):
            raise ValueError(text)
        return str(block)

    return Kind(read=read, allowed="a private IPv4 block from /16 to /20 without host bits, e.g. 10.0.0.0/16")


LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = pattern(
    rf"(?=.{{4,180}}$)({LABEL}\.)+[a-z]{{2,63}}",
    "a lower-case domain name that can be owned (RFC 1035, not RFC 2606)",
    _reserved,
)
EMAIL = pattern(r"[^@\s]+@[^@\s]+\.[a-z]{2,63}", "an e-mail address")
ZONE = pattern(r"[a-z]{2}(-[a-z]+)+-\d[a-z]", "zone names such as us-east-1a")
OWNER = pattern(
    r"[A-Za-z0-9 _.:/=+@-]{1,128}", "1 to 128 of letters, digits, space and _ . : / = + - @ (AWS tag values)"
)


def _day() -> Kind:
    def read(text: str) -> str:
        day = text.removesuffix(" 00:00:00 +0000 UTC")  # how Pulumi reads a day without quotation marks
        if dt.date.fromisoformat(day).isoformat() != day:
            raise ValueError(text)
        return day

    return Kind(read=read, allowed="a day, written 2026-12-31")


ROOT = Path(__file__).resolve().parent.parent


def _artifact() -> Kind:
    def read(text: str) -> str:
        if text not in {"complete", "code"} and not Path(ROOT, text).is_file():
            raise ValueError(text)
        return text

    return Kind(
        read=read, allowed="complete, code, or a file that `./bigpicture build` made", nearest=("complete", "code")
    )


AMI = pattern(r"ami-([0-9a-f]{8}|[0-9a-f]{17})", "an AMI id, ami-0123456789abcdef0")


def setting(default: Any, kind: Kind, doc: str) -> Any:
    """One setting that is not part of a preset."""
    return dataclasses.field(default=default, metadata={"knob": Knob(kind=kind, doc=doc)})


# fmt: off
@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What one stack is: three words that choose the preset, what the world says of it, and every knob's value."""

    scaling: str                  = setting("vertical", choice(*SCALINGS), "few big servers, or many small ones")
    size: str                     = setting("small", choice(*SIZES), "which rung of every ladder")
    environment: str              = setting("sandbox", choice(*ENVIRONMENTS), "how much is protected, kept and watched")
    domain: str                   = setting("", DOMAIN, "the store's own name; without one it answers under CloudFront's")
    hosted_zone: str              = setting("find", choice("find", "make"), "whether the domain's Route 53 zone exists (offline none does: make); a made one must be delegated before `up` can end")
    zone_name: str                = setting("", DOMAIN, "the hosted zone's own name where it is a parent of the domain: bigpicture.dev of shop.bigpicture.dev")
    zones: tuple[str, ...]        = setting((), listing(ZONE), "the very availability zones to use, instead of zone_count")
    vpc_cidr: str                 = setting("10.0.0.0/16", _cidr(), "addresses of the VPC; cannot change in place")
    owner: str                    = setting("unknown", OWNER, "who answers for the stack; the `owner` tag of everything")
    expires_at: str               = setting("", _day(), "the day from which a sandbox may be destroyed by anyone; the `expires-at` tag of everything")
    alarm_email: str              = setting("", EMAIL, "who gets alarms and budget warnings, once the subscription is confirmed by a click")
    ami_id: str                   = setting("", AMI, "the servers' image; without one AL2023's newest at the first `up`, then kept")
    artifact: str                 = setting("complete", _artifact(), "what servers run: the app and every library (complete), the app alone for servers that have them (code, as offline), or a file built before")
    postgres_version: str         = setting("17", choice("16", "17", "18"), "PostgreSQL major version; RDS picks the minor one")
    valkey_version: str           = setting("8.1", choice("8.0", "8.1", "8.2", "9.0", "9.1"), "Valkey version, major.minor")
    price_class: PriceClass       = setting("PriceClass_100", choice("PriceClass_100", "PriceClass_200", "PriceClass_All"), "CloudFront locations: Europe and North America, more, all")
    origin_secret_generation: int = setting(1, whole(1, 1_000_000), "add 1 to rotate the secret header between CDN and load balancer without an outage: rules take this one and the one before")
    table_shards_draining: int    = setting(0, whole(0, 255), "tables after table_shards that stay while their items move to the others; `up` sees to it when table_shards falls")
    table_map_version: int        = setting(0, whole(0, 1_000_000_000), "version of the shard map, higher with each change of it; 0 is the number of tables; `up` sees to it when a shard drains or goes")
    stack: str                    = dataclasses.field(default="")
    region: str                   = dataclasses.field(default="")
    preset: Preset                = dataclasses.field(default=None)  # pyright: ignore[reportAssignmentType]  filled by parse
# fmt: on


def own_fields() -> dict[str, dataclasses.Field[Any]]:
    """The settings that are not preset knobs, by name."""
    return {field.name: field for field in dataclasses.fields(Settings) if "knob" in field.metadata}


def preset_fields() -> dict[str, dataclasses.Field[Any]]:
    """The preset's knobs, by name; each may be overridden in the stack file."""
    return {field.name: field for field in dataclasses.fields(Preset)}


def parse(config: Mapping[str, str], *, stack: str, region: str) -> Settings:
    """Turn a stack's configuration (names without namespace, text values) into settings.

    Raises SettingsError with every problem at once: unknown names, values out of range, contradictions.
    """
    own, knobs = own_fields(), preset_fields()
    config = {name: text for name, text in config.items() if text not in UNSET}
    names = [*own, *knobs, REGION]
    problems = [unknown(name, names, stack) for name in config if name not in own and name not in knobs]
    mine = _read(own, config, stack, problems)
    overrides = _read(knobs, config, stack, problems)
    if problems:
        raise SettingsError(problems)
    base = Settings(**mine, stack=stack, region=region)
    chosen = dataclasses.replace(preset(base.scaling, base.size, base.environment), **overrides)
    settings = dataclasses.replace(base, preset=_with_zones(chosen, base.zones))
    problems = [f"{what} Fix: {_named(what, names)}, {place(stack)}" for what in contradictions(settings, config)]
    if problems:
        raise SettingsError(problems)
    return settings


def _named(what: str, names: Collection[str]) -> str:
    """The settings that the sentence *what* names."""
    return " or ".join(name for name in names if re.search(rf"\b{name}\b", what))


def of_config(config: Mapping[str, str], stack: str) -> Settings:
    """The settings of a stack out of its whole configuration: full keys, `aws:region` among them; else as `parse`."""
    prefix = f"{PROJECT}:"
    own = {key.removeprefix(prefix): str(text) for key, text in config.items() if key.startswith(prefix)}
    return parse(own, stack=stack, region=config[REGION])


def current() -> Settings:
    """The settings of the stack whose program is running, from Pulumi's configuration."""
    import pulumi
    from pulumi.runtime import config as pulumi_config

    everything = {**pulumi_config.get_config_env(), **pulumi_config.CONFIG.get()}
    return of_config({**everything, REGION: pulumi.Config("aws").require("region")}, pulumi.get_stack())


def _with_zones(chosen: Preset, zones: tuple[str, ...]) -> Preset:
    return dataclasses.replace(chosen, zone_count=len(zones)) if zones else chosen


def _read(
    fields: Mapping[str, dataclasses.Field[Any]], config: Mapping[str, str], stack: str, problems: list[str]
) -> dict[str, Any]:
    values = {}
    for name in fields.keys() & config.keys():
        value, problem = read_value(name, knob_of(fields[name]).kind, config[name], stack)
        if problem:
            problems.append(problem)
        else:
            values[name] = value
    return values
