package io.watchgate.security.pii;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The forms in which numbers are written, as a tree over the lengths of their groups and what
/// stands between them: `3-2-4` is three digits, a dash, two digits, a dash and four. A group that
/// begins no form ends the search at once.
final class Forms {
  static final double SURE = 0.95;

  /// Of what a word before it can make a thing.
  static final double WEAK = 0.6;

  private static final double ALONE = 0.75;
  private static final double NEAR = 0.7;

  /// What a word adds that speaks of ids of any country.
  private static final double LIKELIER = 0.15;

  private static final int SLOTS = 1 << 12;

  private final long[] keys = new long[SLOTS];
  private final Node[] nodes = new Node[SLOTS];

  private Forms() {}

  /// A kind of number in one way of writing it.
  ///
  /// @param near topics of which one has to be near by; 0 when it stands for itself
  /// @param speaks topics that make it surer
  record Form(
      String type,
      boolean digits,
      long near,
      long speaks,
      double score,
      Predicate<Candidate> check) {

    /// How sure it is that the candidate is one, 0 when it is not.
    double score(Candidate candidate, long topics) {
      if ((digits && !candidate.allDigits()) || (near != 0 && (near & topics) == 0)) {
        return 0;
      }
      if (!check.test(candidate)) {
        return 0;
      }
      if ((speaks & topics) == 0) {
        // In small letters, words and hexadecimal digits look like some of them.
        return candidate.isLower() && speaks != 0 ? 0 : score;
      }
      boolean any = (topics & Topic.COUNTRIES) == Topic.COUNTRIES;
      return any ? Math.min(SURE, score + LIKELIER) : SURE;
    }
  }

  /// What the groups so far may be.
  ///
  /// @param near topics that make a difference to one of the forms
  /// @param alone whether one of the forms needs no topic
  record Node(List<Form> forms, long near, boolean alone) {}

  static Builder builder() {
    return new Builder();
  }

  /// The hash before the first group: most forms begin with a digit, some only with a letter.
  static long begin(boolean letter) {
    return letter ? 1L << 40 : 0;
  }

  /// The hash of groups with one more.
  ///
  /// @param separator what stands before the group, a zero before the first
  static long with(long hash, char separator, int length) {
    return (hash + 64L * separator + length + 1) * 0x9E3779B97F4A7C15L;
  }

  @Nullable Node get(long hash) {
    return nodes[slot(hash)];
  }

  Set<String> types() {
    return Arrays.stream(nodes)
        .filter(Objects::nonNull)
        .flatMap(node -> node.forms().stream())
        .map(Form::type)
        .collect(Collectors.toSet());
  }

  private int slot(long hash) {
    int slot = (int) (hash >>> 52);
    while (keys[slot] != hash && keys[slot] != 0) {
      slot = slot + 1 & SLOTS - 1;
    }
    return slot;
  }

  /// Collects forms.
  static final class Builder {
    private final Map<Long, List<Form>> forms = new HashMap<>();

    /// A kind of number that has digits only.
    Kind digits(String type, long topics, Predicate<Candidate> check) {
      return new Kind(this, type, true, topics, List.of(false), check);
    }

    /// A kind of number that has letters.
    Kind mixed(String type, long topics, Predicate<Candidate> check) {
      return new Kind(this, type, false, topics, List.of(false, true), check);
    }

    /// A kind of number that begins with a letter.
    Kind lettered(String type, long topics, Predicate<Candidate> check) {
      return new Kind(this, type, false, topics, List.of(true), check);
    }

    Forms build() {
      var built = new Forms();
      forms.forEach((hash, list) -> {
        int slot = built.slot(hash);
        built.keys[slot] = hash;
        long near = 0;
        for (var form : list) {
          near |= form.near();
        }
        boolean alone = list.stream().anyMatch(form -> form.near() == 0);
        built.nodes[slot] = new Node(List.copyOf(list), near, alone);
      });
      return built;
    }

    private void add(String shape, boolean letter, Form form) {
      long hash = begin(letter);
      char separator = 0;
      List<Form> there = List.of();
      for (int i = 0; i < shape.length(); ) {
        int end = i;
        while (end < shape.length() && Reading.isDigit(shape.charAt(end))) {
          end++;
        }
        hash = with(hash, separator, Integer.parseInt(shape.substring(i, end)));
        there = forms.computeIfAbsent(hash, _ -> new ArrayList<>());
        separator = end < shape.length() ? shape.charAt(end) : 0;
        i = end + 1;
      }
      there.add(form);
    }
  }

  /// One kind of number, with the ways of writing it.
  ///
  /// @param letters whether it begins with a letter, or may
  record Kind(
      Builder builder,
      String type,
      boolean digits,
      long topics,
      List<Boolean> letters,
      Predicate<Candidate> check) {

    /// Ways that are taken for it wherever they stand.
    Kind alone(String... shapes) {
      return alone(ALONE, shapes);
    }

    /// Ways that are taken for it wherever they stand, as sure as is said.
    Kind alone(double score, String... shapes) {
      return add(new Form(type, digits, 0, topics, score, check), shapes);
    }

    /// Ways that are taken for it near a word of its topics.
    Kind near(String... shapes) {
      return add(new Form(type, digits, topics, topics, NEAR, check), shapes);
    }

    private Kind add(Form form, String... shapes) {
      for (var shape : shapes) {
        letters.forEach(letter -> builder.add(shape, letter, form));
      }
      return this;
    }
  }
}
