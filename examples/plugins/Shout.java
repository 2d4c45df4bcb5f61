import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Exchange;
import io.watchgate.plugin.Moment;
import io.watchgate.plugin.Options;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.PluginFactory;
import io.watchgate.plugin.Verdict;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/// Has a tool read its text in capitals. The smallest plugin that changes something:
///
/// ```yaml
/// plugins:
///   middleware: {_global: [{handler: shout, config: {argument: text}}]}
/// ```
public final class Shout implements PluginFactory {
  @Override
  public String handler() {
    return "shout";
  }

  @Override
  public String description() {
    return "Writes one argument of every call in capitals.";
  }

  @Override
  public Maker read(Options options) {
    var argument = options.text("argument").orElse("text");
    return home -> new Shouting(argument);
  }

  private record Shouting(String argument) implements Plugin {
    @Override
    public Set<Moment> moments() {
      return EnumSet.of(Moment.REQUEST);
    }

    @Override
    public Verdict onRequest(Exchange exchange, Content params) {
      var arguments = params.json().member("arguments").orElse(Json.EMPTY_OBJECT);
      var text = arguments.textMember(argument);
      if (!exchange.method().equals("tools/call") || text.isEmpty()) {
        return Verdict.PASS;
      }
      var loud = Json.string(text.get().toUpperCase(Locale.ROOT));
      var changed = params.json().with("arguments", arguments.with(argument, loud));
      return new Verdict.Replace(changed, "wrote " + argument + " in capitals");
    }
  }
}
