package io.watchgate.audit.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.watchgate.audit.sinks.SyslogFormat.Facility;
import io.watchgate.config.TestOptions;
import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.Recorder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SyslogTargetTest {
  /// The grammar of RFC 5424, section 6, for what stands here.
  private static final Pattern MESSAGE =
      Pattern.compile(
          "<(\\d{1,3})>1 \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z [!-~]{1,255}"
              + " [!-~]{1,48} [!-~]{1,128} [!-~]{1,32} - (\\{.*})");

  @TempDir private Path directory = Path.of("");
  private final SinkHome home = new SinkHome(Path.of("nowhere")).withoutPauses();
  private SyslogServer server = new SyslogServer(0, ServerSocketFactory.getDefault());

  SyslogTargetTest() throws IOException {}

  @AfterEach
  void close() throws IOException {
    server.close();
    assertThat(server.mistakes()).isEmpty();
  }

  private Recorder recorder(String more) throws IOException {
    return home.make(new SyslogFactory(), "host: 127.0.0.1\nport: " + server.port() + "\n" + more);
  }

  @Test
  void aRecordIsAMessageOfRfc5424() {
    var format = new SyslogFormat(Facility.LOCAL4, "my host\n", "watchgate", "12");

    assertThat(format.message(Sample.full()))
        .isEqualTo(
            "<164>1 2026-01-02T12:00:00.000Z my_host_ watchgate 12 response - "
                + Sample.full().json())
        .matches(MESSAGE);
    assertThat(format.message(Sample.small("1"))).startsWith("<166>1 ");
    assertThat(new SyslogFormat(Facility.USER, "", "", "1").message(Sample.small("1")))
        .startsWith("<14>1 1970-01-01T00:00:00.000Z - - 1 request - {");
  }

  @Test
  void messagesArriveInTheirOrderWhateverIsInThem() throws Exception {
    try (var recorder = recorder("include_request_body: true\nfacility: audit")) {
      recorder.record(Sample.named("ü\n<0>1 forged\u001b[2J\u2028"));
      recorder.record(Sample.withBody(Json.trusted("{\n \"a\": \"ß\"\n}")));
      IntStream.range(0, 1000).forEach(i -> recorder.record(Sample.small("r" + i)));
      await().until(() -> server.messages().size() == 1002);
    }
    assertThat(server.messages()).allMatch(message -> MESSAGE.matcher(message).matches());
    assertThat(server.messages().getFirst()).startsWith("<110>1 ").contains("\\u001b[2J\\u2028");
    assertThat(server.messages().getLast()).contains("\"request_id\":\"r999\"");
    assertThat(server.connections()).isOne();
  }

  @Test
  void aConnectionThatTheServerEndedIsNotWrittenTo() throws Exception {
    try (var recorder = recorder("")) {
      for (int i = 0; i < 5; i++) {
        recorder.record(Sample.small("r" + i));
        int count = i + 1;
        await().until(() -> server.messages().size() == count);
        server.hangUp();
        await().until(() -> !recorder.status().member("connected").orElseThrow().isTrue());
        recorder.record(Sample.small("after hanging up"));
        await().until(() -> server.messages().size() > count);
        server.messages().removeLast();
      }
    }
  }

  @Test
  void aServerThatIsAwayForAWhileGetsAll() throws Exception {
    int port = server.port();
    try (var recorder = recorder("")) {
      recorder.record(Sample.small("before"));
      await().until(() -> server.messages().size() == 1);
      server.close();
      await().until(() -> refuses(port));
      IntStream.range(0, 50).forEach(i -> recorder.record(Sample.small("meanwhile " + i)));
      await().until(() -> recorder.status().textMember("trouble").isPresent());

      server = new SyslogServer(port, ServerSocketFactory.getDefault());

      await().until(() -> server.messages().size() >= 50);
      await().until(() -> recorder.status().textMember("trouble").isEmpty());
    }
  }

  private static boolean refuses(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return !socket.isConnected();
    } catch (IOException _) {
      return true;
    }
  }

  @Test
  void aServerThatReadsNothingHoldsUpNobody() throws Exception {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var options = "host: 127.0.0.1\nport: " + silent.getLocalPort() + "\nqueue: 3000";
      var recorder = home.make(new SyslogFactory(), options + "\ninclude_request_body: true");
      var body = Json.string("x".repeat(9000));
      for (int i = 0; recorder.trouble().isEmpty(); i++) {
        assertThat(i).isLessThan(1_000_000);
        recorder.record(Sample.withBody(body));
      }

      recorder.close();

      assertThat(recorder.metrics().get(1).value()).isPositive();
    }
  }

  @Test
  void messagesArriveOverTls() throws Exception {
    var certificate = TestCertificate.make(directory, "right", "ip:127.0.0.1");
    server.close();
    server = new SyslogServer(0, certificate.server().getServerSocketFactory());
    try (var recorder = recorder("tls: {ca_file: '" + certificate.certificate() + "'}")) {
      recorder.record(Sample.full());

      await().until(() -> server.messages().size() == 1);
      assertThat(recorder.status().textMember("target").orElseThrow()).startsWith("tls://");
    }
    assertThat(server.messages().getFirst()).matches(MESSAGE);
  }

  @Test
  void aServerWithAnotherNameOrAuthorityGetsNothing() throws Exception {
    var other = TestCertificate.make(directory, "other", "dns:other.example");
    var unknown = TestCertificate.make(directory, "unknown", "ip:127.0.0.1");
    for (var authority : new TestCertificate[] {other, unknown}) {
      try (var stranger = new SyslogServer(0, other.server().getServerSocketFactory());
          var recorder =
              home.make(
                  new SyslogFactory(),
                  "host: 127.0.0.1\nport: %d\ntls: {ca_file: '%s'}"
                      .formatted(stranger.port(), authority.certificate()))) {
        recorder.record(Sample.full());

        await().until(() -> recorder.status().textMember("trouble").isPresent());
        assertThat(stranger.messages()).isEmpty();
      }
    }
  }

  @Test
  void optionsThatLeadNowhereAreReported() {
    assertThat(TestOptions.problems(new SyslogFactory(), "tls: {key_store: a.p12}\nport: 0"))
        .hasSize(2);
    assertThat(TestOptions.problems(new SyslogFactory(), "wait: true")).hasSize(1);
  }

  @Test
  void aKeyThatCannotBeReadIsSaidAtTheStart() {
    assertThatThrownBy(() -> home.make(new SyslogFactory(), "tls: {ca_file: /nowhere/ca.pem}"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ca.pem");
  }
}
