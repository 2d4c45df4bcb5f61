package io.watchgate;

import java.time.Duration;
import org.slf4j.LoggerFactory;

/// The orderly end of the process, by its own will or by a signal: both end with the exit code of
/// the command, 0 for a signal.
final class Shutdown {
  /// Shorter than the ten seconds after which container runtimes kill.
  private static final Duration TIME = Duration.ofSeconds(5);

  private static volatile int exitCode;
  private static volatile boolean ownWill;
  private static volatile boolean ownProcess;

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
      Runtime.getRuntime()
          .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> end(task)));
    }
  }

  /// Ends the process.
  static void exit(int code) {
    exitCode = code;
    ownWill = true;
    System.exit(code);
  }

  private static void end(Task task) {
    if (!ownWill) {
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
