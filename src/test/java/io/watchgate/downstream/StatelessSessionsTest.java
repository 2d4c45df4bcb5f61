package io.watchgate.downstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchgate.downstream.StatelessSession.Owner;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class StatelessSessionsTest {
  private final Stage stage = new Stage();

  private static Owner owner(String principal) {
    return new Owner(principal, "/mcp", Json.EMPTY_OBJECT);
  }

  private StatelessSession enter(StatelessSessions sessions, String principal) {
    return sessions.enter(owner(principal), stage);
  }

  @Test
  void principalEndpointAndCapabilitiesMakeASession() {
    var sessions = new StatelessSessions(Time.REAL);
    var one = enter(sessions, "one");
    assertThat(enter(sessions, "one")).isSameAs(one);
    assertThat(enter(sessions, "two")).isNotSameAs(one);
    var elsewhere = new Owner("one", "/mcp/files", Json.EMPTY_OBJECT);
    assertThat(sessions.enter(elsewhere, stage)).isNotSameAs(one);
    var able = new Owner("one", "/mcp", Json.trusted("{\"roots\":{}}"));
    assertThat(sessions.enter(able, stage)).isNotSameAs(one);
  }

  @Test
  void sessionThatNobodyUsesEndsAndIsAnotherOneAfterwards() {
    var sessions = new StatelessSessions(Time.REAL, 10, Duration.ZERO);
    var closed = new ArrayList<String>();
    var session = enter(sessions, "one");
    session.onClose(() -> closed.add("closed"));
    sessions.sweep();
    assertThat(closed).isEmpty();
    sessions.leave(session);
    sessions.sweep();
    assertThat(closed).containsExactly("closed");
    session.onClose(() -> closed.add("at once"));
    assertThat(closed).containsExactly("closed", "at once");
    assertThat(enter(sessions, "one").key()).isNotEqualTo(session.key());
  }

  @Test
  void sessionThatWasUsedJustNowIsKept() {
    var sessions = new StatelessSessions(Time.REAL, 10, Duration.ofMinutes(5));
    var session = enter(sessions, "one");
    sessions.leave(session);
    sessions.sweep();
    assertThat(enter(sessions, "one")).isSameAs(session);
  }

  @Test
  void theLongestIdleMakesRoomAndTheBusyDoNot() {
    var sessions = new StatelessSessions(Time.REAL, 2, Duration.ofMinutes(5));
    var closed = new ArrayList<String>();
    var busy = enter(sessions, "busy");
    busy.onClose(() -> closed.add("busy"));
    var idle = enter(sessions, "idle");
    idle.onClose(() -> closed.add("idle"));
    assertThatThrownBy(() -> enter(sessions, "third")).isInstanceOf(Rejection.class);
    sessions.leave(idle);
    var third = enter(sessions, "third");
    assertThat(closed).containsExactly("idle");
    sessions.leave(third);
    sessions.leave(idle); // it is gone, and its place is not counted twice
    assertThat(enter(sessions, "idle")).isNotSameAs(idle);
    assertThat(closed).containsExactly("idle");
  }
}
