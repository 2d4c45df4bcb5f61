"""An MCP server on a pipe for the dossier of faults: python3 server.py NAME

Tools: echo {text, ms} answers "NAME:text" after some milliseconds; get does the same and may be
repeated; hang never answers; stats says what came.
"""
import heapq
import json
import os
import select
import sys
import time

name = sys.argv[1]
counts = {"calls": 0, "hanging": 0, "cancelled": 0}
hanging = set()
due = []
buffer = b""


def tool(title, **annotations):
    return {"name": title, "inputSchema": {"type": "object"}, "annotations": annotations}


TOOLS = [tool("echo"), tool("get", readOnlyHint=True, idempotentHint=True), tool("hang"), tool("stats")]


def send(message):
    view = memoryview((json.dumps({"jsonrpc": "2.0", **message}, separators=(",", ":")) + "\n").encode())
    while view:
        view = view[os.write(1, view):]


def text(words):
    return {"content": [{"type": "text", "text": words}]}


def answer(request):
    method, params = request["method"], request.get("params", {})
    if method == "initialize":
        about = {"name": name, "version": "1"}
        return {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}}, "serverInfo": about}
    if method == "ping":
        return {}
    if method == "tools/list":
        return {"tools": TOOLS}
    if method != "tools/call":
        return None
    arguments = params.get("arguments", {})
    counts["calls"] += 1
    if params["name"] == "stats":
        return text(json.dumps(counts))
    return text(name + ":" + arguments.get("text", ""))


def take(line):
    message = json.loads(line)
    method, ident = message.get("method"), message.get("id")
    if method == "notifications/cancelled":
        hanging.discard(message["params"]["requestId"])
        counts["cancelled"] += 1
    if ident is None or method is None:
        return
    if method == "tools/call" and message["params"]["name"] == "hang":
        hanging.add(ident)
        counts["hanging"] += 1
        return
    result = answer(message)
    if result is None:
        send({"id": ident, "error": {"code": -32601, "message": "no such method"}})
        return
    wait = message.get("params", {}).get("arguments", {}).get("ms", 0) if method == "tools/call" else 0
    if wait:
        heapq.heappush(due, (time.monotonic() + wait / 1000, ident, result))
    else:
        send({"id": ident, "result": result})


while True:
    patience = max(0, due[0][0] - time.monotonic()) if due else None
    if select.select([0], [], [], patience)[0]:
        chunk = os.read(0, 65536)
        if not chunk:
            break
        *lines, buffer = (buffer + chunk).split(b"\n")
        for line in filter(None, lines):
            take(line)
    while due and due[0][0] <= time.monotonic():
        _, ident, result = heapq.heappop(due)
        send({"id": ident, "result": result})
