package io.watchgate.downstream;

import io.watchgate.flow.Seal;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import io.watchgate.mcp.ProtocolVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What the id of an HTTP session carries: enough to take the session up where nobody remembers it.
/// Sealed for one principal and one endpoint; to anybody else it is no id at all.
///
/// @param key the session's
/// @param capabilities what the client declared, an object
/// @param complete false when what the client declared was too large for an id, and was left out
/// @param issued when the handshake was
record SessionTicket(
    String key,
    ProtocolVersion version,
    String clientName,
    Json capabilities,
    boolean complete,
    Instant issued) {
  /// An id goes into every request's head, which other programs on the way may bound at 8 KiB.
  private static final int MAX_BYTES = 2048;

  /// How long after the handshake a session can be taken up.
  private static final Duration LIFE = Duration.ofHours(24);

  private static final Limits LIMITS = new Limits(MAX_BYTES, 128, MAX_BYTES);

  /// The ticket of a session after its handshake.
  static SessionTicket of(Session session, Instant now) {
    var key = session.key();
    var version = session.version();
    var whole =
        new SessionTicket(key, version, session.clientName(), session.capabilities(), true, now);
    return read(whole.content()).isPresent()
        ? whole
        : new SessionTicket(key, version, "", Json.EMPTY_OBJECT, false, now);
  }

  /// The id, of visible ASCII.
  String seal(Seal seal, String principal, String endpoint) {
    return seal.seal(purpose(principal, endpoint), content());
  }

  private byte[] content() {
    return Json.object(
            "key", key,
            "version", version.toString(),
            "name", clientName,
            "capabilities", capabilities,
            "complete", complete,
            "issued", issued.getEpochSecond())
        .toBytes();
  }

  /// The ticket in an id, empty when it is none of this principal's for this endpoint.
  static Optional<SessionTicket> open(Seal seal, String id, String principal, String endpoint) {
    return seal.open(purpose(principal, endpoint), id).flatMap(SessionTicket::read);
  }

  private static Optional<SessionTicket> read(byte[] content) {
    if (content.length > MAX_BYTES) {
      return Optional.empty();
    }
    try {
      var json = Json.parse(content, LIMITS);
      return Optional.of(
          new SessionTicket(
              json.textMember("key").orElseThrow(),
              json.textMember("version").flatMap(ProtocolVersion::ofHandshake).orElseThrow(),
              json.textMember("name").orElseThrow(),
              json.member("capabilities").orElseThrow(),
              json.member("complete").orElseThrow().toString().equals("true"),
              Instant.ofEpochSecond(
                  Long.parseLong(json.member("issued").orElseThrow().toString()))));
    } catch (MalformedMessage beyondLimits) {
      return Optional.empty();
    }
  }

  private static String purpose(String principal, String endpoint) {
    return "session " + endpoint.length() + " " + endpoint + principal;
  }

  /// Whether a session can be made from this alone.
  boolean isGoodAt(Instant now) {
    return complete && now.isBefore(issued.plus(LIFE));
  }
}
