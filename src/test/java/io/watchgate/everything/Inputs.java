package io.watchgate.everything;

import java.util.LinkedHashMap;
import java.util.Map;

/// Inputs that are asked for at once, by their keys.
///
/// @param guarded whether a stateless client has to bring back a signed state with its answers
/// @param insistent whether a client with a session is asked even for what it does not declare
record Inputs(Map<String, Input> byKey, boolean guarded, boolean insistent) {

  static Inputs none() {
    return new Inputs(Map.of(), false, false);
  }

  static Inputs of(String key, Input input) {
    return new Inputs(Map.of(key, input), false, false);
  }

  Inputs and(String key, Input input) {
    var more = new LinkedHashMap<>(byKey);
    more.put(key, input);
    return new Inputs(more, guarded, insistent);
  }

  Inputs withState() {
    return new Inputs(byKey, true, insistent);
  }

  Inputs insisting() {
    return new Inputs(byKey, guarded, true);
  }
}
