package io.watchgate.upstream;

import io.watchgate.flow.ServerStatus.Offer;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.ProtocolVersion;

/// Reads a server's answer to `initialize` (specification, lifecycle).
final class Handshake {
  private Handshake() {}

  /// A server that the gateway cannot talk to.
  static final class Refused extends Exception {
    Refused(String why) {
      super(why, null, false, false);
    }
  }

  static Offer offer(Response answer) throws Refused {
    var result =
        answer
            .result()
            .orElseThrow(
                () -> new Refused("error " + answer.errorCode() + " " + answer.errorMessage()));
    var version = result.textMember("protocolVersion").orElse("");
    if (ProtocolVersion.of(version).isEmpty()) {
      throw new Refused("the server speaks revision \"" + version + "\", which is not known");
    }
    var capabilities =
        result.member("capabilities").filter(Json::isObject).orElse(Json.EMPTY_OBJECT);
    return new Offer(capabilities, result.textMember("instructions"), version);
  }
}
