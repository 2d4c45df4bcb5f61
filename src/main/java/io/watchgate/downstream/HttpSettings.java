package io.watchgate.downstream;

import java.util.List;

/// Where and for whom the gateway listens over HTTP: `proxy.http`.
///
/// @param host address to bind
/// @param port 0 to 65535, 0 lets the system choose
/// @param path endpoint of streamable HTTP, starting with a slash
/// @param allowedOrigins origins accepted beyond loopback
/// @param allowedHosts `Host` values accepted beyond loopback and `host`
/// @param bearerTokens when not empty, every request must carry one of them
public record HttpSettings(
    String host,
    int port,
    String path,
    List<String> allowedOrigins,
    List<String> allowedHosts,
    List<String> bearerTokens) {}
