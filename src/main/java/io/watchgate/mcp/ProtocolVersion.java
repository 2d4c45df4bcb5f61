package io.watchgate.mcp;

import java.util.Optional;
import java.util.stream.Stream;

/// The revisions of the specification that open with an `initialize` handshake, oldest first.
public enum ProtocolVersion {
  V2024_11_05("2024-11-05"),
  V2025_03_26("2025-03-26"),
  V2025_06_18("2025-06-18"),
  V2025_11_25("2025-11-25");

  /// What is offered to a peer that asks for something unknown.
  public static final ProtocolVersion NEWEST = V2025_11_25;

  /// What an HTTP client speaks that sends no `MCP-Protocol-Version` (2025-06-18, transports).
  public static final ProtocolVersion WITHOUT_HEADER = V2025_03_26;

  private final String text;

  ProtocolVersion(String text) {
    this.text = text;
  }

  public static Optional<ProtocolVersion> of(String text) {
    return Stream.of(values()).filter(version -> version.text.equals(text)).findFirst();
  }

  /// JSON-RPC batches were in one revision only.
  public boolean hasBatches() {
    return this == V2025_03_26;
  }

  /// As it stands on the wire.
  @Override
  public String toString() {
    return text;
  }
}
