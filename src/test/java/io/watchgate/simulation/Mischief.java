package io.watchgate.simulation;

import io.watchgate.flow.Call;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Layer;
import io.watchgate.flow.Reply;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.Method;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Something that is done wrong on purpose, so that it is known to be found.
enum Mischief {
  NONE(""),

  /// Every now and then a client gets its answer twice.
  ANSWERS_TWICE("got an answer that it does not wait for") {
    @Override
    void onAnswer(World world, byte[] answer, Predicate<byte[]> client) {
      boolean _ = client.test(answer);
      if (world.chance(0.1)) {
        boolean _ = client.test(answer);
      }
    }
  },

  /// Every now and then a client gets no answer.
  LOSES_ANSWERS("not answered") {
    @Override
    void onAnswer(World world, byte[] answer, Predicate<byte[]> client) {
      boolean _ = world.chance(0.1) || client.test(answer);
    }
  },

  /// Every now and then a call gets the answer of the one before.
  MIXES_ANSWERS("and the answer is") {
    @Override
    Layer layer(World world) {
      return inner ->
          new Handler() {
            private @Nullable Response last;

            @Override
            public Reply handle(Call call) throws InterruptedException {
              var reply = inner.handle(call);
              if (!isOfTool(call) || !(reply instanceof Reply.Answered(var mine))) {
                return reply;
              }
              var other = last;
              last = mine;
              return other == null || world.chance(0.9)
                  ? reply
                  : new Reply.Answered(other.withId(call.request().id()));
            }
          };
    }
  },

  /// Every now and then a call is made twice.
  CALLS_TWICE("works on the call") {
    @Override
    Layer layer(World world) {
      return inner ->
          call -> {
            if (isOfTool(call) && world.chance(0.1)) {
              Reply _ =
                  inner.handle(
                      new Call(
                          call.message(), call.client(), call.deadline(), call.cancellation()));
            }
            return inner.handle(call);
          };
    }
  },

  /// Nobody tells the server that the client does not wait any more.
  IS_DEAF_TO_CANCELLATION("its server does not know") {
    @Override
    Layer layer(World world) {
      return inner ->
          call -> {
            if (!isOfTool(call)) {
              return inner.handle(call);
            }
            var task = new FutureTask<>(() -> inner.handle(call));
            Thread.ofVirtual().start(task);
            try {
              return task.get();
            } catch (ExecutionException e) {
              throw (RuntimeException) e.getCause();
            }
          };
    }
  },

  /// Every now and then a call takes longer than any may.
  IGNORES_THE_DEADLINE("not answered in time") {
    @Override
    Layer layer(World world) {
      return inner ->
          call -> {
            if (isOfTool(call) && world.chance(0.05)) {
              world.pause(Duration.ofMinutes(2));
            }
            return inner.handle(call);
          };
    }
  },

  /// Every now and then a thread is left that waits for ever.
  LEAVES_THREADS("threads are left") {
    @Override
    Layer layer(World world) {
      return inner ->
          call -> {
            if (world.chance(0.05)) {
              world.start("left", Mischief::waitForEver);
            }
            return inner.handle(call);
          };
    }
  };

  private final String symptom;

  Mischief(String symptom) {
    this.symptom = symptom;
  }

  /// Whether what is wrong comes from this.
  boolean isItsDoing(String wrong) {
    return wrong.contains(symptom);
  }

  /// What is done around all calls.
  Layer layer(World world) {
    return inner ->
        call -> {
          world.breathe();
          return inner.handle(call);
        };
  }

  /// What is done with an answer on its way to the client.
  void onAnswer(World world, byte[] answer, Predicate<byte[]> client) {
    boolean _ = client.test(answer);
  }

  private static boolean isOfTool(Call call) {
    return call.method().equals(Method.TOOLS_CALL);
  }

  private static void waitForEver() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
