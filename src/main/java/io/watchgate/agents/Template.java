package io.watchgate.agents;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A text with places for fields of a request: `{user_query}`. What a field brings in is not looked
/// at again; `{{` stands for a brace, and braces around anything but a name for themselves.
public record Template(String text) {
  /// The fields that there are.
  public static final List<String> FIELDS = List.of("agent_type", "repository_name", "user_query");

  /// Names of fields in it that no request has.
  public List<String> unknown() {
    var unknown = new ArrayList<String>();
    for (var piece : pieces()) {
      if (piece.isField && !FIELDS.contains(piece.text)) {
        unknown.add(piece.text);
      }
    }
    return unknown;
  }

  /// The text with these values.
  String fill(Map<String, String> values) {
    var filled = new StringBuilder();
    for (var piece : pieces()) {
      filled.append(piece.isField ? values.getOrDefault(piece.text, "") : piece.text);
    }
    return filled.toString();
  }

  /// A stretch of the text as it is, or the name of a field.
  private record Piece(String text, boolean isField) {}

  private List<Piece> pieces() {
    var pieces = new ArrayList<Piece>();
    var plain = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      int end = text.charAt(at) == '{' ? endOfName(at + 1) : at;
      if (text.startsWith("{{", at)) {
        plain.append('{');
        at += 2;
      } else if (end > at + 1 && text.startsWith("}", end)) {
        pieces.add(new Piece(plain.toString(), false));
        pieces.add(new Piece(text.substring(at + 1, end), true));
        plain.setLength(0);
        at = end + 1;
      } else {
        plain.append(text.charAt(at++));
      }
    }
    pieces.add(new Piece(plain.toString(), false));
    return pieces;
  }

  private int endOfName(int start) {
    int end = start;
    while (end < text.length() && isOfAName(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isOfAName(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }
}
