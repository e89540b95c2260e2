"""The sandbox as an ASGI application: its world, the vendor's routes, the control routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from batch.sandbox.answers import refused
from batch.sandbox.body_check import load_body_check
from batch.sandbox.control import control_routes
from batch.sandbox.exchange import Exchange
from batch.sandbox.faults import Endpoint
from batch.sandbox.wire import Wire
from batch.sandbox.world import World

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ExceptionHandler

    from batch.sandbox.options import SandboxOptions

PATH = "/v1/verification-groups"


def create_app(options: SandboxOptions) -> Starlette:
    """The application; its `state.world` is the World behind it and `state.wire` the way out, for the server to set.

    Raises SettingsError where the state file or a schema file cannot be used.
    """
    check = load_body_check(options.schemas)
    world, wire = World(options), Wire()
    app = Starlette(
        routes=[
            Route(PATH, Exchange(Endpoint.CREATE, world, check, wire), methods=["POST"]),
            Route(PATH, Exchange(Endpoint.LIST, world, check, wire), methods=["GET"]),
            Route(PATH + "/{group_id}", Exchange(Endpoint.ONE, world, check, wire), methods=["GET"]),
            *control_routes(world),
        ],
        exception_handlers={404: _error(options, "not_found"), 405: _error(options, "method_not_allowed")},
    )
    app.router.redirect_slashes = False
    app.state.world = world
    app.state.wire = wire
    return app


def _error(options: SandboxOptions, code: str) -> ExceptionHandler:
    async def answer(_request: Request, _error: Exception) -> Response:
        said = refused(options.error_shape, code)
        return Response(said.body, said.status, media_type=said.media_type)

    return answer
