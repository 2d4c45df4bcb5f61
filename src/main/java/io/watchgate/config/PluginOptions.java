package io.watchgate.config;

import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.Options;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The options of one plugin, or a part of them. What nobody asked for is unknown.
final class PluginOptions implements Options {
  private static final Duration LONGEST = Duration.ofDays(365);

  private final Place place;
  private final Set<String> known = new LinkedHashSet<>();
  private final List<PluginOptions> parts = new ArrayList<>();

  /// @param place of a mapping, or of nothing
  PluginOptions(Place place) {
    this.place = place;
    if (!(place.value() instanceof Yaml.Mapping) && !place.value().isNull()) {
      place.expected("a mapping");
    }
  }

  /// Takes keys for known that somebody else reads.
  PluginOptions besides(List<Key<?>> others) {
    others.forEach(key -> known.add(key.name()));
    return this;
  }

  /// Reports every key that was not asked for, here and in the parts.
  void reportUnknown() {
    for (var entry : entries()) {
      if (!known.contains(entry.key()) && !entry.key().startsWith("_")) {
        var path = YamlFrame.join(place.path(), entry.key());
        var nearest = NearestName.of(entry.key(), known);
        place.problems().add(entry.keyAt(), path, "unknown key", nearest);
      }
    }
    parts.forEach(PluginOptions::reportUnknown);
  }

  private List<Yaml.Entry> entries() {
    return place.value() instanceof Yaml.Mapping mapping ? mapping.entries() : List.of();
  }

  private Optional<Place> at(String key) {
    known.add(key);
    return entries().stream()
        .filter(entry -> entry.key().equals(key) && !entry.value().isNull())
        .findFirst()
        .map(place::entry);
  }

  private <T> Optional<T> read(String key, Type<T> type) {
    return at(key).flatMap(there -> there.read(type));
  }

  private PluginOptions part(Place there) {
    var part = new PluginOptions(there);
    parts.add(part);
    return part;
  }

  @Override
  public boolean has(String key) {
    return at(key).isPresent();
  }

  @Override
  public boolean flag(String key, boolean standard) {
    return read(key, Scalars.flag()).orElse(standard);
  }

  @Override
  public int integer(String key, int least, int most, int standard) {
    return read(key, Scalars.integer(least, most)).orElse(standard);
  }

  @Override
  public double number(String key, double least, double most, double standard) {
    return read(key, Scalars.number(least, most)).orElse(standard);
  }

  @Override
  public Optional<String> text(String key) {
    return read(key, Scalars.text());
  }

  @Override
  public <E extends Enum<E>> E choice(String key, E standard) {
    Map<String, E> names =
        Arrays.stream(standard.getDeclaringClass().getEnumConstants())
            .collect(
                Collectors.toMap(
                    each -> each.name().toLowerCase(Locale.ROOT),
                    each -> each,
                    (first, _) -> first,
                    LinkedHashMap::new));
    return read(key, Scalars.choice(names)).orElse(standard);
  }

  @Override
  public Duration duration(String key, Duration standard) {
    return read(key, Quantities.duration(Duration.ZERO, LONGEST)).orElse(standard);
  }

  @Override
  public int bytes(String key, int least, int most, int standard) {
    return read(key, Quantities.size(least, most)).orElse(standard);
  }

  @Override
  public List<String> texts(String key) {
    return read(key, Groups.listOf(Scalars.text())).orElse(List.of());
  }

  @Override
  public Optional<Path> path(String key) {
    var places = place.places();
    return read(key, Scalars.text()).map(places::withVariables).map(places::resolve);
  }

  @Override
  public Optional<Json> json(String key) {
    return at(key).map(there -> YamlJson.of(there.value()));
  }

  @Override
  public Optional<Options> section(String key) {
    return at(key).map(this::part);
  }

  @Override
  public Map<String, Options> sections(String key) {
    Map<String, Options> sections = new LinkedHashMap<>();
    at(key)
        .map(this::part)
        .ifPresent(all -> {
          for (var entry : all.entries()) {
            all.known.add(entry.key());
            sections.put(entry.key(), all.part(all.place.entry(entry)));
          }
        });
    return sections;
  }

  @Override
  public List<Options> list(String key) {
    var there = at(key);
    if (there.isPresent() && !(there.get().value() instanceof Yaml.Sequence)) {
      there.get().expected("a list");
    }
    return there.map(Place::items).orElse(List.of()).stream()
        .map(item -> (Options) part(item))
        .toList();
  }

  @Override
  public void problem(String key, String what) {
    at(key)
        .ifPresentOrElse(
            there -> there.problem(what), () -> place.problem("\"" + key + "\" " + what));
  }
}
