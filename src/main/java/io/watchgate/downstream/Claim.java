package io.watchgate.downstream;

import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.MalformedMeta;
import io.watchgate.flow.Rejection.UnsupportedVersion;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Message;
import io.watchgate.mcp.LogLevel;
import io.watchgate.mcp.MetaKey;
import io.watchgate.mcp.ProtocolVersion;
import java.util.List;
import java.util.Optional;

/// What a stateless request says of itself, in the place of a handshake (specification 2026-07-28,
/// basic, "_meta").
///
/// @param capabilities what the client can be asked for, an object
/// @param clientName what the client calls itself, empty when it does not say
/// @param logLevel the least severe log message that the request wants to hear, empty for none
record Claim(Json capabilities, String clientName, Optional<LogLevel> logLevel) {
  /// A session keeps its capabilities, so that they must not be of any size.
  private static final int MAX_CAPABILITIES_BYTES = 64 << 10;

  private static final int MAX_NAME = 256;

  /// Whether a message names the revision that it is in, and so is to be served statelessly.
  static boolean isMade(Message message) {
    return message.field(Field.META_PROTOCOL_VERSION).isPresent();
  }

  /// Whether an element of a batch does.
  static boolean isMade(Json element) {
    return element
        .member("params")
        .flatMap(params -> params.member("_meta"))
        .flatMap(meta -> meta.member(MetaKey.PROTOCOL_VERSION))
        .isPresent();
  }

  /// The revision that a message says to be in, whether it is spoken here or not.
  static String version(Message message) {
    return message
        .text(Field.META_PROTOCOL_VERSION)
        .orElseThrow(() -> malformed(MetaKey.PROTOCOL_VERSION, "a string"));
  }

  /// Reads the claim of a message.
  ///
  /// @throws Rejection when it is not complete, or for a revision that is not spoken here
  static Claim of(Message message) {
    var version = version(message);
    var capabilities =
        message
            .field(Field.META_CLIENT_CAPABILITIES)
            .filter(Json::isObject)
            .orElseThrow(() -> malformed(MetaKey.CLIENT_CAPABILITIES, "an object"));
    if (capabilities.length() > MAX_CAPABILITIES_BYTES) {
      throw malformed(
          MetaKey.CLIENT_CAPABILITIES, "no larger than " + MAX_CAPABILITIES_BYTES + " bytes");
    }
    var level = message.field(Field.META_LOG_LEVEL).map(Claim::level);
    if (ProtocolVersion.of(version).filter(ProtocolVersion::isStateless).isEmpty()) {
      throw new Rejection(new UnsupportedVersion(version));
    }
    var name = message.field(Field.META_CLIENT_INFO).flatMap(info -> info.textMember("name"));
    return new Claim(Json.trusted(capabilities.toString()), name.map(Claim::cut).orElse(""), level);
  }

  private static String cut(String name) {
    return name.substring(0, Math.min(name.length(), MAX_NAME));
  }

  private static LogLevel level(Json level) {
    return Optional.of(level)
        .filter(Json::isString)
        .flatMap(text -> LogLevel.of(text.text()))
        .orElseThrow(
            () -> malformed(MetaKey.LOG_LEVEL, "one of " + List.of(LogLevel.values()).toString()));
  }

  private static Rejection malformed(String key, String shape) {
    return new Rejection(new MalformedMeta("_meta needs \"" + key + "\", " + shape));
  }
}
