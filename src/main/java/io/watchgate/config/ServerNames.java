package io.watchgate.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Names for servers whose client calls them what an upstream cannot be called. Names that fit
/// stay; the same file always gives the same names.
final class ServerNames {
  private static final int LONGEST = 63;
  private static final String SEPARATOR = "__";

  private final Map<String, String> names = new LinkedHashMap<>();
  private final List<String> warnings = new ArrayList<>();

  ServerNames(List<String> written) {
    Set<String> taken = new HashSet<>();
    written.stream().filter(ServerNames::fits).forEach(taken::add);
    for (var name : written) {
      var chosen = fits(name) ? name : free(fitting(name), taken);
      taken.add(chosen);
      names.put(name, chosen);
      if (!chosen.equals(name)) {
        warnings.add("The server \"" + name + "\" is called \"" + chosen + "\" here.");
      }
    }
  }

  String of(String written) {
    return names.getOrDefault(written, written);
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }

  private static boolean fits(String name) {
    return name.matches(UpstreamKeys.NAME_PATTERN) && !name.contains(SEPARATOR);
  }

  private static String fitting(String name) {
    var clean = name.replaceAll("[^A-Za-z0-9_-]+", "-").replaceAll("__+", "_");
    var bare = clean.replaceAll("^[-_]+|[-_]+$", "");
    var started = bare.isEmpty() || !Character.isLetter(bare.charAt(0)) ? "s-" + bare : bare;
    var cut = started.substring(0, Math.min(started.length(), LONGEST));
    return cut.equals("s-") ? "server" : cut;
  }

  private static String free(String wanted, Set<String> taken) {
    var name = wanted;
    for (var number = 2; taken.contains(name); number++) {
      var end = "-" + number;
      name = wanted.substring(0, Math.min(wanted.length(), LONGEST - end.length())) + end;
    }
    return name;
  }
}
