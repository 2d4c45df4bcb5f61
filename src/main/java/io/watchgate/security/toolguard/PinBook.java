package io.watchgate.security.toolguard;

import io.watchgate.security.toolguard.Variant.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The pins of all servers as people look at them and judge them, whether a gateway runs or not.
public final class PinBook {
  /// Where pins are, below the directory of what has to survive.
  public static final String DIRECTORY = "pins";

  private final PinStore store;

  /// @param directory where a gateway keeps its pins
  public PinBook(Path directory) {
    this.store = new PinStore(directory, false);
  }

  /// One form of a definition.
  ///
  /// @param before the form that was there before it, of which it is a change
  public record Pin(String server, Kind kind, String name, Variant form, Optional<Variant> before) {

    /// What this form says that the one before does not, empty where there is nothing to compare.
    public List<String> changes() {
      return form.json()
          .flatMap(now -> before.flatMap(Variant::json).map(old -> DefinitionDiff.of(old, now)))
          .orElse(List.of());
    }

    /// What a person may be shown of the name.
    public String printableName() {
      return name.isEmpty() ? "-" : Printable.of(name, 80);
    }

    /// The whole definition, as a person may be shown it.
    public String printableForm() {
      return form.json().map(json -> Printable.of(json.toString(), 4000)).orElse("(too large)");
    }

    public boolean isPending() {
      return form.state() == State.NEW;
    }
  }

  /// Whose pins are meant.
  ///
  /// @param server all servers where it is empty
  /// @param name all definitions where it is empty
  public record Choice(Optional<String> server, Optional<String> name) {
    private boolean includes(DefinitionId id) {
      return name.isEmpty() || name.get().equals(id.name());
    }
  }

  /// All forms that are meant, oldest first for each definition.
  public List<Pin> pins(Choice choice) throws IOException {
    var found = new ArrayList<Pin>();
    for (var server : servers(choice)) {
      store
          .of(server)
          .pins()
          .forms()
          .forEach((id, forms) -> {
            if (choice.includes(id)) {
              for (int i = 0; i < forms.size(); i++) {
                var before = i == 0 ? Optional.<Variant>empty() : Optional.of(forms.get(i - 1));
                found.add(new Pin(server, id.kind(), id.name(), forms.get(i), before));
              }
            }
          });
    }
    return found;
  }

  private List<String> servers(Choice choice) throws IOException {
    return store.servers().stream()
        .filter(server -> choice.server.isEmpty() || choice.server.get().equals(server))
        .toList();
  }

  /// Approves all forms that nobody judged; of a definition that is named, also those that were
  /// rejected.
  ///
  /// @return what is approved by that
  public List<Pin> approve(Choice choice) throws IOException {
    return judge(
        choice,
        forms ->
            forms.stream()
                .map(form ->
                    form.state() != State.REJECTED || choice.name.isPresent()
                        ? form.in(State.APPROVED)
                        : form)
                .toList());
  }

  /// Rejects what is new; of a definition that is named and has nothing new, all forms.
  ///
  /// @return what is rejected by that
  public List<Pin> reject(Choice choice) throws IOException {
    return judge(
        choice,
        forms -> {
          boolean all =
              choice.name.isPresent()
                  && forms.stream().noneMatch(form -> form.state() == State.NEW);
          return forms.stream()
              .map(form -> all || form.state() == State.NEW ? form.in(State.REJECTED) : form)
              .toList();
        });
  }

  private List<Pin> judge(Choice choice, UnaryOperator<List<Variant>> judge) throws IOException {
    var before = states(choice);
    for (var server : servers(choice)) {
      store.of(server).update(pins -> pins.judged(choice::includes, judge));
    }
    return pins(choice).stream().filter(pin -> before.get(key(pin)) != pin.form.state()).toList();
  }

  private Map<List<Object>, State> states(Choice choice) throws IOException {
    var states = new LinkedHashMap<List<Object>, State>();
    pins(choice).forEach(pin -> states.put(key(pin), pin.form.state()));
    return states;
  }

  private static List<Object> key(Pin pin) {
    return List.of(pin.server, pin.kind, pin.name, pin.form.sha256());
  }
}
