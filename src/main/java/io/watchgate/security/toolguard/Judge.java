package io.watchgate.security.toolguard;

import io.watchgate.security.toolguard.Terms.Action;
import io.watchgate.security.toolguard.Terms.Mode;
import io.watchgate.security.toolguard.Variant.State;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/// Says what is suspicious about a definition, and whether clients get it.
final class Judge {
  private static final int MAX_KNOWN = 20_000;

  private final Terms terms;
  private final Poison poison = new Poison();
  private final LinkedHashMap<String, List<String>> poisoned = new LinkedHashMap<>(16, 0.75f, true);

  Judge(Terms terms) {
    this.terms = terms;
  }

  List<Suspicion> suspicions(Definition definition, Neighbours neighbours) {
    var found = new ArrayList<Suspicion>();
    if (terms.poison() != Action.OFF) {
      poison(definition).forEach(what -> found.add(new Suspicion("poison", what, terms.poison())));
    }
    if (terms.lookalike() != Action.OFF && !definition.name().isEmpty()) {
      neighbours
          .lookalike(definition.id())
          .ifPresent(what -> found.add(new Suspicion("lookalike", what, terms.lookalike())));
    }
    if (terms.mention() != Action.OFF) {
      neighbours
          .mentions(definition)
          .forEach(what -> found.add(new Suspicion("mention", what, terms.mention())));
    }
    return found;
  }

  /// By which signs it judges.
  String signs() {
    return poison.signs();
  }

  /// Digests of the definitions that give no orders. Those of which pins say so are not looked
  /// through again.
  Set<String> harmless(List<Definition> definitions, Pins pins) {
    var harmless = new HashSet<String>();
    if (terms.poison() == Action.OFF) {
      return harmless;
    }
    for (var definition : definitions) {
      if (pins.find(definition).filter(form -> form.isClearedBy(signs())).isPresent()) {
        remember(definition.sha256(), List.of());
      }
      if (poison(definition).isEmpty()) {
        harmless.add(definition.sha256());
      }
    }
    return harmless;
  }

  /// What orders a definition gives, and where. The same definition is looked at once.
  private List<String> poison(Definition definition) {
    synchronized (poisoned) {
      var known = poisoned.get(definition.sha256());
      if (known != null) {
        return known;
      }
    }
    var found = poison.in(definition.json());
    remember(definition.sha256(), found);
    return found;
  }

  private void remember(String sha256, List<String> found) {
    synchronized (poisoned) {
      poisoned.put(sha256, found);
      if (poisoned.size() > MAX_KNOWN) {
        poisoned.pollFirstEntry();
      }
    }
  }

  /// Whether clients must not have a form.
  ///
  /// @param forms all forms of the definition that are known
  boolean hides(State state, List<Variant> forms, List<Suspicion> suspicions) {
    if (state == State.APPROVED || state == State.REJECTED) {
      return state == State.REJECTED;
    }
    boolean isRejected =
        forms.stream().anyMatch(form -> form.state() == State.REJECTED)
            && forms.stream().noneMatch(form -> form.state() == State.APPROVED);
    boolean isUnapproved =
        terms.mode() == Mode.APPROVE || (terms.mode() == Mode.QUARANTINE && state == State.NEW);
    return isRejected
        || isUnapproved
        || suspicions.stream().anyMatch(suspicion -> suspicion.action() == Action.HIDE);
  }

  /// Whether clients must not use something that was not hidden from them in a list.
  boolean hidesUnseen(DefinitionId id, Pins pins) {
    var forms = pins.forms(id);
    if (forms.isEmpty()) {
      if (id.kind() == Kind.RESOURCE) {
        return false; // whoever knows its URI may read what no list has
      }
      return terms.mode() == Mode.APPROVE
          || (terms.mode() == Mode.QUARANTINE && pins.isSettled(id.kind()));
    }
    return forms.stream().allMatch(form -> hides(form.state(), forms, unseen(id, form)));
  }

  private List<Suspicion> unseen(DefinitionId id, Variant form) {
    return form
        .json()
        .filter(_ -> terms.poison() != Action.OFF && !form.isClearedBy(signs()))
        .map(json -> poison(new Definition(id.kind(), id.name(), json, form.sha256())))
        .orElse(List.of())
        .stream()
        .map(what -> new Suspicion("poison", what, terms.poison()))
        .toList();
  }
}
