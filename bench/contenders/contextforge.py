"""Starts ContextForge, and registers the servers over its own API."""
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request

HERE = "http://127.0.0.1:@PORT@"
SERVERS = [@UPSTREAMS@]
PEERS = "@PEERS@/mcp-contextforge-gateway/bin"
TOKEN = subprocess.run(
    [PEERS + "/python", "-m", "mcpgateway.utils.create_jwt_token", "--username", "admin@example.com",
     "--exp", "10080", "--secret", os.environ["JWT_SECRET_KEY"], "--admin"],
    check=True, capture_output=True, text=True).stdout.strip().splitlines()[-1]

with open("@DIR@/token", "w") as file:
    file.write(TOKEN)


def ask(method, path, body=None):
    request = urllib.request.Request(
        HERE + path, method=method, data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Authorization": "Bearer " + TOKEN})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def patiently(method, path, body=None):
    for _ in range(120):
        try:
            return ask(method, path, body)
        except urllib.error.HTTPError as refusal:
            if refusal.code == 409:  # the first attempt took longer than we waited
                return {}
            sys.exit(f"{method} {path}: {refusal.code} {refusal.read().decode()[:300]}")
        except OSError:
            time.sleep(0.5)
    sys.exit("it does not listen")


gateway = subprocess.Popen([PEERS + "/mcpgateway", "--host", "127.0.0.1", "--port", "@PORT@"])
patiently("GET", "/version")
for server in SERVERS:
    patiently("POST", "/gateways", server)
tools = [tool["id"] for tool in patiently("GET", "/tools?limit=0")]
server = patiently("POST", "/servers", {
    "server": {"id": "0123456789abcdef0123456789abcdef", "name": "bench", "description": "bench",
               "associated_tools": tools}})
print(server.get("id"), len(tools), flush=True)
gateway.wait()
