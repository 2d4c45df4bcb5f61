package io.watchgate.simulation;

import io.watchgate.mcp.Era;
import io.watchgate.upstream.SimulatedLine;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A server of some temper. It may crash, and comes back later as another process that knows
/// nothing of the one before.
final class SimulatedServer implements SimulatedLine.Wire {
  private final World world;
  private final Ledger ledger;
  private final String name;
  private final Duration patience;
  private final List<ServerLine> lines = new ArrayList<>();
  private Temper temper;
  private boolean isDown;
  private int lineCount;

  /// @param patience how long the gateway lets a call be silent
  SimulatedServer(World world, Ledger ledger, String name, Temper temper, Duration patience) {
    this.world = world;
    this.ledger = ledger;
    this.name = name;
    this.temper = temper;
    this.patience = patience;
  }

  World world() {
    return world;
  }

  Ledger ledger() {
    return ledger;
  }

  String name() {
    return name;
  }

  /// The one thing that can be read of the server.
  String resource() {
    return "sim://" + name + "/doc";
  }

  Temper temper() {
    return temper;
  }

  Duration patience() {
    return patience;
  }

  @Override
  public boolean hasExchanges() {
    return temper.exchanges();
  }

  @Override
  public SimulatedLine connect(SimulatedLine.Ears ears, Era era)
      throws IOException, InterruptedException {
    world.time().pass(world.upTo(Duration.ofMillis(500)));
    if (isDown) {
      world.story().tell(name, "is not there");
      throw new IOException("connection refused");
    }
    var line = new ServerLine(this, ears, era, ++lineCount);
    lines.add(line);
    return line;
  }

  /// All that the server worked on is lost.
  void crash() {
    isDown = true;
    ledger.count("crashed");
    world.story().tell(name, "crashes");
    var broken = List.copyOf(lines);
    lines.clear();
    broken.forEach(line -> line.end("the server crashed"));
    world.after(world.upTo(Duration.ofSeconds(10)), name + " restarts", this::comeBack);
  }

  private void comeBack() {
    isDown = false;
    world.story().tell(name, "is there again");
  }

  boolean isDown() {
    return isDown;
  }

  void remember(ServerLine line) {
    lines.add(line);
  }

  void forget(ServerLine line) {
    lines.remove(line);
  }

  /// From now on all goes well.
  void calm() {
    temper = temper.calm();
  }

  /// What must hold when nothing happens any more.
  void checkEnd() {
    lines.forEach(ServerLine::checkEnd);
  }
}
