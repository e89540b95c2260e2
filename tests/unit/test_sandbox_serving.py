import asyncio
import signal
import socket
import threading
import time
from pathlib import Path

import httpx
import pytest

from batch.errors import SettingsError
from batch.sandbox.options import SandboxOptions
from batch.sandbox.serving import Embedded, _listen, _Server, serve

PATH = "/v1/verification-groups"


def auth(sandbox: Embedded) -> dict[str, str]:
    return {"Authorization": f"Bearer {sandbox.api_key}"}


def test_embedded_answers_on_a_loopback_port_of_its_own_and_shows_its_state() -> None:
    with (
        Embedded(SandboxOptions(keys={"fl_test_first": "one", "fl_test_b": "one"})) as one,
        Embedded(SandboxOptions()) as two,
    ):
        assert one.base_url.startswith("http://127.0.0.1:")
        assert one.base_url != two.base_url
        assert one.api_key == "fl_test_first"
        assert httpx.get(one.base_url + PATH, headers=auth(one), trust_env=False).status_code == 200
        assert (one.state.requests_seen, two.state.requests_seen) == (1, 0)


def test_embedded_starts_and_stops_fast_and_leaves_nothing_behind() -> None:
    with Embedded(SandboxOptions()):
        pass
    threads = threading.active_count()
    seconds = []
    for _ in range(5):
        started = time.perf_counter()
        with Embedded(SandboxOptions()) as sandbox:
            httpx.get(sandbox.base_url + PATH, trust_env=False)
        seconds.append(time.perf_counter() - started)
    assert min(seconds) < 0.5
    assert threading.active_count() == threads
    with pytest.raises(httpx.ConnectError):
        httpx.get(sandbox.base_url + PATH, trust_env=False)


def test_a_port_can_be_asked_for_and_had_again() -> None:
    with Embedded(SandboxOptions()) as first:
        port = httpx.URL(first.base_url).port or 0
    with Embedded(SandboxOptions(), port=port) as second:
        assert second.base_url == first.base_url


def test_stopping_does_not_wait_for_what_is_in_flight_and_lets_nothing_more_take_effect() -> None:
    seen: list[str] = []

    async def ask(client: httpx.AsyncClient, fault: str, sandbox: Embedded) -> None:
        try:
            await client.post(PATH, json=BODY, headers={"X-Sandbox-Fault": fault, **auth(sandbox)}, timeout=20)
        except httpx.TransportError as error:
            seen.append(type(error).__name__)

    async def ask_all(sandbox: Embedded) -> None:
        async with httpx.AsyncClient(base_url=sandbox.base_url, trust_env=False) as client:
            waiting = [asyncio.create_task(ask(client, fault, sandbox)) for fault in FAULTS]
            await asyncio.to_thread(_stop_when_all_wait, sandbox)
            await asyncio.gather(*waiting)

    sandbox = Embedded(SandboxOptions()).__enter__()
    started = time.perf_counter()
    asyncio.run(ask_all(sandbox))
    assert time.perf_counter() - started < 3
    assert len(seen) == len(FAULTS)
    assert len(sandbox.state.groups()) == 1


def test_stopping_closes_idle_connections_and_may_be_done_twice() -> None:
    with Embedded(SandboxOptions()) as sandbox, httpx.Client(base_url=sandbox.base_url, trust_env=False) as client:
        client.get(PATH)
        sandbox.stop()
        with pytest.raises(httpx.TransportError):
            client.get(PATH)


def test_answers_are_not_held_back_by_the_system() -> None:
    with Embedded(SandboxOptions()) as sandbox, httpx.Client(base_url=sandbox.base_url, trust_env=False) as client:
        client.get(PATH)
        (connection,) = sandbox._server.server_state.connections
        opened = connection.transport.get_extra_info("socket")
        assert opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1


def test_a_signal_before_anything_is_served_ends_it_just_as_well() -> None:
    server = _Server(SandboxOptions(), lambda: None)
    server.handle_exit(signal.SIGINT, None)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [_listen("127.0.0.1", 0)]})
    thread.start()
    thread.join(5)
    assert not thread.is_alive()


@pytest.mark.parametrize("host", ["0.0.0.0", "example.com", ""])  # noqa: S104 - must be refused
def test_only_this_machine_is_served(host: str) -> None:
    with pytest.raises(SettingsError, match=r"answers this machine only: give 127\.0\.0\.1") as caught:
        serve(SandboxOptions(), host=host)
    assert caught.value.code == "sandbox_host"


def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"cannot use port {port} on localhost") as caught:
            serve(SandboxOptions(), host="localhost", port=port)
    assert caught.value.code == "sandbox_port"


def test_a_port_that_does_not_exist_is_named() -> None:
    with pytest.raises(SettingsError, match="cannot use port 70000"):
        serve(SandboxOptions(), port=70_000)


def test_what_is_wrong_with_the_options_is_said_before_anything_is_served(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be opened"), Embedded(SandboxOptions(state_file=tmp_path)):
        pytest.fail("never reached")
    with pytest.raises(SettingsError, match="cannot be opened"):
        serve(SandboxOptions(state_file=tmp_path))


@pytest.mark.parametrize(("host", "start"), [("127.0.0.1", "http://127.0.0.1:"), ("::1", "http://[::1]:")])
def test_serve_tells_its_url_when_it_answers(host: str, start: str) -> None:
    told: list[str] = []

    def ready(url: str) -> None:
        told.append(url)
        raise _StopError

    if ":" in host and not _has_ipv6():
        pytest.skip("this machine has no IPv6 loopback")
    with pytest.raises(_StopError):
        serve(SandboxOptions(), host=host, on_ready=ready)
    assert told[0].startswith(start)


class _StopError(Exception):
    pass


def _stop_when_all_wait(sandbox: Embedded) -> None:
    while sandbox.state.requests_seen < len(FAULTS):
        time.sleep(0.001)
    sandbox.stop()


def _has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


FAULTS = ["silent_before", "slow_after", "late", "slow_before"]
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
