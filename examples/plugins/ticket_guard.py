#!/usr/bin/env python3
"""A plugin for Watchgate in Python: hides ticket numbers, and guards the archive.

Configuration:

    plugins:
      security:
        _global:
          - handler: process
            config: {command: [python3, ticket_guard.py], methods: [tools/call]}
"""

import json
import re
import sys

TICKET = re.compile(r"\bTICKET-\d+\b")


def hidden(value):
    """The value with every ticket number in its texts hidden."""
    if isinstance(value, str):
        return TICKET.sub("[ticket]", value)
    if isinstance(value, list):
        return [hidden(element) for element in value]
    if isinstance(value, dict):
        return {key: hidden(element) for key, element in value.items()}
    return value


def judge(question):
    """The verdict on one message."""
    content = question["content"]
    if question["judge"] == "request":
        if question["exchange"].get("name") == "empty_archive":
            return {"verdict": "block", "reason": "the archive is never emptied"}
        if question["exchange"].get("name") == "ping_archive":
            text = {"type": "text", "text": "the archive is there"}
            return {"verdict": "complete", "result": {"content": [text]}}
    clean = hidden(content)
    if clean != content:
        return {"verdict": "replace", "content": clean, "reason": "ticket numbers are hidden"}
    return {"verdict": "pass"}


def main():
    print("ticket guard is ready", file=sys.stderr, flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        print(json.dumps({"id": question["id"], **judge(question)}), flush=True)


if __name__ == "__main__":
    main()
