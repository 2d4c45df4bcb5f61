package io.watchgate.scoring;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Types of personal data that have check digits, with the words by which people call them.
final class Kinds {
  private final RandomGenerator random;
  private final Digits digits;
  private final List<Kind> all = new ArrayList<>();

  /// A type of personal data.
  ///
  /// @param checked whether it has check digits
  /// @param alone whether it is known without a word that says what it is
  /// @param names what it is called
  record Kind(
      String type, boolean checked, boolean alone, List<String> names, Supplier<String> value) {}

  private Kinds(RandomGenerator random) {
    this.random = random;
    digits = new Digits(random);
  }

  static List<Kind> all(RandomGenerator random) {
    var kinds = new Kinds(random);
    new Accounts(kinds).add();
    new EuropeanKinds(kinds).add();
    new WorldKinds(kinds).add();
    return kinds.all;
  }

  RandomGenerator random() {
    return random;
  }

  Digits digits() {
    return digits;
  }

  void alone(String type, String names, Supplier<String> value) {
    all.add(new Kind(type, true, true, List.of(names.split("\\|", -1)), value));
  }

  void near(String type, String names, Supplier<String> value) {
    all.add(new Kind(type, true, false, List.of(names.split("\\|", -1)), value));
  }

  /// The number in one of the shapes, or without any.
  String either(String number, String... shapes) {
    int way = random.nextInt(shapes.length + 1);
    return way == shapes.length ? number : Digits.grouped(number, shapes[way]);
  }

  /// The number in one of the shapes.
  String always(String number, String... shapes) {
    return Digits.grouped(number, shapes[random.nextInt(shapes.length)]);
  }
}
