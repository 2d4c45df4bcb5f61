package io.watchgate.security.toolguard;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What was hidden from whom, as they last asked for it: what one client must not call, another may
/// have in another form. For whom nothing is known, that which was shown last to anybody counts.
final class Sightings {
  private static final int MAX_VIEWERS = 2_000;
  private static final int MAX_HIDDEN = 10_000;

  private final LinkedHashMap<Viewer, Map<DefinitionId, String>> hidden =
      new LinkedHashMap<>(16, 0.75f, true);

  private record Viewer(String server, String session, Kind kind) {}

  synchronized void saw(String server, String session, Definition shown, boolean isHidden) {
    note(new Viewer(server, session, shown.kind()), shown, isHidden);
    note(new Viewer(server, "", shown.kind()), shown, isHidden);
  }

  private void note(Viewer viewer, Definition shown, boolean isHidden) {
    var known = hidden.computeIfAbsent(viewer, _ -> new HashMap<>());
    if (!isHidden) {
      known.remove(shown.id());
    } else if (known.size() < MAX_HIDDEN) {
      known.put(shown.id(), shown.sha256());
    }
    if (hidden.size() > MAX_VIEWERS) {
      hidden.pollFirstEntry();
    }
  }

  /// The digest of the form that was hidden, empty when none was.
  synchronized Optional<String> hidden(String server, String session, DefinitionId id) {
    var known = hidden.get(new Viewer(server, session, id.kind()));
    var seen = known != null ? known : hidden.get(new Viewer(server, "", id.kind()));
    return Optional.ofNullable(seen).map(forms -> forms.get(id));
  }
}
