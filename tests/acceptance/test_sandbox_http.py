"""The sandbox over real connections: what a client sees of each fault, what took effect, and the process itself."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import pytest

from batch.sandbox.faults import KINDS, Endpoint
from batch.sandbox.options import ListOrder, SandboxOptions
from batch.sandbox.plans import FaultPlan
from batch.sandbox.serving import Embedded

PATH = "/v1/verification-groups"
BODY = {
    "phone_number_type": "local",
    "name": "Bakkerij Noord",
    "business_name": "Voorbeeld Bakkerij BV",
    "contact_person_first_name": "Fleur",
    "contact_person_last_name": "Voorbeeld",
    "contact_person_phone": "+31201234567",
    "street_name": "Voorbeeldstraat",
    "house_number": "1",
    "postal_code": "1234 AB",
    "city": "Voorbeeldstad",
    "province": "Utrecht",
}


@pytest.fixture
def sandbox() -> Iterator[Embedded]:
    with Embedded(SandboxOptions(rate_limit=None)) as running:
        yield running


@pytest.fixture
def client(sandbox: Embedded) -> Iterator[httpx.Client]:
    with open_client(sandbox) as client:
        yield client


def open_client(sandbox: Embedded) -> httpx.Client:
    headers = {"Authorization": f"Bearer {sandbox.api_key}"}
    return httpx.Client(base_url=sandbox.base_url, headers=headers, timeout=5, trust_env=False)


def meets(client: httpx.Client, fault: str, method: str = "POST", timeout: float = 5) -> httpx.Response:
    content = json.dumps(BODY) if method == "POST" else None
    return client.request(method, PATH, content=content, headers={"X-Sandbox-Fault": fault}, timeout=timeout)


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        ("drop", httpx.RemoteProtocolError, "disconnected without sending a response"),
        ("reset", httpx.ReadError, "reset"),
        ("truncated", httpx.RemoteProtocolError, "without sending complete message body"),
    ],
)
def test_a_broken_connection_is_really_broken(
    sandbox: Embedded,
    client: httpx.Client,
    method: str,
    moment: str,
    fault: str,
    error: type[httpx.TransportError],
    words: str,
) -> None:
    with pytest.raises(error, match=words):
        meets(client, f"{fault}_{moment}", method)
    assert len(sandbox.state.groups()) == (method == "POST" and moment == "after")
    logged = sandbox.state.requests[-1]
    assert (logged.fault, logged.status is None) == (f"{fault}_{moment}", fault != "truncated")
    assert client.get(PATH).status_code == 200


@pytest.mark.parametrize(("fault", "groups"), [("silent_before", 0), ("silent_after", 1), ("slow_after:9", 1)])
def test_a_client_that_gives_up_waiting_cannot_tell_what_took_effect(
    sandbox: Embedded, client: httpx.Client, fault: str, groups: int
) -> None:
    with pytest.raises(httpx.ReadTimeout):
        meets(client, fault, timeout=0.1)
    assert len(sandbox.state.groups()) == groups


def test_a_silent_list_never_answers(client: httpx.Client) -> None:
    with pytest.raises(httpx.ReadTimeout):
        meets(client, "silent_before", "GET", timeout=0.1)


def test_a_late_group_appears_after_the_client_gave_up(sandbox: Embedded, client: httpx.Client) -> None:
    with pytest.raises(httpx.ReadTimeout):
        meets(client, "late:0.3", timeout=0.1)
    assert sandbox.state.groups() == []
    deadline = time.monotonic() + 5
    while not sandbox.state.groups() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(sandbox.state.groups()) == 1


def test_slow_answers_come_in_the_end(sandbox: Embedded, client: httpx.Client) -> None:
    assert meets(client, "slow_before:0.05").status_code == 504
    assert sandbox.state.groups() == []
    assert meets(client, "slow_after:0.05").status_code == 201
    assert meets(client, "late:0.05").status_code == 201
    assert len(sandbox.state.groups()) == 2


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.family in ("server", "garbled")])
def test_a_useless_answer_hides_whether_the_group_was_created(
    sandbox: Embedded, client: httpx.Client, name: str
) -> None:
    reply = meets(client, name)
    assert reply.status_code == (int(name[:3]) if name[:3].isdigit() else 201)
    with contextlib.suppress(ValueError):
        assert "requirement_group_id" not in str(reply.json()) or name.startswith("id_not_uuid")
    assert len(sandbox.state.groups()) == name.endswith("_after")


@pytest.mark.parametrize(
    "name", [name for name, kind in KINDS.items() if kind.family in ("refused", "stopped", "throttle")]
)
def test_a_refusal_has_its_status_and_creates_nothing(sandbox: Embedded, client: httpx.Client, name: str) -> None:
    assert meets(client, name).status_code == int(name[:3])
    assert sandbox.state.groups() == []


def test_retry_after_comes_in_both_forms(client: httpx.Client) -> None:
    assert meets(client, "429:7").headers["Retry-After"] == "7"
    dated = meets(client, "429_date:90").headers
    assert (
        88 < (parsedate_to_datetime(dated["Retry-After"]) - parsedate_to_datetime(dated["Date"])).total_seconds() < 92
    )


def test_a_client_that_follows_the_redirect_creates_a_group_and_one_that_does_not_creates_none(
    sandbox: Embedded, client: httpx.Client
) -> None:
    reply = meets(client, "redirect")
    assert (reply.status_code, sandbox.state.groups()) == (307, [])
    sandbox.state.faults.queue(Endpoint.CREATE, [None])
    client.headers["X-Sandbox-Fault"] = "redirect"
    with pytest.raises(httpx.TooManyRedirects):
        client.post(PATH, json=BODY, follow_redirects=True)
    del client.headers["X-Sandbox-Fault"]
    assert client.request("POST", reply.headers["Location"], json=BODY).status_code == 201


def test_a_blank_list_hides_the_groups_that_exist(client: httpx.Client) -> None:
    client.post(PATH, json=BODY)
    assert meets(client, "blank", "GET").json()["meta"]["total"] == 0
    assert client.get(PATH).json()["meta"]["total"] == 1


def test_a_key_may_be_refused_in_the_middle_of_everything(client: httpx.Client) -> None:
    client.post("/_sandbox/faults", json={"next": {"create": [None, "401"]}})
    assert [client.post(PATH, json=BODY).status_code for _ in range(3)] == [201, 401, 201]


def test_a_seeded_plan_over_many_connections_does_the_same_again_and_tells_the_truth() -> None:
    plan = FaultPlan(fraction=0.4, weights={"lost": 1, "server": 1, "garbled": 1}, seed=23)
    rounds = []
    for _ in range(2):
        options = SandboxOptions(rate_limit=None, plans={Endpoint.CREATE: plan})
        with Embedded(options) as sandbox, ThreadPoolExecutor(8) as pool:
            clients = [open_client(sandbox) for _ in range(8)]
            list(pool.map(_lost_or_not, [clients[at % 8] for at in range(120)], range(120)))
            for each in clients:
                each.close()
            rounds.append(
                (
                    sorted(str(group.body["name"]) for group in sandbox.state.groups()),
                    sandbox.state.faults.committed,
                    sandbox.state.posts_seen,
                )
            )
    assert rounds[0] == rounds[1]
    names, committed, posts = rounds[0]
    not_acted = sum(count for name, count in committed.items() if not KINDS[name].acts)
    assert len(names) == len(set(names)) == posts - not_acted == 120 - not_acted
    assert 25 < sum(committed.values()) < 75


def _lost_or_not(client: httpx.Client, at: int) -> None:
    with contextlib.suppress(httpx.TransportError):
        client.post(PATH, json={**BODY, "name": f"Groep {at}"})


@pytest.mark.parametrize("order", [ListOrder.NEWEST, ListOrder.OLDEST, ListOrder.RANDOM])
def test_paging_through_many_groups_finds_each_once(order: ListOrder) -> None:
    with Embedded(SandboxOptions(rate_limit=None, list_order=order)) as sandbox, open_client(sandbox) as client:
        bodies = [{**BODY, "name": f"Groep {at}"} for at in range(2500)]
        client.post("/_sandbox/groups", json={"groups": bodies})
        pages = [client.get(PATH, params={"limit": 100, "offset": at}).json() for at in range(0, 2500, 100)]
        assert len({group["id"] for page in pages for group in page["data"]}) == 2500
        assert {page["meta"]["total"] for page in pages} == {2500}


PROGRAM = """
import sys
from pathlib import Path
from batch.sandbox.options import SandboxOptions
from batch.sandbox.serving import serve
serve(SandboxOptions(state_file=Path(sys.argv[1])), on_ready=lambda url: print(url, flush=True))
print("ended", flush=True)
"""


@pytest.fixture
def process(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    with _started(tmp_path / "groups.jsonl") as started:
        yield started


@contextlib.contextmanager
def _started(state: Path) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    running = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", PROGRAM, str(state)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert running.stdout is not None
    url = running.stdout.readline().strip()
    headers = {"Authorization": "Bearer fl_test_sandbox"}
    with httpx.Client(base_url=url, headers=headers, timeout=5, trust_env=False) as client:
        try:
            yield running, client
        finally:
            running.kill()
            running.communicate()


def test_ctrl_c_ends_the_process_cleanly(process: tuple[subprocess.Popen[str], httpx.Client]) -> None:
    running, client = process
    assert client.post(PATH, json=BODY).status_code == 201
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=10)
    assert (out, err, running.returncode) == ("ended\n", "", 0)


def test_sigterm_ends_the_process_by_that_signal(process: tuple[subprocess.Popen[str], httpx.Client]) -> None:
    running, _ = process
    running.terminate()
    _, err = running.communicate(timeout=10)
    assert (err, running.returncode) == ("", -signal.SIGTERM)


def test_a_killed_process_leaves_its_truth_to_the_next(
    tmp_path: Path, process: tuple[subprocess.Popen[str], httpx.Client]
) -> None:
    running, client = process
    created = [client.post(PATH, json=BODY).json()["data"]["requirement_group_id"] for _ in range(3)]
    with pytest.raises(httpx.RemoteProtocolError):
        meets(client, "drop_after")
    running.kill()
    running.wait()
    with _started(tmp_path / "groups.jsonl") as (_, again):
        kept = [group["id"] for group in again.get("/_sandbox/groups").json()["groups"]]
    assert kept[:3] == created
    assert len(kept) == 4


def test_the_process_is_light() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import sys, batch.sandbox.serving; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert not {"pandas", "pandera", "pyarrow", "openpyxl", "pydantic", "httpx"} & set(told.stdout.split())
