package io.watchgate.downstream;

import io.netty.handler.codec.http.HttpHeaders;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.HeaderMismatch;
import io.watchgate.jsonrpc.Request;
import io.watchgate.mcp.HeaderValue;
import io.watchgate.mcp.MirrorHeader;
import io.watchgate.mcp.ProtocolVersion;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The headers that repeat what a stateless request says in its body, for those who do not read
/// bodies (specification 2026-07-28, streamable HTTP, "Request Metadata"). Whoever reads both must
/// not be told two things, so each is there once and says what the body says.
record StatelessHeaders(HttpHeaders headers) {
  private static final String PARAMETER = "mcp-param-";
  private static final int MAX_PARAMETERS = 100;

  /// Whether a revision without a handshake is named.
  boolean nameStateless() {
    for (var text : headers.getAll(MirrorHeader.PROTOCOL_VERSION)) {
      if (ProtocolVersion.of(text.strip()).filter(ProtocolVersion::isStateless).isPresent()) {
        return true;
      }
    }
    return false;
  }

  /// @throws Rejection when the header does not name this revision
  void checkVersion(String claimed) {
    check(MirrorHeader.PROTOCOL_VERSION, single(MirrorHeader.PROTOCOL_VERSION), claimed);
  }

  /// @throws Rejection when a header is missing, or says something else than the request
  void check(Request request) {
    check(MirrorHeader.METHOD, single(MirrorHeader.METHOD), request.method());
    var field = MirrorHeader.named(request.method());
    if (field.isEmpty()) {
      // There may be one, which nobody needs, but not two.
      boolean _ = single(MirrorHeader.NAME).isPresent();
      return;
    }
    var name = request.text(field.get());
    var given = single(MirrorHeader.NAME).map(StatelessHeaders::decoded);
    if (name.isPresent()) {
      check(MirrorHeader.NAME, given, name.get());
    } else if (given.isPresent()) {
      throw mismatch(
          "header %s is \"%s\", but the body has no %s"
              .formatted(MirrorHeader.NAME, given.get(), field.get().path()));
    }
  }

  private static void check(String header, Optional<String> given, String body) {
    if (given.isEmpty()) {
      throw mismatch("header %s is missing, the body says \"%s\"".formatted(header, body));
    }
    if (!given.get().equals(body)) {
      throw mismatch(
          "header %s is \"%s\", but the body says \"%s\"".formatted(header, given.get(), body));
    }
  }

  private Optional<String> single(String name) {
    var values = headers.getAll(name);
    if (values.size() > 1) {
      throw mismatch("header %s is there %d times".formatted(name, values.size()));
    }
    return values.stream().findFirst().map(StatelessHeaders::plain);
  }

  /// The value without the white space around it, of visible ASCII, spaces and tabs only.
  private static String plain(String value) {
    if (!value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c <= '~'))) {
      throw mismatch("a header has characters that must be written as =?base64?…?=");
    }
    return value.strip();
  }

  private static String decoded(String value) {
    return HeaderValue.decode(value)
        .orElseThrow(() ->
            mismatch(
                "header %s is no Base64 of UTF-8: \"%s\"".formatted(MirrorHeader.NAME, value)));
  }

  /// The arguments that were copied into headers, by the lower-case name behind `Mcp-Param-`, as
  /// they are spelled there.
  ///
  /// @throws Rejection when one is there twice, or there are too many
  Map<String, String> parameters() {
    var found = new HashMap<String, String>();
    for (var header : headers) {
      var name = header.getKey().toLowerCase(Locale.ROOT);
      if (!name.startsWith(PARAMETER)) {
        continue;
      }
      if (found.put(name.substring(PARAMETER.length()), header.getValue()) != null) {
        throw mismatch("header %s is there more than once".formatted(header.getKey()));
      }
      if (found.size() > MAX_PARAMETERS) {
        throw mismatch("more than %d headers Mcp-Param-*".formatted(MAX_PARAMETERS));
      }
    }
    return Map.copyOf(found);
  }

  private static Rejection mismatch(String what) {
    return new Rejection(new HeaderMismatch(what));
  }
}
