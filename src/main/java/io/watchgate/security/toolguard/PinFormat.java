package io.watchgate.security.toolguard;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import io.watchgate.security.toolguard.Variant.State;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// How the pins of a server are written down.
final class PinFormat {
  private static final int VERSION = 1;
  private static final Limits LIMITS = new Limits(256 << 20, Limits.MAX_DEPTH, 40_000_000);
  private static final int DIGITS = 64;

  private PinFormat() {}

  static byte[] write(String server, Pins pins) {
    var rows = new ArrayList<Json>();
    pins.forms().forEach((id, forms) -> forms.forEach(form -> rows.add(row(id, form))));
    return Json.object(
            "version",
            VERSION,
            "server",
            server,
            "settled",
            Json.array(pins.settled().stream().map(kind -> Json.string(kind.word())).toList()),
            "pins",
            Json.array(rows))
        .toBytes();
  }

  private static Json row(DefinitionId id, Variant form) {
    var row =
        Json.object(
            "kind", id.kind().word(),
            "name", id.name(),
            "state", form.state().word(),
            "since", form.since().toString(),
            "sha256", form.sha256());
    if (form.cleared().isPresent()) {
      row = row.plus("cleared", Json.string(form.cleared().get()));
    }
    return form.json().isEmpty() ? row : row.plus("definition", form.json().get());
  }

  /// @throws IOException when the bytes are not what was written for the server
  static Pins read(String server, byte[] bytes) throws IOException {
    try {
      var root = Json.parse(bytes, LIMITS);
      require(root.member("version").map(Json::toString).equals(Optional.of("1")), "version");
      require(root.textMember("server").equals(Optional.of(server)), "server");
      var settled = EnumSet.noneOf(Kind.class);
      for (var kind : root.member("settled").map(Json::elements).orElse(List.of())) {
        settled.add(kind(Optional.of(kind)));
      }
      var forms = new LinkedHashMap<DefinitionId, List<Variant>>();
      var rows = root.member("pins").filter(Json::isArray);
      require(rows.isPresent(), "pins");
      for (var row : rows.get().elements()) {
        var id = new DefinitionId(kind(row.member("kind")), text(row, "name"));
        forms.computeIfAbsent(id, _ -> new ArrayList<>()).add(form(row));
      }
      forms.replaceAll((_, all) -> List.copyOf(all));
      return new Pins(settled, forms);
    } catch (MalformedMessage | DateTimeException malformed) {
      throw new IOException(malformed.getMessage(), malformed);
    }
  }

  private static Variant form(Json row) throws IOException {
    var sha256 = text(row, "sha256");
    require(sha256.length() == DIGITS, "sha256");
    for (var state : State.values()) {
      if (state.word().equals(text(row, "state"))) {
        return new Variant(
            sha256,
            state,
            Instant.parse(text(row, "since")),
            row.member("definition"),
            row.textMember("cleared"));
      }
    }
    throw new IOException("\"state\" is not what it should be");
  }

  private static Kind kind(Optional<Json> word) throws IOException {
    return word.filter(Json::isString)
        .flatMap(text -> Kind.named(text.text()))
        .orElseThrow(() -> new IOException("\"kind\" is not what it should be"));
  }

  private static String text(Json row, String key) throws IOException {
    return row.textMember(key)
        .orElseThrow(() -> new IOException("\"" + key + "\" is not what it should be"));
  }

  private static void require(boolean holds, String key) throws IOException {
    if (!holds) {
      throw new IOException("\"" + key + "\" is not what it should be");
    }
  }
}
