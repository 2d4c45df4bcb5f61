package io.watchgate.security.toolguard;

import io.watchgate.plugin.Options;
import io.watchgate.plugin.PluginFactory;
import io.watchgate.security.toolguard.Terms.Action;
import io.watchgate.security.toolguard.Terms.Mode;
import java.util.EnumSet;
import java.util.Set;

/// Makes plugins that guard the definitions of servers.
public final class ToolGuardFactory implements PluginFactory {
  @Override
  public String handler() {
    return "tool_guard";
  }

  @Override
  public String description() {
    return "Remembers what servers define, and tells of or hides what changes or is poisoned.";
  }

  /// Before those that rename and describe, so that it sees what servers say.
  @Override
  public int priority() {
    return 5;
  }

  @Override
  public Maker read(Options options) {
    var terms =
        new Terms(
            options.choice("mode", Mode.WARN),
            kinds(options),
            options.choice("on_poison", Action.WARN),
            options.choice("on_lookalike", Action.WARN),
            options.choice("on_mention", Action.WARN));
    var directory = options.path("directory");
    return home -> {
      var pins = directory.orElse(home.state().resolve(PinBook.DIRECTORY));
      var store = new PinStore(pins, terms.mode() == Mode.WARN); // who only warns stops nobody
      for (var server : store.servers()) {
        var _ = store.of(server).pins(); // what cannot be read stops the start
      }
      var judge = new Judge(terms);
      var inspection = new Inspection(store, judge, home);
      return new ToolGuard(terms, store, inspection, judge, new PinWatch(store, home).start());
    };
  }

  private static Set<Kind> kinds(Options options) {
    if (!options.has("kinds")) {
      return EnumSet.allOf(Kind.class);
    }
    var kinds = EnumSet.noneOf(Kind.class);
    for (var word : options.texts("kinds")) {
      Kind.named(word)
          .ifPresentOrElse(
              kinds::add,
              () ->
                  options.problem(
                      "kinds",
                      "has no kind \""
                          + word
                          + "\" (expected: tool, prompt, resource, template, instructions)"));
    }
    return kinds;
  }
}
