package io.watchgate;

import io.watchgate.flow.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.LoggerFactory;

/// The orderly end of the process, by its own will or by a signal: both end with the exit code of
/// the command, 0 for a signal. Whoever cannot wait sends another one: what is in flight then gets
/// its error at once.
final class Shutdown {
  /// Shorter than the ten seconds after which container runtimes kill.
  private static final Duration TIME = Duration.ofSeconds(5);

  /// When the process ends whatever it has not done yet: servers get the time in between to end.
  private static final Duration HARD_STOP = Duration.ofSeconds(9);

  /// The same for who was told twice: enough to tell the clients.
  private static final Duration HURRIED_STOP = Duration.ofSeconds(2);

  private static final List<String> SIGNALS = List.of("TERM", "INT");

  private static volatile int exitCode;
  private static volatile boolean ownWill;
  private static volatile boolean ownProcess;
  private static final AtomicBoolean told = new AtomicBoolean();

  private Shutdown() {}

  /// What is left to do before the end, within the time.
  @FunctionalInterface
  interface Task {
    void run(Duration time) throws InterruptedException;
  }

  /// Says that the process has no other purpose than this command: a command that runs inside a
  /// test leaves the end of the process alone.
  static void ownProcess() {
    ownProcess = true;
  }

  /// Has a task done when a signal (SIGTERM, SIGINT) ends a process that would run for ever: to be
  /// stopped is how it succeeds.
  static void before(Task task) {
    before(task, 0);
  }

  /// Has a task done when a signal ends a process that has not done yet what it should.
  static void beforeBreak(Runnable task) {
    before(_ -> task.run(), Failures.FAILED);
  }

  private static void before(Task task, int code) {
    if (ownProcess) {
      exitCode = code;
      var end = Thread.ofPlatform().name("shutdown").unstarted(() -> end(task));
      Runtime.getRuntime().addShutdownHook(end);
      SIGNALS.forEach(name -> Signals.on(name, () -> told(end)));
    }
  }

  /// Ends the process.
  static void exit(int code) {
    exitCode = code;
    ownWill = true;
    System.exit(code);
  }

  /// The first signal ends the process in order, the second one ends the patience with what is in
  /// flight.
  private static void told(Thread end) {
    if (told.getAndSet(true)) {
      end.interrupt();
      endHardAfter(HURRIED_STOP);
    } else {
      Runtime.getRuntime().exit(exitCode); // runs the hook
    }
  }

  private static void endHardAfter(Duration time) {
    Thread.ofPlatform().name("hard stop").daemon().start(() -> endHard(time));
  }

  private static void endHard(Duration time) {
    try {
      Time.REAL.pass(time);
      ProcessHandle.current().descendants().toList().forEach(ProcessHandle::destroyForcibly);
      Runtime.getRuntime().halt(exitCode);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void end(Task task) {
    if (!ownWill) {
      endHardAfter(HARD_STOP);
      try {
        task.run(TIME);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException fault) { // supervised edge: the process must end all the same
        LoggerFactory.getLogger(Shutdown.class).error("cannot stop in order", fault);
      }
      // Otherwise the JVM would end with 128 and the signal's number, as if it had been killed.
      Runtime.getRuntime().halt(exitCode);
    }
  }
}
