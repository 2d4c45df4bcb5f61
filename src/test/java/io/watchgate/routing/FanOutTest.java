package io.watchgate.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.flow.Call;
import io.watchgate.flow.Policy;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Seal;
import io.watchgate.flow.Server;
import io.watchgate.flow.ServerStatus;
import io.watchgate.flow.ServerStatus.State;
import io.watchgate.flow.Session;
import io.watchgate.flow.Time;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FanOutTest {
  private final List<Member> members = List.of(member("one"), member("two"));

  @Test
  void answersAreInTheOrderOfTheMembers() throws InterruptedException {
    var twoIsAsked = new CountDownLatch(1);

    var answers =
        FanOut.all(
            members,
            member -> {
              if (member.name().equals("two")) {
                twoIsAsked.countDown();
              } else {
                twoIsAsked.await();
              }
              return member.name();
            });

    assertThat(answers).containsExactly("one", "two");
  }

  @Test
  void interruptionOfTheAskerReachesEveryMember() throws InterruptedException {
    var asked = new CountDownLatch(2);
    var interrupted = new CountDownLatch(2);
    var outcome = new CompletableFuture<String>();
    var asker = Thread.ofVirtual().start(() -> outcome.complete(outcomeOf(asked, interrupted)));

    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    asker.interrupt();

    assertThat(outcome.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo("interrupted");
    assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
  }

  private String outcomeOf(CountDownLatch asked, CountDownLatch interrupted) {
    try {
      return FanOut.all(members, _ -> waitForEver(asked, interrupted)).toString();
    } catch (InterruptedException _) {
      return "interrupted";
    } catch (RuntimeException fault) {
      return fault.toString();
    }
  }

  private static String waitForEver(CountDownLatch asked, CountDownLatch interrupted)
      throws InterruptedException {
    asked.countDown();
    try {
      new CountDownLatch(1).await();
      return "never";
    } finally {
      interrupted.countDown();
    }
  }

  private static Member member(String name) {
    var server = new Named(name);
    var offers = new Offers(new ListSource(server, server, Time.REAL), Policy.OPEN, null);
    var naming =
        new Naming(
            server,
            Policy.OPEN,
            (_, notification) -> notification,
            new TaskIds(Seal.random(), false),
            offers.reads());
    var place = new Switchboard.Place(server, server, "");
    return new Member(place, server, offers, naming, new Endpoint());
  }

  private record Named(String name) implements Server {
    @Override
    public Reply handle(Call call) {
      return new Reply.Accepted();
    }

    @Override
    public ServerStatus status() {
      return new ServerStatus(State.READY, Optional.empty(), Optional.empty());
    }

    @Override
    public boolean isShared() {
      return false;
    }

    @Override
    public void prepare(Session session) {}

    @Override
    public boolean awaitFirstContact(Duration patience) {
      return true;
    }
  }
}
