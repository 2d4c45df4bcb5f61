package io.watchgate.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What was measured for one row, against its bounds.
final class Report {
  private final List<Finding> findings = new ArrayList<>();

  /// @param text with the bound, if there is one
  private record Finding(String text, boolean holds) {
    String marked() {
      return holds ? text : "**" + text + "**";
    }
  }

  /// Something that holds or does not.
  void check(String text, boolean holds) {
    findings.add(new Finding(text, holds));
  }

  /// Something that has no bound.
  void note(String text) {
    check(text, true);
  }

  void atMost(String what, double measured, double bound, String unit) {
    var text = what + " " + number(measured) + unit + " (≤ " + number(bound) + ")";
    check(text, measured <= bound); // false for what is no number
  }

  void atLeast(String what, double measured, double bound, String unit) {
    check(what + " " + number(measured) + unit + " (≥ " + number(bound) + ")", measured >= bound);
  }

  void exactly(String what, long measured, long wanted) {
    var text = measured == wanted ? what + " " + measured : what + " %d (of %d)";
    check(text.formatted(measured, wanted), measured == wanted);
  }

  /// That all calls were made to their end with an answer or an error.
  void noneLost(Sample calls) {
    var lost = calls.unclean();
    var text = lost.size() == 0 ? "no call lost of " : lost.kinds() + example(lost) + ", of ";
    check(text + calls.size(), lost.size() == 0 && calls.size() > 0);
  }

  private static String example(Sample calls) {
    return calls.size() == 0 ? "" : ", as in `" + calls.calls().getFirst().detail() + "`";
  }

  /// That all calls were answered.
  void allAnswered(String whose, Sample calls) {
    var others = calls.where(call -> !call.isAnswered());
    boolean all = others.size() == 0 && calls.size() > 0;
    check(whose + (all ? " all answered" : " ended as " + calls.kinds() + example(others)), all);
  }

  /// That a percentile grew no more than by a factor.
  void grewAtMost(String whose, Sample calm, Sample fault, double part, double factor) {
    double before = calm.answered().percentile(part);
    double after = fault.answered().percentile(part);
    var text = "%s p%.0f %.1f → %.1f ms".formatted(whose, part * 100, before, after);
    atMost(text + ", times", after / before, factor, "");
  }

  boolean holds() {
    return findings.stream().allMatch(Finding::holds);
  }

  String measured() {
    return findings.stream().map(Finding::marked).collect(Collectors.joining("; "));
  }

  private static String number(double value) {
    if (value == Math.rint(value)) {
      return String.valueOf((long) value);
    }
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
  }
}
