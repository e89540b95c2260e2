import httpx
import pytest

from batch.sandbox.options import SandboxOptions
from batch.sandbox.serving import Embedded


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("POST", "/v1/verification-group", 404),
        ("POST", "/v1/verification-groups/", 404),
        ("PUT", "/v1/verification-groups", 405),
        ("DELETE", "/v1/verification-groups/some-id", 405),
    ],
)
def test_other_paths_and_methods_are_refused_in_the_shape_of_the_api(method: str, path: str, status: int) -> None:
    with Embedded(SandboxOptions()) as sandbox:
        reply = httpx.request(method, sandbox.base_url + path, trust_env=False)
        assert reply.status_code == status
        assert set(reply.json()["error"]) == {"code", "message", "details"}
