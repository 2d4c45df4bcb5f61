package io.watchgate.security.toolguard;

import io.watchgate.security.toolguard.Variant.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// All forms of all definitions that a server has shown. A definition may have several at a time:
/// servers speak to one client in its language, and show another what only it may use. Immutable.
///
/// @param settled the kinds of which a whole list was seen: what comes now is new
/// @param forms by what they are forms of, oldest first
record Pins(Set<Kind> settled, SequencedMap<DefinitionId, List<Variant>> forms) {
  static final Pins NONE =
      new Pins(Set.of(), Collections.unmodifiableSequencedMap(new LinkedHashMap<>()));

  /// More definitions are not remembered: they stay new.
  static final int MAX_DEFINITIONS = 10_000;

  /// More forms that nobody looked at are not remembered: such a definition changes all the time.
  static final int MAX_UNJUDGED = 8;

  private static final int MAX_FORMS = 64;

  List<Variant> forms(DefinitionId id) {
    return forms.getOrDefault(id, List.of());
  }

  Optional<Variant> find(Definition definition) {
    return forms(definition.id()).stream()
        .filter(form -> form.sha256().equals(definition.sha256()))
        .findFirst();
  }

  boolean isApproved(DefinitionId id, String sha256) {
    return forms(id).stream()
        .anyMatch(form -> form.sha256().equals(sha256) && form.state() == State.APPROVED);
  }

  boolean isSettled(Kind kind) {
    return settled.contains(kind);
  }

  /// What a form is that was not seen before.
  State fresh(Kind kind) {
    return isSettled(kind) ? State.NEW : State.SEEN;
  }

  /// These pins with what a server shows.
  ///
  /// @param ends whether the list of this kind ends with it
  Pins seen(Kind kind, List<Definition> shown, boolean ends, Instant now) {
    var next = new LinkedHashMap<>(forms);
    boolean changed = false;
    for (var definition : shown) {
      var known = next.getOrDefault(definition.id(), List.of());
      boolean isKnown = known.stream().anyMatch(form -> form.sha256().equals(definition.sha256()));
      if (!isKnown && hasRoom(next, definition.id(), known)) {
        var more = new ArrayList<>(known);
        more.add(Variant.of(definition, fresh(kind), now));
        next.put(definition.id(), List.copyOf(more));
        changed = true;
      }
    }
    boolean settles = ends && !isSettled(kind);
    if (!changed && !settles) {
      return this;
    }
    var kinds = settled.isEmpty() ? EnumSet.noneOf(Kind.class) : EnumSet.copyOf(settled);
    if (settles) {
      kinds.add(kind);
    }
    return new Pins(kinds, next);
  }

  private static boolean hasRoom(
      SequencedMap<DefinitionId, ?> all, DefinitionId id, List<Variant> known) {
    long unjudged = known.stream().filter(form -> form.state() == State.NEW).count();
    return unjudged < MAX_UNJUDGED
        && known.size() < MAX_FORMS
        && (all.containsKey(id) || all.size() < MAX_DEFINITIONS);
  }

  /// These pins, some forms of which give no orders.
  ///
  /// @param signs version of the signs that say so
  /// @param harmless digests of the forms
  Pins cleared(String signs, Set<String> harmless) {
    var next = new LinkedHashMap<>(forms);
    boolean changed = false;
    for (var known : next.entrySet()) {
      if (known.getValue().stream().anyMatch(form -> isNewly(form, signs, harmless))) {
        known.setValue(
            known.getValue().stream()
                .map(form -> isNewly(form, signs, harmless) ? form.clearedBy(signs) : form)
                .toList());
        changed = true;
      }
    }
    return changed ? new Pins(settled, next) : this;
  }

  private static boolean isNewly(Variant form, String signs, Set<String> harmless) {
    return harmless.contains(form.sha256()) && !form.isClearedBy(signs);
  }

  /// These pins with another opinion of some forms.
  Pins judged(Predicate<DefinitionId> which, UnaryOperator<List<Variant>> judge) {
    var next = new LinkedHashMap<>(forms);
    next.replaceAll((id, known) -> which.test(id) ? judge.apply(known) : known);
    return next.equals(forms) ? this : new Pins(settled, next);
  }
}
