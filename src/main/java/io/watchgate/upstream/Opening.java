package io.watchgate.upstream;

import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Reach;
import io.watchgate.flow.Rejection.TimedOut;
import io.watchgate.flow.Rejection.Unavailable;
import io.watchgate.flow.ServerStatus.Offer;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.Era;
import io.watchgate.mcp.MetaKey;
import io.watchgate.mcp.Method;
import io.watchgate.mcp.ProtocolVersion;
import java.time.Duration;

/// The first request to a server, by which the gateway learns what it offers: `initialize`
/// (2025-11-25, lifecycle) or `server/discover` (2026-07-28, discovery).
final class Opening {
  private Opening() {}

  /// A server that does not speak an era, as far as its answer tells.
  static final class Refused extends Exception {
    Refused(String why) {
      super(why, null, false, false);
    }
  }

  static Request request(Era era, Json capabilities, Json self) {
    return switch (era) {
      case HANDSHAKE ->
          Request.of(
              RequestId.of(0),
              Method.INITIALIZE,
              Json.object(
                  "protocolVersion",
                  ProtocolVersion.NEWEST_HANDSHAKE.toString(),
                  "capabilities",
                  capabilities,
                  "clientInfo",
                  self));
      case STATELESS ->
          Request.of(RequestId.of(0), Method.DISCOVER, Json.object("_meta", claim(self)));
    };
  }

  /// What a request of the gateway's own says of itself.
  static Json claim(Json self) {
    return Json.object(
        MetaKey.PROTOCOL_VERSION,
        ProtocolVersion.NEWEST_STATELESS.toString(),
        MetaKey.CLIENT_INFO,
        self,
        MetaKey.CLIENT_CAPABILITIES,
        Json.EMPTY_OBJECT);
  }

  static Offer offer(Era era, Response answer) throws Refused {
    var result =
        answer
            .result()
            .orElseThrow(() ->
                new Refused(
                    "%s failed: error %d %s"
                        .formatted(name(era), answer.errorCode(), answer.errorMessage())));
    var version = version(era, result);
    var capabilities =
        result.member("capabilities").filter(Json::isObject).orElse(Json.EMPTY_OBJECT);
    return new Offer(capabilities, result.textMember("instructions"), version.toString());
  }

  private static ProtocolVersion version(Era era, Json result) throws Refused {
    if (era == Era.HANDSHAKE) {
      var agreed = result.textMember("protocolVersion").orElse("");
      return ProtocolVersion.ofHandshake(agreed)
          .orElseThrow(() -> unknown(era, "revision \"" + agreed + "\""));
    }
    var supported = result.member("supportedVersions").orElse(Json.EMPTY_OBJECT);
    var spoken = ProtocolVersion.NEWEST_STATELESS;
    if (!supported.elements().contains(Json.string(spoken.toString()))) {
      throw unknown(era, "the revisions " + supported);
    }
    return spoken;
  }

  private static Refused unknown(Era era, String what) {
    return new Refused(name(era) + " failed: the server speaks " + what + ", which is not known");
  }

  /// To a caller a server that does not finish its handshake is unavailable, not slow; however far
  /// that came, nothing of a call was sent.
  static Rejection unreached(String server, Rejection failure, Duration patience) {
    if (failure.reason() instanceof TimedOut) {
      var why = "no answer to the handshake within " + patience.toMillis() + " ms";
      return new Rejection(new Unavailable(server, why, Reach.TOO_LATE));
    }
    return failure.reason() instanceof Unavailable(_, var why, var reach) && reach != Reach.TOO_LATE
        ? new Rejection(new Unavailable(server, why, Reach.NOT_SENT))
        : failure;
  }

  private static String name(Era era) {
    return era == Era.HANDSHAKE ? "handshake" : "discovery";
  }
}
