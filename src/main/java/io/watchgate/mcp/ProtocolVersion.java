package io.watchgate.mcp;

import io.watchgate.jsonrpc.Json;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The revisions of the specification, oldest first. They are of two eras: those up to 2025-11-25
/// open with an `initialize` handshake; from 2026-07-28 on every request stands for itself.
public enum ProtocolVersion {
  V2024_11_05("2024-11-05"),
  V2025_03_26("2025-03-26"),
  V2025_06_18("2025-06-18"),
  V2025_11_25("2025-11-25"),
  V2026_07_28("2026-07-28");

  /// What a handshake offers to a peer that asks for something unknown.
  public static final ProtocolVersion NEWEST_HANDSHAKE = V2025_11_25;

  /// What a request without a handshake is in.
  public static final ProtocolVersion NEWEST_STATELESS = V2026_07_28;

  /// What an HTTP client speaks that sends no `MCP-Protocol-Version` (2025-06-18, transports).
  public static final ProtocolVersion WITHOUT_HEADER = V2025_03_26;

  private static final Map<String, ProtocolVersion> BY_TEXT =
      Stream.of(values()).collect(Collectors.toMap(ProtocolVersion::toString, v -> v));

  private final String text;

  ProtocolVersion(String text) {
    this.text = text;
  }

  /// The revisions that are spoken without a handshake, as an array of the wire: what
  /// `server/discover` says and a refused revision is told must be the same.
  public static Json stateless() {
    return Json.array(
        Stream.of(values())
            .filter(ProtocolVersion::isStateless)
            .map(version -> Json.string(version.text))
            .toList());
  }

  public static Optional<ProtocolVersion> of(String text) {
    return Optional.ofNullable(BY_TEXT.get(text));
  }

  /// The revision that a handshake agrees on.
  public static Optional<ProtocolVersion> ofHandshake(String text) {
    return of(text).filter(version -> !version.isStateless());
  }

  public Era era() {
    return compareTo(V2026_07_28) >= 0 ? Era.STATELESS : Era.HANDSHAKE;
  }

  /// Whether every request carries its version and capabilities, and there is no handshake.
  public boolean isStateless() {
    return era() == Era.STATELESS;
  }

  /// JSON-RPC batches were in one revision only.
  public boolean hasBatches() {
    return this == V2025_03_26;
  }

  /// Whether a stream of events begins with one that has an id and nothing else.
  public boolean hasPrimingEvents() {
    return this == V2025_11_25;
  }

  /// As it stands on the wire.
  @Override
  public String toString() {
    return text;
  }
}
