"""Acts over HTTP: prepared for whoever signs them, signed where the key is, submitted once; nobody signs for others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.app import create_app
from api.identity import issue_token
from domain import agency
from ledger.act_id import new_act_id
from ledger.prepared_file import PreparedFile
from mocban.acts.inspection import inspect
from mocban.api_services import services_of
from mocban.bootstrap import WRITER, Product, open_product
from mocban.database import Databases
from mocban.offices import Office
from mocban.settings import Settings
from signing.act import open_act, verify_act_signatures
from signing.base64_text import to_base64
from signing.note import Ed25519Signer
from tests.mocban.one_body import BODY, record_body

Client = TestClient[Litestar]


@pytest.fixture(scope="module")
def product(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product, open, with one registrar of one."""
    settings = Settings(
        home=tmp_path_factory.mktemp("desk") / "home",
        database_url=module_database.main_admin,
        keys_database_url=module_database.keys_admin,
        passphrase="a passphrase for tests",
    )
    with open_product(settings) as opened:
        record_body(opened)
        yield opened


@pytest.fixture(scope="module")
def client(product: Product) -> Iterator[Client]:
    """The whole application."""
    with TestClient(create_app(services_of(product)), raise_server_exceptions=False) as opened:
        yield opened


class Caller:
    """Somebody with a token, and perhaps a key of their own."""

    def __init__(self, product: Product, client: Client, actor: str) -> None:
        self.product, self.client, self.actor = product, client, actor
        self.signer = Ed25519Signer(f"{product.origin}/{actor}", uuid4().bytes * 2)
        with psycopg.connect(product.databases.main_url(WRITER)) as connection:
            token = issue_token(connection, UUID(actor))
        self._headers = {"Authorization": f"Bearer {token}"}

    def post(self, path: str, body: Any) -> tuple[int, Any]:
        """(status, JSON)."""
        answer = self.client.post(path, json=body, headers=self._headers)
        return answer.status_code, answer.json()

    def get(self, path: str) -> tuple[int, Any]:
        """(status, JSON)."""
        answer = self.client.get(path, headers=self._headers)
        return answer.status_code, answer.json()

    def prepare(self, act: str, **members: Any) -> tuple[int, Any]:
        """A fresh act asked for."""
        return self.post("/acts/prepared", {"act": act, "id": str(new_act_id()), **members})

    def sign(self, body: Any) -> Any:
        """The file with this caller's signature, made from nothing but the file."""
        file = msgspec.convert(body, PreparedFile)
        assert inspect(file).problems == ()
        signed = file.with_signature(self.signer.verifier_key, self.signer.sign(file.signed_bytes))
        return msgspec.to_builtins(signed)


@pytest.fixture(scope="module")
def registrar(product: Product, client: Client) -> Caller:
    """The registrar, whose key the server holds."""
    return Caller(product, client, product.actor(Office.REGISTRAR).id)


@pytest.fixture(scope="module")
def officer(product: Product, client: Client, registrar: Caller) -> Caller:
    """An officer with a key of their own, enrolled over HTTP and given a role there."""
    newcomer = Caller(product, client, str(uuid4()))
    status, body = registrar.prepare("registry.enrol", vkey=newcomer.signer.verifier_key.text())
    assert status == 200, body
    assert any(newcomer.actor in line for line in body["summary"])
    status, told = registrar.post("/acts/submitted", newcomer.sign(body))
    assert status == 200, told
    status, body = registrar.prepare("registry.grant", actor=newcomer.actor, role="head", acts=["principal.*"])
    assert status == 200, body
    assert registrar.post("/acts/submitted", body)[0] == 200
    return newcomer


def appointment(signer: str, **more: Any) -> dict[str, Any]:
    """A request for an act with a sealed name."""
    return {
        "act": "principal.appoint", "id": str(new_act_id()), "signer": signer, "principal": str(uuid4()),
        "agency": str(BODY), "office": "Lưu trữ viên", "name": "Nguyễn Thị Thử", **more,
    }  # fmt: skip


def test_an_officer_signs_elsewhere_and_submits_once(product: Product, officer: Caller) -> None:
    """Given an act with a sealed name, the bytes come with their meaning, and a signature made elsewhere records it."""
    asked = appointment(officer.actor)
    status, body = officer.post("/acts/prepared", asked)
    assert status == 200, body
    assert officer.post("/acts/prepared", asked) == (200, body)
    assert officer.get(f"/acts/prepared/{asked['id']}") == (200, body)
    assert any("Lưu trữ viên" in line for line in body["summary"])
    assert "Thử" not in str(body)
    assert officer.post("/acts/submitted", body)[1]["code"] == "signature-missing"
    signed = officer.sign(body)
    status, told = officer.post("/acts/submitted", signed)
    assert status == 200, told
    assert officer.post("/acts/submitted", signed) == (200, told)
    assert officer.get(f"/acts/prepared/{asked['id']}")[1]["code"] == "prepared-act-unknown"
    assert officer.post("/acts/prepared", asked)[1]["code"] == "act-id-reused"
    act = open_act(product.main.note_of(told["act"]), product.origin)
    assert act.signers == (officer.actor,)
    known = product.main.registry.current().registry
    assert known is not None
    verify_act_signatures(act, known.keys)


def test_false_words_beside_an_act_reach_nobody(product: Product, officer: Caller) -> None:
    """Given a file that comes back with another summary, no signer is told those words, and none of them are kept."""
    asked = appointment(officer.actor)
    _, body = officer.post("/acts/prepared", asked)
    false = {**body, "summary": ["Hành vi vô hại zq"]}
    assert officer.post("/acts/submitted", false)[1]["code"] == "signature-missing"
    assert officer.get(f"/acts/prepared/{asked['id']}") == (200, body)
    signed = {**officer.sign(body), "summary": false["summary"]}
    assert inspect(msgspec.convert(signed, PreparedFile)).problems == (("summary-not-of-these-bytes", ""),)
    status, told = officer.post("/acts/submitted", signed)
    assert (status, "zq" in str(told)) == (200, False)
    assert b"zq" not in product.main.note_of(told["act"])


def test_nobody_prepares_or_submits_for_others(product: Product, client: Client, officer: Caller) -> None:
    """Given somebody who neither signs nor is a registrar, nothing is prepared, shown or taken from them."""
    stranger = Caller(product, client, str(uuid4()))
    asked = appointment(officer.actor)
    assert _code(stranger.post("/acts/prepared", asked)) == (403, "act-not-yours")
    _, body = officer.post("/acts/prepared", asked)
    assert _code(stranger.get(f"/acts/prepared/{asked['id']}")) == (404, "prepared-act-unknown")
    assert _code(stranger.post("/acts/submitted", officer.sign(body))) == (403, "act-not-yours")
    grant = {"actor": stranger.actor, "role": "head", "acts": ["principal.*"]}
    assert _code(stranger.prepare("registry.grant", **grant)) == (403, "act-not-yours")


def test_the_server_signs_for_nobody_but_who_asks(product: Product, officer: Caller, registrar: Caller) -> None:
    """Given an office whose key is held here, neither an officer nor a registrar makes the server sign in its name."""
    archivist = product.actor(Office.ARCHIVIST).id
    for caller in (officer, registrar):
        assert _code(caller.post("/acts/prepared", appointment(archivist))) == (403, "act-not-yours")
    grant = {"actor": officer.actor, "role": "x", "acts": ["x.y"]}
    assert _code(officer.prepare("registry.grant", **grant)) == (403, "act-not-yours")
    own = Caller(product, officer.client, archivist)
    status, body = own.post("/acts/prepared", appointment(archivist))
    assert (status, body["signers"][0]["here"]) == (200, True)


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/acts/prepared", {"act": "registry.dissolve"}, 400, "parameter-unfit"),
        ("/acts/prepared", {"act": "registry.enrol", "id": str(new_act_id())}, 400, "parameter-unfit"),
        ("/acts/prepared", {"act": "registry.enrol", "id": str(uuid4()), "vkey": "x"}, 400, "parameter-unfit"),
        ("/acts/prepared", {"act": "registry.enrol", "id": str(new_act_id()), "vkey": "x"}, 422, "vkey-unfit"),
        ("/acts/prepared", appointment("x", extra=1), 400, "parameter-unfit"),
        ("/acts/prepared", appointment("x", hours=0), 400, "parameter-unfit"),
        ("/acts/prepared", appointment("x", name="a\x00b"), 400, "parameter-unfit"),
        ("/acts/prepared", [], 400, "parameter-unfit"),
        ("/acts/submitted", {}, 400, "parameter-unfit"),
        (
            "/acts/submitted",
            {
                "format": "mocban/prepared-act/1", "origin": "x", "text": "?", "events": [], "signers": [],
                "expires": "", "summary": [],
            },
            422,
            "prepared-file-altered",
        ),
    ],
)  # fmt: skip
def test_malformed_requests_are_told_and_change_nothing(
    officer: Caller, product: Product, path: str, body: Any, status: int, code: str
) -> None:
    """Given a body that is no such request, then a problem with its code, and no act waits or is stored."""
    size = product.main.size()
    assert _code(officer.post(path, body)) == (status, code)
    assert product.main.size() == size


@pytest.mark.parametrize(
    ("members", "status", "code"),
    [
        ({"reason": "lộ", "compromisedSince": 2**53}, 422, "act-malformed"),
        ({"reason": "lộ", "compromisedSince": 2**53 - 1}, 403, "act-not-permitted"),
        ({"reason": " "}, 422, "text-empty"),
    ],
)
def test_a_revocation_that_says_nothing_or_too_much(
    product: Product, registrar: Caller, members: dict[str, Any], status: int, code: str
) -> None:
    """Given a number no act can hold or a reason of blanks, then a problem says so, and nothing waits."""
    kid = to_base64(product.actor(Office.ARCHIVIST).signer.verifier_key.kid)
    assert _code(registrar.prepare("registry.revoke", kid=[kid], **members)) == (status, code)


def test_blanks_are_no_name_and_no_office(officer: Caller) -> None:
    """Given a name or an office of blanks, then it is refused."""
    for member in ("name", "office"):
        asked = appointment(officer.actor, **{member: "  "})
        assert _code(officer.post("/acts/prepared", asked)) == (422, "text-empty")


def test_nobody_is_appointed_where_there_is_no_agency(officer: Caller, product: Product) -> None:
    """Given an id that no agency has, or one of a unit, then it is refused, and nothing is prepared."""
    asked = appointment(officer.actor, agency=str(uuid4()))
    assert _code(officer.post("/acts/prepared", asked)) == (404, "agency-unknown")
    body = product.main.streams().load(BODY, None, agency.evolve)
    assert body is not None
    asked = appointment(officer.actor, agency=str(body.unit))
    assert _code(officer.post("/acts/prepared", asked)) == (422, "stream-of-other-kind")


def test_what_is_nested_without_end_is_the_callers_fault(officer: Caller, client: Client) -> None:
    """Given a body of brackets only, then a problem of the request, for every address that takes one."""
    for path in ("/acts/prepared", "/acts/submitted"):
        assert _code_of(client.post(path, content=b"[" * 100_000, headers=officer._headers)) == (400, "request-refused")


def test_without_a_token_nothing_is_taken(client: Client, product: Product) -> None:
    """Given no token, then 401; given bytes that are no JSON, a problem; given another method, what is allowed."""
    for path in ("/acts/prepared", "/acts/submitted"):
        assert _code_of(client.post(path, json={})) == (401, "token-missing")
        assert client.get(path).status_code == 405
    caller = Caller(product, client, str(uuid4()))
    answer = client.post("/acts/prepared", content=b"{", headers=caller._headers)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_a_revoked_key_signs_no_prepared_act(product: Product, client: Client, registrar: Caller) -> None:
    """Given a key revoked between preparing and submitting, the act is refused at its append."""
    officer = Caller(product, client, str(uuid4()))
    _, body = registrar.prepare("registry.enrol", vkey=officer.signer.verifier_key.text())
    registrar.post("/acts/submitted", officer.sign(body))
    _, body = registrar.prepare("registry.grant", actor=officer.actor, role="head", acts=["principal.*"])
    registrar.post("/acts/submitted", body)
    status, waiting = officer.post("/acts/prepared", appointment(officer.actor))
    assert status == 200
    kid = to_base64(officer.signer.verifier_key.kid)
    _, body = registrar.prepare("registry.revoke", kid=[kid], reason="mất")
    assert registrar.post("/acts/submitted", body)[0] == 200
    assert _code(officer.post("/acts/submitted", officer.sign(waiting))) == (403, "act-not-permitted")


def _code(told: tuple[int, Any]) -> tuple[int, str]:
    return told[0], told[1].get("code", "")


def _code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")
