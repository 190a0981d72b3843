"""What `access` does: grants as acts, and the rule by which somebody may read."""

from __future__ import annotations

import argparse
from typing import Final
from uuid import UUID

from domain.access import AccessRule, may_use
from domain.access_grant import AccessEnded, AccessGranted
from domain.basis import Instrument
from domain.errors import Refusal
from domain.identifiers import nfc
from ledger.act_id import new_act_id
from ledger.commands import access_grant
from mocban.acts.signers import signer_of
from mocban.bootstrap import Product
from mocban.cli.answer import answer
from mocban.cli.handover_desk import conclude
from mocban.custody.day import civil_today, full_day
from mocban.handover.choosing import agency_named
from mocban.handover.people import full_days, settled_text
from mocban.named_file import named_file
from projections.access_grants import GrantRow, grants
from projections.asking import ask_one
from projections.custody_queries import NEWEST_KNOWN
from projections.finding_aid_queries import FondsRow
from projections.principals import principal
from projections.reader_words import RULES
from projections.readers import use_of
from projections.scope import access_facts, access_scope
from projections.view import Connection

_FONDS: Final = "SELECT {columns} FROM projection.fonds WHERE code = %(code)s"


def grant(product: Product, connection: Connection, args: argparse.Namespace) -> int:
    """Record a grant, or with --out write it to be signed elsewhere. Raises Refusal."""
    today = civil_today()
    since = full_day(args.since) if args.since else today
    fact = AccessGranted(
        decision=full_days(
            Instrument(
                number=args.decision, issued=args.issued, issuer=args.issuer, in_force=args.in_force or args.issued
            )
        ),
        since=since,
        last_day=full_day(args.until),
        agency=agency_named(connection, args.agency, since).id if args.agency else None,
        principal=args.principal,
        files=tuple(sorted({named_file(product, code).id for code in args.file}, key=str)),
        fonds=tuple(sorted({_fonds(connection, code) for code in args.fonds}, key=str)),
    )
    act_id = new_act_id()
    stream = product.naming.other("access-grant", str(act_id))
    proposal = access_grant.granting(signer_of(product, args.signer), act_id, stream, fact, today)
    told = {"grant": stream, "from": since, "until": fact.last_day}
    line = f"Được khai thác · may read: {since} – {fact.last_day}, {fact.decision.number}"
    if args.out is not None:
        return conclude(product, proposal, args, told, line)
    done = product.main.perform(proposal)
    facts = {**told, "act": done.act_index, "position": done.position}
    answer(facts, line, f"{stream}, hành vi · act {done.act_index}", as_json=args.json)
    return 0


def end(product: Product, _connection: Connection, args: argparse.Namespace) -> int:
    """End a grant, or with --out write that to be signed elsewhere. Raises Refusal."""
    today = civil_today()
    fact = AccessEnded(on=full_day(args.on) if args.on else today, basis=settled_text(args.basis, "--basis"))
    proposal = access_grant.ending(signer_of(product, args.signer), new_act_id(), args.grant, fact, today)
    told = {"grant": args.grant, "ended_on": fact.on}
    if args.out is not None:
        return conclude(product, proposal, args, told)
    done = product.main.perform(proposal)
    facts = {**told, "act": done.act_index, "position": done.position}
    answer(facts, f"Chấm dứt từ · ended from {fact.on}, hành vi · act {done.act_index}", as_json=args.json)
    return 0


def list_all(_product: Product, connection: Connection, args: argparse.Namespace) -> int:
    """Every grant, or those in force on a day. Raises Refusal."""
    found = grants(connection, full_day(args.date) if args.date else None)
    answer({"grants": found}, *(_line(one) for one in found), f"{len(found)} lần cho phép · grants", as_json=args.json)
    return 0


def ask(product: Product, connection: Connection, args: argparse.Namespace) -> int:
    """May they read it, by which rule, on what basis. Raises Refusal."""
    day, file = full_day(args.date) if args.date else civil_today(), named_file(product, args.file)
    if args.principal:
        who = principal(connection, args.principal)
        if who is None:
            raise Refusal("grant-principal-unknown")
        eyes, who_reads = access_scope(connection, who.agency, who.city_wide, day, who.id), {who.agency, who.id}
    else:
        agency = agency_named(connection, args.agency, day).id
        eyes, who_reads = access_scope(connection, agency, False, day), {agency}
    facts = access_facts(connection, file.id, eyes)
    if facts is None:
        raise Refusal("file-unknown")
    allowed, rule = may_use(facts)
    basis = _basis(connection, file.id, who_reads, rule, day)
    told = {"file": file.code, "date": day, "may_use": allowed, "rule": rule, "basis": basis or None}
    vi, en = RULES[rule]
    yes = "được khai thác · may read" if allowed else "không được khai thác · may not read"
    answer(told, f"{file.code}, {day}: {yes} ({vi} · {en}) {basis}".rstrip(), as_json=args.json)
    return 0


def _basis(connection: Connection, file: UUID, who: set[UUID], rule: AccessRule, day: str) -> str:
    """What the rule rests on, as cited by the act that says so; empty where the fact itself is the basis."""
    found = use_of(connection, file, day, NEWEST_KNOWN).may_use
    return next((one.basis for one in found if one.rule is rule and who & {one.agency, one.principal}), "")


def _fonds(connection: Connection, code: str) -> UUID:
    found = ask_one(connection, FondsRow, _FONDS, code=nfc(code.replace("\0", "")))
    if found is None:
        raise Refusal("fonds-unknown", code=code[:60])
    return found.id


def _line(one: GrantRow) -> str:
    who = one.agency or one.principal
    ended = f"  chấm dứt từ · ended from {one.ended_on}" if one.ended_on else ""
    what = f"{len(one.files)} hồ sơ · files, {len(one.fonds)} phông · fonds"
    return f"{one.id}  {who}  {one.since} – {one.last_day}  {what}  {one.basis} ({one.issuer}){ended}"
