package io.watchgate.plugin;

import io.watchgate.jsonrpc.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What stands under `config` of a plugin. Reading never fails: what cannot be read is reported
/// with its place in the file, and the standard is returned. A key that was never read is reported
/// as unknown, so read every key that the plugin knows.
public interface Options {

  /// Whether something stands after the key.
  boolean has(String key);

  boolean flag(String key, boolean standard);

  int integer(String key, int least, int most, int standard);

  double number(String key, double least, double most, double standard);

  Optional<String> text(String key);

  /// One of the constants, written in lower case.
  <E extends Enum<E>> E choice(String key, E standard);

  /// A duration such as `500ms`, `30s` or `5m`; a plain number is seconds.
  Duration duration(String key, Duration standard);

  /// A size such as `64KiB`; a plain number is bytes.
  int bytes(String key, int least, int most, int standard);

  List<String> texts(String key);

  /// A path, relative to the file that it is written in. `~` is the home directory, `$NAME` and
  /// `${NAME}` are variables of the environment.
  Optional<Path> path(String key);

  /// Any value, as JSON.
  Optional<Json> json(String key);

  /// A mapping of options of its own.
  Optional<Options> section(String key);

  /// A mapping of names to options of their own, in the order of the file.
  Map<String, Options> sections(String key);

  /// A list of options of their own.
  List<Options> list(String key);

  /// Reports what is wrong with the value of a key, or that it is missing.
  void problem(String key, String what);
}
