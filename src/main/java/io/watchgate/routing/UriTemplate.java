package io.watchgate.routing;

import java.util.BitSet;
import java.util.regex.Pattern;

/// Whether a URI can come from a template (RFC 6570): a plain expression stands for anything
/// without a slash, one with an operator or a `*` for anything. Takes time in proportion to the
/// length of the one times that of the other, and both are limited.
final class UriTemplate {
  private static final int MAX_TEMPLATE = 1_024;
  private static final int MAX_URI = 8_192;
  private static final Pattern EXPRESSION = Pattern.compile("\\{([^{}]*)}");

  private UriTemplate() {}

  /// False also for templates and URIs that are longer than any honest one.
  static boolean matches(String template, String uri) {
    if (template.length() > MAX_TEMPLATE || uri.length() > MAX_URI || !mayMatch(template, uri)) {
      return false;
    }
    // Where in the URI one can be after the part of the template that was read so far.
    var places = new BitSet();
    places.set(0);
    var expression = EXPRESSION.matcher(template);
    int read = 0;
    while (expression.find() && !places.isEmpty()) {
      places = afterLiteral(template.substring(read, expression.start()), uri, places);
      places = afterExpression(crossesSlashes(expression.group(1)), uri, places);
      read = expression.end();
    }
    return afterLiteral(template.substring(read), uri, places).get(uri.length());
  }

  /// Most templates differ from a URI right at the start.
  private static boolean mayMatch(String template, String uri) {
    int first = template.indexOf('{');
    return first < 0 ? template.equals(uri) : uri.startsWith(template.substring(0, first));
  }

  private static BitSet afterLiteral(String literal, String uri, BitSet before) {
    if (literal.isEmpty()) {
      return before;
    }
    var after = new BitSet();
    for (int place = before.nextSetBit(0); place >= 0; place = before.nextSetBit(place + 1)) {
      if (uri.startsWith(literal, place)) {
        after.set(place + literal.length());
      }
    }
    return after;
  }

  private static BitSet afterExpression(boolean crossesSlashes, String uri, BitSet before) {
    var after = new BitSet();
    int place = before.nextSetBit(0);
    while (place >= 0) {
      int slash = crossesSlashes ? -1 : uri.indexOf('/', place);
      int end = slash < 0 ? uri.length() : slash;
      after.set(place, end + 1);
      place = before.nextSetBit(end + 1);
    }
    return after;
  }

  private static boolean crossesSlashes(String expression) {
    return !expression.isEmpty()
        && ("+#/;?&.".indexOf(expression.charAt(0)) >= 0 || expression.endsWith("*"));
  }
}
