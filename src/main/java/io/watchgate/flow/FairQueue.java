package io.watchgate.flow;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;

/// Those who wait for something that is short, in the order in which they get it. Bounded. Only
/// keeps the order: whoever owns it holds a lock around every method, and hands over to the waiter
/// that `poll` gives, so that nobody who comes later can be faster.
///
/// The turn goes round between principals, and of one principal between its sessions: a client that
/// opens many sessions gets no more for it, and clients that share a token do not have to wait for
/// each other's floods. Within one session it is first come, first served. What the gateway wants
/// for itself ({@link GatewayClient}) waits until no client does, but every ninth turn is its own.
///
/// Where it is full, the newest of the longest line leaves for who comes in a shorter one: a flood
/// finds the queue full, nobody else does.
public final class FairQueue<W> {
  /// Turns of clients for each one of the gateway's own, where both wait.
  private static final int TURNS_OF_CLIENTS = 8;

  private final int capacity;
  private final Line<W> clients = new Line<>();
  private final Line<W> background = new Line<>();
  private int turnsOfClients;

  /// @param capacity how many may wait; nobody when it is 0
  public FairQueue(int capacity) {
    this.capacity = capacity;
  }

  /// How many wait.
  public int size() {
    return clients.size + background.size;
  }

  /// Lets someone wait, each waiter once.
  ///
  /// @return who does not wait any longer because of that: nobody, the one who came, or another
  public Optional<W> add(Session who, W waiter) {
    var path = path(who);
    line(who).add(path, waiter);
    if (size() <= capacity) {
      return Optional.empty();
    }
    return Optional.of((background.size > 0 ? background : clients).removeNewest(path));
  }

  /// Takes out whose turn it is.
  public Optional<W> poll() {
    if (size() == 0) {
      return Optional.empty();
    }
    boolean isOwn =
        clients.size == 0 || (background.size > 0 && turnsOfClients >= TURNS_OF_CLIENTS);
    turnsOfClients = isOwn ? 0 : turnsOfClients + 1;
    return Optional.of((isOwn ? background : clients).poll());
  }

  /// Takes out one who gave up.
  ///
  /// @return false when that one does not wait any more: the turn came first
  public boolean remove(Session who, W waiter) {
    return line(who).remove(path(who), waiter);
  }

  private Line<W> line(Session who) {
    return who == GatewayClient.INSTANCE ? background : clients;
  }

  private static List<String> path(Session who) {
    return List.of(who.principal(), who.key());
  }

  /// Waiters one after the other, or lines that take turns: the first of them is next.
  private static final class Line<W> {
    private final SequencedSet<W> waiters = new LinkedHashSet<>();
    private final SequencedMap<String, Line<W>> lines = new LinkedHashMap<>();
    private int size;

    void add(List<String> path, W waiter) {
      size++;
      if (path.isEmpty()) {
        waiters.add(waiter);
      } else {
        lines.computeIfAbsent(path.getFirst(), _ -> new Line<>()).add(rest(path), waiter);
      }
    }

    W poll() {
      size--;
      var next = lines.pollFirstEntry();
      if (next == null) {
        return waiters.removeFirst();
      }
      var waiter = next.getValue().poll();
      if (next.getValue().size > 0) {
        lines.putLast(next.getKey(), next.getValue());
      }
      return waiter;
    }

    boolean remove(List<String> path, W waiter) {
      boolean removed = waiters.remove(waiter);
      if (!path.isEmpty() && lines.containsKey(path.getFirst())) {
        var line = lines.get(path.getFirst());
        removed = line.remove(rest(path), waiter);
        dropIfEmpty(path.getFirst(), line);
      }
      size -= removed ? 1 : 0;
      return removed;
    }

    /// @param mine the line that stays the longest where others are just as long
    W removeNewest(List<String> mine) {
      size--;
      if (lines.isEmpty()) {
        return waiters.removeLast();
      }
      var key = mine.getFirst();
      var longest = Objects.requireNonNullElseGet(lines.get(key), Line<W>::new);
      for (var each : lines.entrySet()) {
        if (each.getValue().size > longest.size) {
          key = each.getKey();
          longest = each.getValue();
        }
      }
      var newest = longest.removeNewest(rest(mine));
      dropIfEmpty(key, longest);
      return newest;
    }

    private void dropIfEmpty(String key, Line<W> line) {
      if (line.size == 0) {
        lines.remove(key);
      }
    }

    private static List<String> rest(List<String> path) {
      return path.subList(1, path.size());
    }
  }
}
