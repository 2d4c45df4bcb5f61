package io.watchgate.scoring;

import java.util.List;
import java.util.random.RandomGenerator;

/// Texts that personal data stands in. Some were never looked at while the detectors were tuned.
final class Carriers {
  /// `%1$s` is what people call it, `%2$s` the value.
  private static final List<String> TOLD =
      List.of(
          "%1$s: %2$s",
          "My %1$s is %2$s.",
          "{\"name\": \"Jane\", \"%1$s\": \"%2$s\"}",
          "user=jane %1$s=%2$s status=ok",
          "Bitte notieren: %1$s %2$s, danke.",
          "| %1$s | %2$s |",
          "Le %1$s du client est %2$s.",
          "<td>%1$s</td><td>%2$s</td>",
          "- **%1$s**: %2$s",
          "2026-11-27 12:00:01 INFO %1$s %2$s accepted");

  private static final List<String> BARE =
      List.of(
          "Please use %2$s for this.",
          "%2$s",
          "[%2$s]",
          "jane,%2$s,ok",
          "Es handelt sich um %2$s (siehe oben).",
          "\"%2$s\"\n",
          "Nehmen wir %2$s; das reicht.",
          "value=%2$s&next=1");

  private static final List<String> HELD_BACK_TOLD =
      List.of(
          "As discussed, the customer's %1$s would be %2$s, kindly update it.",
          "%1$s = '%2$s'",
          "The new employee gave %2$s as %1$s on the form",
          "* %1$s .......... %2$s",
          "Su %1$s: %2$s; gracias.",
          "INSERT INTO people VALUES (/* %1$s */ '%2$s')",
          "%1$s\n%2$s\n");

  private static final List<String> HELD_BACK_BARE =
      List.of(
          "I was told that %2$s works.",
          "<b>%2$s</b>",
          "Jane Doe;%2$s;Berlin",
          "('%2$s',)",
          "Il a donné %2$s hier.",
          "- %2$s\n- none\n");

  private final RandomGenerator random;
  private final boolean heldBack;

  Carriers(RandomGenerator random, boolean heldBack) {
    this.random = random;
    this.heldBack = heldBack;
  }

  String around(Kinds.Kind kind, String value) {
    var told = heldBack ? HELD_BACK_TOLD : TOLD;
    var bare = heldBack ? HELD_BACK_BARE : BARE;
    var carriers = kind.alone() && random.nextBoolean() ? bare : told;
    var name = kind.names().get(random.nextInt(kind.names().size()));
    return carriers.get(random.nextInt(carriers.size())).formatted(name, value);
  }
}
