"""FastMCP's own proxy, as its documentation starts it."""
import json

from fastmcp.server import create_proxy

SERVERS = json.loads("""{@UPSTREAMS@}""")

if __name__ == "__main__":
    create_proxy({"mcpServers": SERVERS}, name="bench").run(
        transport="http",
        host="127.0.0.1",
        port=@PORT@,
        show_banner=False,
        log_level="warning",
        uvicorn_config={"access_log": False},
    )
