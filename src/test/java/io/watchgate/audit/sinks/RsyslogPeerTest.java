package io.watchgate.audit.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Records in a real rsyslog, a process of its own with a port for TCP and one for TLS.
@Tag("peers")
@Timeout(120)
class RsyslogPeerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path directory = Path.of("");
  private final SinkHome home = new SinkHome(Path.of("nowhere")).withoutPauses();
  private int plainPort;
  private int securePort;
  private Process rsyslog;

  RsyslogPeerTest() throws IOException {
    plainPort = freePort();
    securePort = freePort();
    rsyslog = new ProcessBuilder("true").start();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @BeforeEach
  void start() throws Exception {
    var certificate = TestCertificate.make(directory, "rsyslog", "ip:127.0.0.1");
    Files.writeString(
        directory.resolve("rsyslog.conf"),
        """
        global(workDirectory="%1$s" maxMessageSize="64k"
          parser.escapeControlCharactersOnReceive="off")
        module(load="imptcp")
        input(type="imptcp" port="%2$d" address="127.0.0.1")
        module(load="imtcp" streamDriver.name="ossl" streamDriver.mode="1"
          streamDriver.authMode="anon")
        input(type="imtcp" port="%3$d" address="127.0.0.1" streamDriver.name="ossl"
          streamDriver.mode="1" streamDriver.authMode="anon"
          streamDriver.caFile="%4$s" streamDriver.certFile="%4$s" streamDriver.keyFile="%5$s")
        template(name="parts" type="string"
          string="%%pri%%|%%timestamp:::date-rfc3339%%|%%app-name%%|%%msgid%%|%%msg%%\\n")
        action(type="omfile" file="%1$s/received" template="parts")
        """
            .formatted(
                directory, plainPort, securePort, certificate.certificate(), certificate.key()));
    launch();
  }

  private void launch() throws IOException {
    rsyslog =
        new ProcessBuilder(
                "/usr/sbin/rsyslogd",
                "-n",
                "-f",
                directory.resolve("rsyslog.conf").toString(),
                "-i",
                directory.resolve("pid").toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("said").toFile())
            .start();
  }

  @AfterEach
  void stop() throws Exception {
    rsyslog.destroy();
    if (!rsyslog.waitFor(10, TimeUnit.SECONDS)) {
      rsyslog.destroyForcibly().waitFor();
    }
  }

  private List<String> received() throws IOException {
    var file = directory.resolve("received");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private void awaitLines(int count) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(received())
                .as(Files.readString(directory.resolve("said")))
                .hasSizeGreaterThanOrEqualTo(count));
  }

  @Test
  void rsyslogReadsEveryPartOfEveryRecordOverTcp() throws Exception {
    try (var recorder =
        home.make(new SyslogFactory(), "host: 127.0.0.1\nfacility: local4\nport: " + plainPort)) {
      recorder.record(Sample.full());
      recorder.record(Sample.named("ü \u001b[2J \"<0>1 x\" \\"));
      IntStream.range(0, 5000).forEach(i -> recorder.record(Sample.small("r" + i)));

      awaitLines(5002);
    }
    assertThat(received()).hasSize(5002);
    var parts = received().getFirst().split("\\|", 5);
    assertThat(parts).startsWith("164", "2026-01-02T12:00:00.000Z", "watchgate", "response");
    assertThat(parse(parts[4])).isEqualTo(Sample.full().json());
    assertThat(parse(received().get(1).split("\\|", 5)[4]).textMember("name"))
        .hasValue("ü \u001b[2J \"<0>1 x\" \\");
    for (int i = 0; i < 5000; i++) {
      assertThat(received().get(i + 2)).contains("\"request_id\":\"r" + i + "\"");
    }
  }

  private static Json parse(String message) throws Exception {
    return Json.parse(message.strip().getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
  }

  @Test
  void rsyslogReadsRecordsOverTls() throws Exception {
    var options =
        "host: 127.0.0.1\nport: %d\ntls: {ca_file: '%s'}"
            .formatted(securePort, directory.resolve("rsyslog.crt"));
    try (var recorder = home.make(new SyslogFactory(), options)) {
      recorder.record(Sample.full());

      awaitLines(1);
      assertThat(parse(received().getFirst().split("\\|", 5)[4])).isEqualTo(Sample.full().json());
    }
  }

  @Test
  void whatHappensWhileRsyslogIsAwayArrivesWhenItIsBack() throws Exception {
    try (var recorder = home.make(new SyslogFactory(), "host: 127.0.0.1\nport: " + plainPort)) {
      recorder.record(Sample.small("before"));
      awaitLines(1);
      stop();
      await()
          .atMost(PATIENCE)
          .until(() -> !recorder.status().member("connected").orElseThrow().isTrue());
      IntStream.range(0, 100).forEach(i -> recorder.record(Sample.small("meanwhile " + i)));
      await().until(() -> recorder.status().textMember("trouble").isPresent());

      launch();

      awaitLines(101);
    }
    assertThat(received().stream().filter(line -> line.contains("meanwhile"))).hasSize(100);
  }
}
