package io.watchgate.bench;

import io.watchgate.bench.Contender.Servers;
import io.watchgate.bench.Contender.Skill;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/// Other gateways for the protocol. Each is as its documentation starts it, but for what would get
/// in the way of a measurement: access logs, rate limits, and keys of clients.
final class Peers {
  private static final String HTTP_JSON = "\"@NAME@\": {\"url\": \"@URL@\"}";
  private static final String STDIO_JSON =
      "\"@NAME@\": {\"command\": \"@COMMAND@\", \"args\": [\"@TOOLS@\"]}";

  static final List<Contender> ALL =
      List.of(
          new Contender(
              "mcp-proxy (Rust)",
              "@PEERS@/mcp-proxy/bin/mcp-proxy",
              "mcp-proxy 0.6.0 (crates.io)",
              "mcp-proxy-rust.toml",
              new Servers(
                  "[[backends]]\nname = \"@NAME@\"\ntransport = \"http\"\nurl = \"@URL@\"",
                  "[[backends]]\nname = \"@NAME@\"\ntransport = \"stdio\"\n"
                      + "command = \"@COMMAND@\"\nargs = [\"@TOOLS@\"]",
                  "\n"),
              List.of("@PEERS@/mcp-proxy/bin/mcp-proxy", "--config", "@CONFIG@"),
              Map.of("RUST_LOG", "warn"),
              "/",
              "s0/",
              "",
              EnumSet.of(
                  Skill.HTTP_SERVERS, Skill.STDIO_SERVERS, Skill.MANY_SERVERS, Skill.STATELESS)),
          new Contender(
              "mcp-gateway (Rust)",
              "@PEERS@/mcp-gateway/bin/mcp-gateway",
              "mcp-gateway 4.0.0-beta.3 (crates.io)",
              "mcp-gateway.yaml",
              new Servers(
                  "  @NAME@: {http_url: '@URL@', streamable_http: true}",
                  "  @NAME@: {command: '@COMMAND@ @TOOLS@'}",
                  "\n"),
              List.of(
                  "@PEERS@/mcp-gateway/bin/mcp-gateway",
                  "--log-level",
                  "warn",
                  "--config",
                  "@CONFIG@"),
              Map.of("RUST_LOG", "warn", "HOME", "@DIR@"),
              "/mcp/s0",
              "",
              "",
              EnumSet.of(Skill.HTTP_SERVERS, Skill.STDIO_SERVERS, Skill.STATELESS)),
          new Contender(
              "mcp-proxy (Go)",
              "@PEERS@/tbxark/mcp-proxy",
              "github.com/TBXark/mcp-proxy v0.43.2 (Go)",
              "tbxark.json",
              new Servers(
                  "\"@NAME@\": {\"url\": \"@URL@\", \"transportType\": \"streamable-http\"}",
                  STDIO_JSON,
                  ","),
              List.of("@PEERS@/tbxark/mcp-proxy", "--config", "@CONFIG@"),
              Map.of(),
              "/s0/mcp",
              "",
              "",
              EnumSet.of(Skill.HTTP_SERVERS, Skill.STDIO_SERVERS)),
          new Contender(
              "FastMCP",
              "@PEERS@/fastmcp/bin/python",
              "fastmcp 4.2.3 (PyPI)",
              "fastmcp-proxy.py",
              new Servers(HTTP_JSON, STDIO_JSON, ","),
              List.of("@PEERS@/fastmcp/bin/python", "@CONFIG@"),
              Map.of(),
              "/mcp",
              "",
              "",
              EnumSet.of(
                  Skill.HTTP_SERVERS, Skill.STDIO_SERVERS, Skill.MANY_SERVERS, Skill.STATELESS)),
          new Contender(
              "LiteLLM",
              "@PEERS@/litellm/bin/litellm",
              "litellm 1.99.4 (PyPI)",
              "litellm.yaml",
              new Servers(
                  "  @NAME@: {url: '@URL@', transport: http}",
                  "  @NAME@: {transport: stdio, command: '@COMMAND@', args: ['@TOOLS@']}",
                  "\n"),
              List.of(
                  "@PEERS@/litellm/bin/litellm",
                  "--config",
                  "@CONFIG@",
                  "--host",
                  "127.0.0.1",
                  "--port",
                  "@PORT@"),
              Map.of(
                  "LITELLM_LOCAL_MODEL_COST_MAP",
                  "True",
                  "LITELLM_MCP_STDIO_EXTRA_COMMANDS",
                  Cpu.RESPONDER),
              "/mcp/",
              "s0-",
              "x-litellm-api-key: Bearer sk-bench\r\n",
              EnumSet.of(Skill.HTTP_SERVERS, Skill.STDIO_SERVERS, Skill.MANY_SERVERS)),
          new Contender(
              "ContextForge",
              "@PEERS@/mcp-contextforge-gateway/bin/mcpgateway",
              "mcp-contextforge-gateway 1.0.7.post20260921 (PyPI)",
              "contextforge.py",
              new Servers(
                  "{\"name\": \"@NAME@\", \"url\": \"@URL@\", \"transport\": \"STREAMABLEHTTP\"}",
                  "",
                  ", "),
              List.of("@PEERS@/mcp-contextforge-gateway/bin/python", "@CONFIG@"),
              Map.of(
                  "JWT_SECRET_KEY", "a-secret-for-the-bench-that-is-long-enough-7f3a",
                  "AUTH_ENCRYPTION_SECRET", "another-secret-of-the-bench-long-enough-91c2",
                  "DATABASE_URL", "sqlite:///@DIR@/contextforge.db",
                  "LOG_LEVEL", "ERROR",
                  "RATE_LIMITING_ENABLED", "false",
                  "TOOL_RATE_LIMIT", "1000000",
                  "SSRF_PROTECTION_ENABLED", "false"),
              "/servers/0123456789abcdef0123456789abcdef/mcp",
              "s0-",
              "Authorization: Bearer @TOKEN@\r\n",
              EnumSet.of(Skill.HTTP_SERVERS, Skill.MANY_SERVERS)),
          new Contender(
              "mcp-proxy (npm)",
              "@PEERS@/npm/node_modules/mcp-proxy/dist/bin/mcp-proxy.mjs",
              "mcp-proxy 6.7.19 (npm)",
              "",
              Servers.NONE,
              List.of(
                  "node",
                  "@PEERS@/npm/node_modules/mcp-proxy/dist/bin/mcp-proxy.mjs",
                  "--host",
                  "127.0.0.1",
                  "--port",
                  "@PORT@",
                  "--server",
                  "stream",
                  "--",
                  "@COMMAND@",
                  "@TOOLS@"),
              Map.of(),
              "/mcp",
              "",
              "",
              EnumSet.of(Skill.STDIO_SERVERS)),
          new Contender(
              "supergateway",
              "@PEERS@/npm/node_modules/supergateway/dist/index.js",
              "supergateway 4.0.0 (npm)",
              "",
              Servers.NONE,
              List.of(
                  "node",
                  "@PEERS@/npm/node_modules/supergateway/dist/index.js",
                  "--stdio",
                  "@COMMAND@ @TOOLS@",
                  "--outputTransport",
                  "streamableHttp",
                  "--stateful",
                  "--logLevel",
                  "none",
                  "--port",
                  "@PORT@"),
              Map.of(),
              "/mcp",
              "",
              "",
              EnumSet.of(Skill.STDIO_SERVERS)),
          new Contender(
              "mcp-hub",
              "@PEERS@/npm/node_modules/mcp-hub/dist/cli.js",
              "mcp-hub 4.2.1 (npm)",
              "mcp-hub.json",
              new Servers(HTTP_JSON, STDIO_JSON, ","),
              List.of(),
              Map.of(),
              "/mcp",
              "",
              "",
              EnumSet.noneOf(Skill.class)));

  private Peers() {}
}
