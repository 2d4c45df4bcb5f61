package io.watchgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerSentEventsTest {
  private record Event(String type, String data) {}

  private final List<Event> events = new ArrayList<>();
  private final ServerSentEvents parser = parser(1_000);

  private ServerSentEvents parser(int maxBytes) {
    return new ServerSentEvents(
        maxBytes,
        (type, data) -> events.add(new Event(type, new String(data, StandardCharsets.UTF_8))));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\r\n"})
  void everyKindOfLineEndEndsALine(String end) throws IOException {
    var body = "event: a{}data: 1{}data: 2{}{}data: é{}{}".replace("{}", end);
    for (byte b : utf8(body)) {
      parser.feed(new byte[] {b});
    }

    assertThat(events).containsExactly(new Event("a", "1\n2"), new Event("message", "é"));
  }

  @Test
  void oneSpaceAfterTheColonIsNotPartOfTheValue() throws IOException {
    parser.feed(utf8("data:no space\n\ndata:  two\n\ndata\n\ndata:\n\ndata: \n\n"));

    assertThat(events).extracting(Event::data).containsExactly("no space", " two", "", "", "");
  }

  @Test
  void commentsAndUnknownFieldsAreIgnored() throws IOException {
    parser.feed(utf8(": keep-alive\n\nfoo: bar\nfoo\n:\ndata: x\n: more\n\n"));

    assertThat(events).containsExactly(new Event("message", "x"));
  }

  @Test
  void byteOrderMarkIsSkippedAtTheStartOnly() throws IOException {
    parser.feed(utf8("\uFEFF"));
    parser.feed(utf8("data: x\n\n\uFEFFdata: y\n\n"));

    assertThat(events).containsExactly(new Event("message", "x"));
  }

  @Test
  void emptyTypeIsAMessageAndATypeIsForOneEvent() throws IOException {
    parser.feed(utf8("event:\ndata: 1\n\nevent: a\n\ndata: 2\n\n"));

    assertThat(events).containsExactly(new Event("message", "1"), new Event("message", "2"));
  }

  @Test
  void eventThatIsNotEndedIsNoEvent() throws IOException {
    parser.feed(utf8("id: 1\ndata: x\n\nid: 2\ndata: y\n"));

    assertThat(events).hasSize(1);
    assertThat(parser.lastId()).isEqualTo("1");
  }

  @Test
  void idStaysUntilAnotherOneComesAndCanBeTakenBack() throws IOException {
    parser.feed(utf8("id: 7\n\ndata: x\n\n"));
    assertThat(parser.lastId()).isEqualTo("7");
    parser.feed(utf8("id: a\0b\n\nid: \u00e9\n\n"));
    assertThat(parser.lastId()).isEqualTo("7");
    parser.feed(utf8("id\n\n"));
    assertThat(parser.lastId()).isNull();
  }

  @Test
  void retryIsDigitsOnly() throws IOException {
    assertThat(parser.retryMillis()).isEqualTo(-1);
    parser.feed(utf8("retry: 250\nretry: soon\nretry: -1\nretry: 99999999999\n"));

    assertThat(parser.retryMillis()).isEqualTo(250);
  }

  @Test
  void dataOfExactlyTheLimitPasses() throws IOException {
    parser(10).feed(utf8("data: 0123456789\n\n"));

    assertThat(events).containsExactly(new Event("message", "0123456789"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"data: 0123456789a\n", "data: 012345\ndata: 6789a\n"})
  void dataBeyondTheLimitIsRefused(String body) {
    assertThatThrownBy(() -> parser(10).feed(utf8(body)))
        .isInstanceOf(IOException.class)
        .hasMessage("event is larger than the limit of 10 bytes");
  }

  @Test
  void lineWithoutAnEndIsRefusedAtTheLimit() {
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 100; i++) {
                parser.feed(utf8("x".repeat(100)));
              }
            })
        .isInstanceOf(IOException.class);
  }

  @Test
  void anySplitGivesWhatAParserOfTheWholeTextGives() throws IOException {
    var pieces =
        List.of(
            "data: one",
            "data:two ",
            "event: e",
            "id: 5",
            ":c",
            "",
            "",
            "retry: 3",
            "é: ü",
            "data");
    var ends = List.of("\n", "\r", "\r\n");
    for (int seed = 0; seed < 2_000; seed++) {
      var random = new Random(seed);
      var text = new StringBuilder(random.nextInt(4) == 0 ? "\uFEFF" : "");
      for (int i = random.nextInt(30); i > 0; i--) {
        text.append(pieces.get(random.nextInt(pieces.size())))
            .append(ends.get(random.nextInt(ends.size())));
      }
      events.clear();
      feedInParts(utf8(text.toString()), random);
      assertThat(events).as("seed %d", seed).isEqualTo(whole(text.toString()));
    }
  }

  private void feedInParts(byte[] body, Random random) throws IOException {
    var parts = parser(10_000);
    int from = 0;
    while (from < body.length) {
      int to = Math.min(body.length, from + random.nextInt(7));
      parts.feed(Arrays.copyOfRange(body, from, to));
      from = to;
    }
  }

  /// The standard's algorithm, over the text as a whole.
  private static List<Event> whole(String body) {
    var events = new ArrayList<Event>();
    var data = new ArrayList<String>();
    var type = "";
    var text = body.startsWith("\uFEFF") ? body.substring(1) : body;
    var lines = text.replace("\r\n", "\n").replace('\r', '\n').split("\n", -1);
    for (var line : Arrays.asList(lines).subList(0, lines.length - 1)) {
      if (line.isEmpty()) {
        if (!data.isEmpty()) {
          events.add(new Event(type.isEmpty() ? "message" : type, String.join("\n", data)));
        }
        data.clear();
        type = "";
      } else if (line.startsWith("data")) {
        data.add(line.replaceFirst("^data:? ?", ""));
      } else if (line.startsWith("event: ")) {
        type = line.substring("event: ".length());
      }
    }
    return events;
  }
}
