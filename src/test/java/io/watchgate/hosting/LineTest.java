package io.watchgate.hosting;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.flow.Deadline;
import io.watchgate.flow.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LineTest {
  private final Line line = new Line(Time.REAL);
  private final List<Integer> done = new CopyOnWriteArrayList<>();

  @Test
  void everythingIsDoneInOrderBeforeTheEnd() throws InterruptedException {
    IntStream.range(0, 500).forEach(i -> line.add(() -> done.add(i)));
    line.end(Deadline.NEVER);
    assertThat(done).isEqualTo(IntStream.range(0, 500).boxed().toList());
  }

  @Test
  void whatIsNotDoneByTheDeadlineIsDropped() throws InterruptedException {
    var goOn = new CountDownLatch(1);
    var gone = new CountDownLatch(1);
    line.add(() -> {
      goOn.await();
      gone.countDown();
    });
    line.add(() -> done.add(1));
    line.end(Deadline.after(Duration.ofMillis(20), Time.REAL));
    line.add(() -> done.add(2));
    goOn.countDown();
    gone.await();
    line.end(Deadline.NEVER);
    assertThat(done).isEmpty();
  }

  @Test
  void moreThanAThousandAreNotKept() throws InterruptedException {
    var begun = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    line.add(() -> {
      begun.countDown();
      goOn.await();
    });
    begun.await();
    IntStream.range(0, 3000).forEach(i -> line.add(() -> done.add(i)));
    goOn.countDown();
    line.end(Deadline.NEVER);
    assertThat(done).hasSize(1000);
  }
}
