package io.watchgate.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the program around a server does to its answers.
class FaultPipeTest {
  private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private FaultPipe pipe;
  private Process server;

  @BeforeEach
  void start() throws IOException {
    pipe = new FaultPipe();
    server = new ProcessBuilder(pipe.server("one")).redirectErrorStream(true).start();
    Thread.ofPlatform().daemon().start(() -> read(server.inputReader()));
    assertThat(ask(0)).contains("\"id\":0");
  }

  @AfterEach
  void stop() throws IOException {
    server.descendants().forEach(ProcessHandle::destroyForcibly);
    server.destroyForcibly();
    pipe.close();
  }

  private void read(BufferedReader reader) {
    reader.lines().forEach(lines::add);
  }

  private @Nullable String ask(int id) throws IOException {
    send(id);
    return next();
  }

  private void send(int id) throws IOException {
    server
        .outputWriter()
        .write("{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"ping\"}\n".formatted(id));
    server.outputWriter().flush();
  }

  private @Nullable String next() {
    try {
      return lines.poll(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void keepsWhatIsSaidForLater() throws Exception {
    pipe.become("freeze");
    send(1);
    assertThat(lines.poll(200, TimeUnit.MILLISECONDS)).isNull();
    pipe.become("pass");
    assertThat(next()).contains("\"id\":1");
  }

  @Test
  void dropsAnswers() throws IOException {
    pipe.become("swallow");
    send(1);
    await().until(() -> pipe.injected() == 1);
    pipe.become("pass");
    assertThat(ask(2)).contains("\"id\":2");
  }

  @Test
  void delaysAndTricklesAnswers() throws IOException {
    long started = System.nanoTime();
    pipe.become("delay 200");
    assertThat(ask(1)).contains("\"id\":1");
    pipe.become("trickle 100");
    assertThat(ask(2)).contains("\"id\":2");
    assertThat(System.nanoTime() - started).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(400));
  }

  @Test
  void saysWhatNobodyAsked() throws IOException {
    pipe.become("garbage");
    assertThat(ask(1)).contains("npm");
    assertThat(next()).contains("\"id\":1");
    pipe.become("duplicate");
    assertThat(ask(2)).contains("\"id\":2").isEqualTo(next());
    pipe.become("wrong");
    assertThat(ask(3)).doesNotContain("\"id\":3").contains("result");
    assertThat(next()).contains("\"id\":3");
    await().until(() -> pipe.injected() == 3);
  }

  @Test
  void saysALineOfAnyLength() {
    pipe.become("huge 1000000");
    assertThat(next()).hasSize(1_000_000);
  }

  @Test
  void changesTheOrderOfAnswers() throws IOException {
    pipe.become("reorder");
    var sent = new ArrayList<String>();
    for (int i = 1; i <= 200; i++) {
      send(i);
      sent.add("{\"jsonrpc\":\"2.0\",\"id\":" + i + ",\"result\":{}}");
    }
    var came = new ArrayList<String>();
    sent.forEach(_ -> came.add(next()));
    assertThat(new HashSet<>(came)).isEqualTo(new HashSet<>(sent));
    assertThat((List<String>) came).isNotEqualTo(sent);
    await().until(() -> pipe.injected() > 0);
  }
}
