package io.watchgate.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IncomingTest {
  private static Incoming of(String text) {
    return new Incoming(Bytes.of(text), 0, text.length());
  }

  @Test
  void membersAreFoundInAnyOrder() {
    var message =
        of(
            "{\"method\": \"tools/call\", \"params\": {\"arguments\": {}, \"name\": \"small\"},"
                + " \"jsonrpc\": \"2.0\", \"id\": \"a-1\"}");
    assertThat(message.id()).isEqualTo("\"a-1\"");
    assertThat(message.method()).isEqualTo("tools/call");
    assertThat(message.tool()).isEqualTo("small");
  }

  @Test
  void aNotificationHasNoId() {
    assertThat(of("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}").id()).isEmpty();
  }

  @Test
  void aNumberEndsWhereTheMessageEnds() {
    assertThat(of("{\"method\":\"ping\",\"id\":17}").id()).isEqualTo("17");
  }
}
