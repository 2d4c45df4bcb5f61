package io.watchgate.simulation;

import io.watchgate.flow.Time;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A world of its own, in which the same seed lets the same happen: all its threads are virtual and
/// take turns on the one that runs the world, in an order drawn by lot, and its clock stands still
/// while any of them can run. Then it jumps to what comes next.
final class World {
  /// More turns than any story needs: nobody waits for what never comes.
  private static final int MAX_TURNS = 2_000_000;

  private final Random random;
  private final Thread carrier = Thread.currentThread();
  private final List<Runnable> ready = new ArrayList<>();
  private final PriorityQueue<Alarm> alarms =
      new PriorityQueue<>(Comparator.comparingLong(Alarm::at).thenComparingLong(Alarm::number));
  private final SimulatedTime time;
  private final Story story;
  private final Thread.Builder.OfVirtual threads;
  private final Constructor<?> builder;
  private long elapsedNanos;
  private long alarmsSet;

  /// Something that happens at a point in time.
  private record Alarm(long at, long number, Runnable action) {}

  World(long seed) throws ReflectiveOperationException {
    this.random = new Random(seed);
    this.story = new Story(this::elapsedNanos);
    // A clock may be anywhere, and may run over.
    long start = chance(0.5) ? random.nextLong() : Long.MAX_VALUE - seconds(random.nextInt(100));
    this.time = new SimulatedTime(this, start);
    this.builder =
        Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
            .getDeclaredConstructor(Executor.class);
    builder.setAccessible(true);
    this.threads = threads();
  }

  private static long seconds(int count) {
    return TimeUnit.SECONDS.toNanos(count);
  }

  /// Threads started by these threads are of this world too.
  private Thread.Builder.OfVirtual threads() throws ReflectiveOperationException {
    return (Thread.Builder.OfVirtual) builder.newInstance((Executor) this::isReady);
  }

  private void isReady(Runnable continuation) {
    synchronized (ready) {
      ready.add(continuation);
    }
    var current = Thread.currentThread();
    if (!current.equals(carrier) && !current.isVirtual()) {
      story.broken("a thread had to wait for a monitor whose holder was waiting itself");
    }
  }

  /// Lets the world run until nothing is left to happen, or something is wrong.
  ///
  /// @param afterEach runs after each turn
  void run(Runnable beginning, Runnable afterEach) {
    var handler = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler(this::died);
    try {
      start("beginning", beginning);
      takeTurns(afterEach);
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(handler);
    }
  }

  private void died(Thread thread, Throwable cause) {
    var trace = new StringWriter();
    cause.printStackTrace(new PrintWriter(trace));
    story.broken("thread \"" + thread.getName() + "\" died of " + trace);
  }

  private void takeTurns(Runnable afterEach) {
    for (int turn = 0; !story.isBroken(); turn++) {
      var next = next();
      if (next == null) {
        return;
      }
      next.run();
      afterEach.run();
      if (turn > MAX_TURNS) {
        story.broken("the world does not come to rest");
      }
    }
  }

  private @Nullable Runnable next() {
    synchronized (ready) {
      if (!ready.isEmpty()) {
        int drawn = random.nextInt(ready.size());
        var last = ready.removeLast();
        return drawn == ready.size() ? last : ready.set(drawn, last);
      }
    }
    var alarm = alarms.poll();
    if (alarm == null) {
      return null;
    }
    elapsedNanos = alarm.at;
    return alarm.action;
  }

  void start(String name, Runnable action) {
    threads.name(name).start(action);
  }

  /// Runs an action on a thread of its own after some time.
  void after(Duration wait, String name, Runnable action) {
    Runnable _ = alarm(wait.toNanos(), () -> start(name, action));
  }

  /// Runs an action on no thread of the world, so that it must not wait.
  ///
  /// @return takes it back
  Runnable alarm(long nanos, Runnable action) {
    var alarm = new Alarm(elapsedNanos + Math.max(0, nanos), alarmsSet++, action);
    alarms.add(alarm);
    return () -> alarms.remove(alarm);
  }

  Time time() {
    return time;
  }

  Story story() {
    return story;
  }

  Random random() {
    return random;
  }

  /// How long the world has been there.
  long elapsedNanos() {
    return elapsedNanos;
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  /// Some time, short ones more often than long ones.
  Duration upTo(Duration most) {
    double part = random.nextDouble();
    return Duration.ofNanos((long) (part * part * part * most.toNanos()));
  }

  <T> T oneOf(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  void pause(Duration wait) {
    try {
      time.pass(wait);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Lets others go first, now and then.
  @SuppressWarnings("ThreadPriorityCheck") // the scheduler is the world's own
  void breathe() {
    if (chance(0.3)) {
      Thread.yield();
    }
  }
}
