package io.watchgate.security.toolguard;

import io.watchgate.plugin.Home;
import io.watchgate.security.toolguard.Variant.State;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks every second whether a person judged pins of servers whose lists were shown, so that
/// clients hear of it.
final class PinWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PinWatch.class);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final PinStore store;
  private final Home home;
  private final ConcurrentMap<String, Pins> shown = new ConcurrentHashMap<>();
  private final Thread thread = Thread.ofVirtual().name("pins").unstarted(this::watch);

  PinWatch(PinStore store, Home home) {
    this.store = store;
    this.home = home;
  }

  PinWatch start() {
    thread.start();
    return this;
  }

  /// Looks after a server from now on.
  ///
  /// @param pins by which its list is about to be shown
  void shows(String server, Pins pins) {
    shown.putIfAbsent(server, pins);
  }

  private void watch() {
    try {
      while (true) {
        home.pause().pass(LOOK);
        shown.forEach(this::look);
      }
    } catch (InterruptedException _) {
      log.debug("pins are no longer looked at");
    }
  }

  private void look(String server, Pins before) {
    try {
      var now = store.of(server).pins();
      if (!now.equals(before)) {
        shown.put(server, now);
        if (!judged(now).equals(judged(before))) {
          record(server, judged(before), judged(now));
          home.lists().changed(server);
        }
      }
    } catch (IOException unreadable) { // every list and call of the server says so
      log.debug("the pins of server \"{}\" cannot be looked at", server, unreadable);
    }
  }

  private void record(String server, Map<String, State> before, Map<String, State> now) {
    now.forEach((form, state) -> {
      if (before.get(form) != state) {
        var what = "pins/" + state.name().toLowerCase(Locale.ROOT);
        home.journal().note(what, Optional.of(server), Optional.of(form), "by a person");
      }
    });
  }

  /// What people think of forms; what is merely seen changes no list.
  private static Map<String, State> judged(Pins pins) {
    var judged = new HashMap<String, State>();
    pins.forms()
        .forEach((id, forms) ->
            forms.stream()
                .filter(form -> form.state() == State.APPROVED || form.state() == State.REJECTED)
                .forEach(form -> judged.put(id + " " + form.sha256(), form.state())));
    return judged;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
