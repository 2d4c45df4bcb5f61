package io.watchgate;

import io.watchgate.jsonrpc.Json;
import io.watchgate.middleware.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A record of an audit log for a person. Nothing of it moves a cursor, whatever clients and
/// servers wrote into it.
final class RecordText {
  /// What stands above the cells.
  static final String[] TITLES = {
    "TIME", "EVENT", "OUTCOME", "MS", "SERVER", "METHOD", "NAME", "WHO", "REQUEST", "WHY"
  };

  private static final int LONGEST = 60;
  private static final int LONGEST_REASON = 300;
  private static final String NOTHING = "-";

  private static final String RED = "\u001b[31m";
  private static final String GREEN = "\u001b[32m";
  private static final String YELLOW = "\u001b[33m";
  private static final String CYAN = "\u001b[36m";
  private static final String PLAIN = "\u001b[0m";

  private final Json record;

  RecordText(Json record) {
    this.record = record;
  }

  String[] cells() {
    return new String[] {
      text("time"),
      text("event"),
      text("outcome"),
      text("duration_ms"),
      text("server"),
      text("method"),
      text("name"),
      who(),
      text("request_id"),
      why()
    };
  }

  /// The same on a line of its own, in columns that most records fit into.
  String line(boolean isColoured) {
    var cells = cells();
    var line =
        "%-24s %-12s %-11s %9s  %s"
            .formatted(
                cells[0],
                cells[1],
                cells[2],
                cells[3],
                List.of(cells).subList(4, cells.length).stream()
                    .filter(cell -> !cell.equals(NOTHING))
                    .collect(Collectors.joining(" ")));
    var colour = isColoured ? colour() : "";
    return colour.isEmpty() ? line : colour + line + PLAIN;
  }

  private String colour() {
    return switch (text("outcome")) {
      case "completed", "allowed" -> GREEN;
      case "modified", "cancelled" -> YELLOW;
      case NOTHING ->
          switch (text("event")) {
            case "refusal" -> RED;
            case "lifecycle", "config" -> CYAN;
            default -> "";
          };
      default -> RED;
    };
  }

  private String text(String member) {
    return record
        .member(member)
        .filter(value -> !value.isNull())
        .map(value -> Printable.of(value.isString() ? value.text() : value.toString(), LONGEST))
        .orElse(NOTHING);
  }

  private String who() {
    var principal = text("principal");
    return principal.equals(NOTHING) ? text("client") : principal;
  }

  /// What the gateway and its plugins had against it.
  private String why() {
    var reasons = new ArrayList<String>();
    record.textMember("reason").filter(reason -> !reason.isEmpty()).ifPresent(reasons::add);
    for (var said : record.member("plugins").map(Json::elements).orElse(List.of())) {
      var verdict = said.textMember("verdict").orElse("");
      if (!verdict.equals("pass")) {
        var reason = said.textMember("reason").filter(text -> !text.isEmpty());
        reasons.add(
            said.textMember("plugin").orElse("")
                + " "
                + verdict
                + reason.map(text -> ": " + text).orElse(""));
      }
    }
    return reasons.isEmpty() ? NOTHING : Printable.of(String.join("; ", reasons), LONGEST_REASON);
  }

  /// The record as JSON that means the same, in which what would move a cursor or cannot be seen is
  /// escaped.
  static String json(Json record) {
    var json = record.toString();
    if (json.codePoints().noneMatch(RecordText::isHidden)) {
      return json;
    }
    var visible = new StringBuilder(json.length() + 16);
    json.codePoints()
        .forEach(point -> {
          if (isHidden(point)) {
            for (char unit : Character.toChars(point)) {
              visible.append(String.format("\\u%04x", (int) unit));
            }
          } else {
            visible.appendCodePoint(point);
          }
        });
    return visible.toString();
  }

  private static boolean isHidden(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
