"""The client of the Python SDK, in the era that the job names; the checks are those of `checks.mjs`."""

import json
import os
import re
import sys
import warnings

import anyio
from mcp import Client, StdioServerParameters
from mcp.types import (
    CreateMessageResult,
    ElicitResult,
    Implementation,
    ResourceUpdatedNotification,
    TextContent,
)

warnings.simplefilter("ignore")
LIMIT = 30  # nobody waits that long but for what never comes
FIRST = 60  # until every server has started
TOOLS = ["add", "ask_name", "cancelled", "slow", "think", "touch"]
ANSWER = "42"


class Peer:
    """One connection to a server or to the gateway."""

    def __init__(self, target: dict, job: dict) -> None:
        self.label = job["label"]
        self.stateless = job["era"] == "stateless"
        self.waiting: dict[str, anyio.Event] = {}
        self.client = Client(
            target["url"] if "url" in target else StdioServerParameters(**target),
            mode="auto" if self.stateless else "legacy",
            client_info=Implementation(name="py", version="1.0.0"),
            elicitation_callback=self.elicited,
            sampling_callback=self.sampled,
            message_handler=self.told,
        )

    async def elicited(self, context, params):
        return ElicitResult(action="accept", content={"name": self.label})

    async def sampled(self, context, params):
        content = TextContent(type="text", text=ANSWER)
        return CreateMessageResult(role="assistant", model="none", content=content)

    async def told(self, message):
        if isinstance(message, ResourceUpdatedNotification):
            if event := self.waiting.get(str(message.params.uri)):
                event.set()

    async def call(self, name: str, arguments: dict, on_progress=None) -> str:
        result = await self.client.call_tool(name, arguments, LIMIT, on_progress)
        if result.is_error:
            raise AssertionError(result.content[0].text)
        return result.content[0].text


def same(actual, expected) -> None:
    if actual != expected:
        raise AssertionError(f"{actual!r} is not {expected!r}")


async def check_list(peer: Peer, server: dict) -> None:
    """Until a server has started, the gateway's lists are without it."""
    end = anyio.current_time() + FIRST
    while True:
        try:
            return await listed(peer, server)
        except AssertionError:
            if anyio.current_time() > end:
                raise
        await anyio.sleep(0.2)


async def listed(peer: Peer, server: dict) -> None:
    prefix = server["prefix"]
    names = [tool.name for tool in (await peer.client.list_tools()).tools]
    same(sorted(name for name in names if name.startswith(prefix)), [prefix + name for name in TOOLS])
    prompts = [prompt.name for prompt in (await peer.client.list_prompts()).prompts]
    same(f"{prefix}greet" in prompts, True)
    resources = [str(resource.uri) for resource in (await peer.client.list_resources()).resources]
    same(server["uri"] in resources, True)


async def check_call(peer: Peer, server: dict) -> None:
    same(await peer.call(server["prefix"] + "add", {"a": 2, "b": 3}), "5")


async def check_read(peer: Peer, server: dict) -> None:
    [content] = (await peer.client.read_resource(server["uri"])).contents
    same(bool(re.fullmatch(r"note \d+", content.text)), True)
    same(str(content.uri), server["uri"])


async def check_prompt(peer: Peer, server: dict) -> None:
    result = await peer.client.get_prompt(server["prefix"] + "greet", {"name": peer.label})
    same(result.messages[0].content.text, f"Hello {peer.label}")


async def check_progress(peer: Peer, server: dict) -> None:
    seen = []

    async def on_progress(progress, total, message):
        seen.append([progress, total])

    same(await peer.call(server["prefix"] + "slow", {"tag": "no"}, on_progress), "done")
    same(seen, [[1, 3], [2, 3], [3, 3]])


async def check_cancel(peer: Peer, server: dict) -> None:
    tag = f"{peer.label} {server['key']}"
    async with anyio.create_task_group() as group:

        async def on_progress(progress, total, message):
            group.cancel_scope.cancel()

        await peer.call(server["prefix"] + "slow", {"tag": tag, "hold": True}, on_progress)
    same(group.cancel_scope.cancelled_caught, True)
    while await peer.call(server["prefix"] + "cancelled", {"tag": tag}) != "yes":
        await anyio.sleep(0.05)


async def check_elicit(peer: Peer, server: dict) -> None:
    same(await peer.call(server["prefix"] + "ask_name", {}), f"Hello {peer.label}")


async def check_sample(peer: Peer, server: dict) -> None:
    same(await peer.call(server["prefix"] + "think", {}), f"thought: {ANSWER}")


async def check_subscribe(peer: Peer, server: dict) -> None:
    uri, touch = server["uri"], server["prefix"] + "touch"
    if peer.stateless and peer.client.protocol_version == "2026-07-28":
        async with peer.client.listen(resource_subscriptions=[uri]) as events:
            await peer.call(touch, {})
            same((await anext(events)).uri, uri)
        return
    peer.waiting[uri] = anyio.Event()
    await peer.client.subscribe_resource(uri)
    await peer.call(touch, {})
    await peer.waiting[uri].wait()
    await peer.client.unsubscribe_resource(uri)


CHECKS = {
    "list": check_list,
    "call": check_call,
    "read": check_read,
    "prompt": check_prompt,
    "progress": check_progress,
    "cancel": check_cancel,
    "elicit": check_elicit,
    "sample": check_sample,
    "subscribe": check_subscribe,
}


def told(error: BaseException) -> str:
    while hasattr(error, "exceptions"):
        error = error.exceptions[0]
    return f"{type(error).__name__}: {error}"[:600]


async def check_server(peer: Peer, server: dict, outcomes: list) -> None:
    for name, check in CHECKS.items():
        if name in server["without"]:
            continue
        outcome = {"key": server["key"], "check": name}
        try:
            with anyio.fail_after(2 * FIRST if name == "list" else LIMIT):
                await check(peer, server)
        except Exception as error:
            outcome["error"] = told(error)
        outcomes.append(outcome)


async def main() -> None:
    job = json.load(sys.stdin)
    outcomes: list = []
    for each in job["targets"]:
        connected = False
        try:
            peer = Peer(each["target"], job)
            async with peer.client:
                if peer.stateless:
                    same(peer.client.protocol_version, "2026-07-28")
                connected = True
                for server in each["servers"]:
                    await check_server(peer, server, outcomes)
        except Exception as error:
            where = "close" if connected else "connect"
            outcomes += [{"key": server["key"], "check": where, "error": told(error)} for server in each["servers"]]
    print(json.dumps(outcomes), flush=True)
    os._exit(0)


anyio.run(main)
