package io.watchgate.security.injection;

import io.watchgate.scanning.Finding;
import io.watchgate.scanning.Keywords;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Finds images and links that carry something away when they are shown or followed: an address
/// with a query that is to be filled in, or that is named after what it takes.
final class Links {
  static final String EXFILTRATION = "exfiltration";

  private static final int LONGEST_ADDRESS = 2048;
  private static final String SCHEME_END = "://";
  private static final Keywords GAPS =
      Keywords.of(
          List.of(
              "{", "[", "<", "$", "%7b", "%5b", "%3c", "_here", "your_", "insert", "replace",
              "summary", "base64", "encoded"));
  private static final Set<String> CARRIERS =
      Set.of(
          "data",
          "exfil",
          "leak",
          "secret",
          "secrets",
          "stolen",
          "prompt",
          "conversation",
          "chat",
          "history",
          "context",
          "payload",
          "cookie",
          "cookies",
          "env",
          "creds",
          "credentials",
          "password",
          "passwd",
          "apikey",
          "api_key",
          "msg",
          "message",
          "messages",
          "content",
          "contents",
          "info",
          "summary",
          "log",
          "system_prompt",
          "dump");

  private Links() {}

  static List<Finding> find(String text) {
    var found = new ArrayList<Finding>(0);
    int at = text.indexOf(SCHEME_END);
    while (at >= 0) {
      at = text.indexOf(SCHEME_END, address(text, scheme(text, at), found));
    }
    return found;
  }

  private static int scheme(String text, int end) {
    int start = end;
    while (start > 0 && end - start < 5 && Character.isLetter(text.charAt(start - 1))) {
      start--;
    }
    return start;
  }

  private static int address(String text, int start, List<Finding> found) {
    int end = text.indexOf(SCHEME_END, start) + SCHEME_END.length();
    int limit = Math.min(text.length(), start + LONGEST_ADDRESS);
    int query = -1;
    while (end < limit && isOfAddress(text.charAt(end))) {
      query = query < 0 && text.charAt(end) == '?' ? end : query;
      end++;
    }
    boolean image = isImage(text, start);
    if (query >= 0 && image && carries(text.substring(query + 1, end))) {
      found.add(new Finding(EXFILTRATION, start, end, 0.9));
    }
    return end;
  }

  private static boolean isOfAddress(char c) {
    return c > ' ' && c != '"' && c != '\'' && c != ')' && c != '`' && c < 0x7F;
  }

  /// Whether an address is one of an image: in Markdown behind `](`, in HTML behind `src=`.
  private static boolean isImage(String text, int start) {
    int from = Math.max(0, start - 300);
    var before = text.substring(from, start);
    if (before.endsWith("](")) {
      return before.lastIndexOf("![") >= 0
          && before.lastIndexOf("![") > before.lastIndexOf('\n')
          && before.indexOf(']', before.lastIndexOf("![")) == before.length() - 2;
    }
    var low = before.toLowerCase(Locale.ROOT);
    int tag = low.lastIndexOf('<');
    boolean inTag = tag >= 0 && low.startsWith("<img", tag) && low.indexOf('>', tag) < 0;
    return inTag || low.endsWith("url(");
  }

  private static boolean carries(String query) {
    var gaps = new boolean[1];
    GAPS.find(query, (_, _) -> gaps[0] = true);
    if (gaps[0]) {
      return true;
    }
    for (var part : query.split("&", 20)) {
      int equals = part.indexOf('=');
      if (equals >= 0 && CARRIERS.contains(part.substring(0, equals).toLowerCase(Locale.ROOT))) {
        return true;
      }
      if (equals == part.length() - 1 && equals >= 0) {
        return true; // whoever shows it has to say what comes here
      }
    }
    return false;
  }
}
