package io.watchgate.demo;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Weather that is made up, and the same at every start: a city's name is the seed.
final class Forecasts {
  static final int MAX_DAYS = 14;

  /// Cities and their usual temperature in °C.
  private static final Map<String, Integer> CITIES =
      new TreeMap<>(
          Map.of(
              "Berlin", 10, "Cairo", 23, "Lima", 19, "Mumbai", 28, "Nairobi", 19, "Oslo", 6,
              "Sydney", 18, "Tokyo", 16));

  private static final List<String> SKIES =
      List.of("clear", "fair", "cloudy", "rain", "thunderstorm");

  private Forecasts() {}

  static List<String> cities() {
    return List.copyOf(CITIES.keySet());
  }

  /// The name as the table spells it.
  ///
  /// @throws ToolFailure naming the cities there are
  static String city(String asked) {
    return CITIES.keySet().stream()
        .filter(city -> city.equalsIgnoreCase(asked.strip()))
        .findFirst()
        .orElseThrow(() ->
            new ToolFailure(
                "There is no forecast for `"
                    + asked
                    + "`. Known cities: "
                    + String.join(", ", CITIES.keySet())
                    + "."));
  }

  /// One entry for each day from tomorrow on.
  static ArrayNode days(String city, int count) {
    var random = new SplittableRandom(city.hashCode());
    int usual = CITIES.getOrDefault(city, 0);
    ArrayNode days = Json.object().putArray("days");
    for (int day = 1; day <= count; day++) {
      int low = usual - 6 + random.nextInt(7);
      ObjectNode entry = days.addObject().put("day", day);
      entry.put("sky", SKIES.get(random.nextInt(SKIES.size())));
      entry.put("low_celsius", low).put("high_celsius", low + 3 + random.nextInt(8));
    }
    return days;
  }
}
