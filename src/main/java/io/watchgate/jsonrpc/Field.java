package io.watchgate.jsonrpc;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The members of a message that the gateway looks at or replaces without reading the rest.
public enum Field {
  JSONRPC(Place.ROOT, "jsonrpc"),
  ID(Place.ROOT, "id"),
  METHOD(Place.ROOT, "method"),
  PARAMS(Place.ROOT, "params", Place.PARAMS),
  RESULT(Place.ROOT, "result"),
  ERROR(Place.ROOT, "error"),
  NAME(Place.PARAMS, "name"),
  URI(Place.PARAMS, "uri"),
  META(Place.PARAMS, "_meta", Place.META),
  REF(Place.PARAMS, "ref", Place.REF),
  CURSOR(Place.PARAMS, "cursor"),
  LEVEL(Place.PARAMS, "level"),
  LOGGER(Place.PARAMS, "logger"),
  ARGUMENTS(Place.PARAMS, "arguments"),
  TASK_ID(Place.PARAMS, "taskId"),
  /// What a retry hands back to the server that asked for input.
  REQUEST_STATE(Place.PARAMS, "requestState"),
  INPUT_RESPONSES(Place.PARAMS, "inputResponses"),
  /// The request that a `notifications/cancelled` ends.
  REQUEST_ID(Place.PARAMS, "requestId"),
  /// The token that a `notifications/progress` reports on.
  PROGRESS_TOKEN(Place.PARAMS, "progressToken"),
  /// The token under which a request wants to hear of its progress.
  META_PROGRESS_TOKEN(Place.META, "progressToken"),
  /// The revision that a stateless request is in.
  META_PROTOCOL_VERSION(Place.META, "io.modelcontextprotocol/protocolVersion"),
  META_CLIENT_CAPABILITIES(Place.META, "io.modelcontextprotocol/clientCapabilities"),
  META_CLIENT_INFO(Place.META, "io.modelcontextprotocol/clientInfo"),
  META_LOG_LEVEL(Place.META, "io.modelcontextprotocol/logLevel"),
  /// The listening that a notification belongs to.
  META_SUBSCRIPTION_ID(Place.META, "io.modelcontextprotocol/subscriptionId"),
  /// The session with a server that a request names.
  META_SESSION_KEY(Place.META, "io.watchgate/sessionKey"),
  /// Whether a tool failed, by what its server answered; another result leaves it as it is.
  IS_ERROR(Place.RESULT, "isError"),
  /// The trace that a request is a part of (SEP-414).
  META_TRACEPARENT(Place.META, "traceparent"),
  META_TRACESTATE(Place.META, "tracestate"),
  REF_NAME(Place.REF, "name"),
  REF_URI(Place.REF, "uri");

  /// The objects of a message that hold fields.
  enum Place {
    ROOT,
    PARAMS,
    META,
    RESULT,
    REF,
    ELSEWHERE
  }

  private static final Field[][] BY_PLACE = byPlace();

  final Place place;
  final Place inside;

  @SuppressWarnings("ImmutableEnumChecker") // never written, and compared with input on every key
  final byte[] key;

  Field(Place place, String key) {
    this(place, key, Place.ELSEWHERE);
  }

  Field(Place place, String key, Place inside) {
    this.place = place;
    this.inside = inside;
    this.key = key.getBytes(StandardCharsets.US_ASCII);
  }

  /// As a person would write where the field is.
  public String path() {
    var name = JsonString.text(key);
    return place == Place.REF ? "ref." + name : place == Place.META ? "_meta." + name : name;
  }

  static Field[] at(Place place) {
    return BY_PLACE[place.ordinal()];
  }

  /// Where the scanner looks for fields of this one's value. A result may be large: it is looked
  /// into, but is put in place of another and taken out without regard to what is in it.
  Place scanned() {
    return this == RESULT ? Place.RESULT : inside;
  }

  /// Whether a parser that folds case or cuts at NUL could take another key for this one, and be
  /// led elsewhere than the gateway thinks. Fields that lead nowhere may be.
  boolean mustNotBeShadowed() {
    return switch (this) {
      case CURSOR, LEVEL, LOGGER, IS_ERROR, META_TRACEPARENT, META_TRACESTATE -> false;
      default -> true;
    };
  }

  private static Field[][] byPlace() {
    var fields = new Field[Place.values().length][];
    for (var place : Place.values()) {
      fields[place.ordinal()] =
          Arrays.stream(values()).filter(f -> f.place == place).toArray(Field[]::new);
    }
    return fields;
  }
}
