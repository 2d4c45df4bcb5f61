"""A server made with the Python SDK, of both eras: `py_server.py stdio|http`. Over HTTP it says its port."""

import socket
import sys
from typing import Annotated

import anyio
import uvicorn
from mcp.server import MCPServer
from mcp.server.mcpserver import Context, Elicit, Resolve, Sample
from mcp.types import (
    CreateMessageResult,
    EmptyResult,
    SamplingMessage,
    SubscribeRequestParams,
    TextContent,
    UnsubscribeRequestParams,
)
from pydantic import BaseModel

NOTE = "matrix://note"
STEPS = 3

server = MCPServer("py", version="1.0.0", log_level="WARNING")
touched = 0
cancelled_tags: set[str] = set()
subscribers = set()


class Person(BaseModel):
    name: str


async def who() -> Elicit[Person]:
    return Elicit("Who are you?", Person)


async def thought() -> Sample:
    question = TextContent(type="text", text="six times seven")
    return Sample([SamplingMessage(role="user", content=question)], max_tokens=10)


@server.tool()
def add(a: int, b: int) -> str:
    return str(a + b)


@server.tool()
async def slow(tag: str, context: Context, hold: bool = False) -> str:
    """Three steps of progress; with `hold` it then waits until it is cancelled, and remembers that."""
    try:
        for step in range(1, STEPS + 1):
            await anyio.sleep(0.05)
            await context.report_progress(step, STEPS)
        await anyio.sleep(60 if hold else 0.1)
    except anyio.get_cancelled_exc_class():
        cancelled_tags.add(tag)
        raise
    return "done"


@server.tool()
def cancelled(tag: str) -> str:
    return "yes" if tag in cancelled_tags else "no"


@server.tool()
async def ask_name(person: Annotated[Person, Resolve(who)]) -> str:
    return f"Hello {person.name}"


@server.tool()
async def think(answer: Annotated[CreateMessageResult, Resolve(thought)]) -> str:
    return f"thought: {answer.content.text}"


@server.tool()
async def touch(context: Context) -> str:
    global touched
    touched += 1
    await context.notify_resource_updated(NOTE)
    for session in list(subscribers):
        await session.send_resource_updated(NOTE)
    return f"note {touched}"


@server.resource(NOTE)
def note() -> str:
    return f"note {touched}"


@server.prompt()
def greet(name: str) -> str:
    return f"Hello {name}"


async def subscribe(context, _) -> EmptyResult:
    subscribers.add(context.session)
    return EmptyResult()


async def unsubscribe(context, _) -> EmptyResult:
    subscribers.discard(context.session)
    return EmptyResult()


# MCPServer serves subscriptions/listen by itself, but not what went before it.
lowlevel = server._lowlevel_server
lowlevel.add_request_handler("resources/subscribe", SubscribeRequestParams, subscribe)
lowlevel.add_request_handler("resources/unsubscribe", UnsubscribeRequestParams, unsubscribe)

if sys.argv[1] == "http":
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    print(f"listening on http://127.0.0.1:{listener.getsockname()[1]}/mcp ", file=sys.stderr, flush=True)
    config = uvicorn.Config(server.streamable_http_app(), log_level="warning", timeout_graceful_shutdown=1)
    uvicorn.Server(config).run(sockets=[listener])
else:
    server.run("stdio")
