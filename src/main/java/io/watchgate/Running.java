package io.watchgate;

import io.watchgate.admin.AdminServer;
import io.watchgate.config.GatewayConfig;
import io.watchgate.downstream.HttpListener;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A gateway that serves clients over HTTP.
final class Running implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger("watchgate");

  private final Gateway gateway;
  private final HttpListener listener;
  private final Administration administration;
  private final Optional<Agency> agency;
  private final CountDownLatch ended = new CountDownLatch(1);

  /// What is done for the requests in flight before the end.
  @FunctionalInterface
  interface Drain {
    void run() throws InterruptedException;
  }

  private Running(
      Gateway gateway,
      HttpListener listener,
      Administration administration,
      Optional<Agency> agency) {
    this.gateway = gateway;
    this.listener = listener;
    this.administration = administration;
    this.agency = agency;
  }

  /// Serves clients with a gateway, which ends with it.
  static Running start(Gateway gateway) throws IOException, InterruptedException {
    try {
      return start(gateway, Administration.start(gateway));
    } catch (IOException | InterruptedException failure) {
      gateway.close();
      throw failure;
    }
  }

  private static Running start(Gateway gateway, Administration administration)
      throws IOException, InterruptedException {
    var config = gateway.config();
    try {
      var handlers = gateway.handlers(config.http().path());
      var listener = new HttpListener(config.http(), handlers, gateway.terms(), gateway.loops());
      gateway.connect();
      var settings = config.agents();
      var agency =
          settings.isPresent()
              ? Optional.of(Agency.start(gateway, settings.get()))
              : Optional.<Agency>empty();
      administration.status().serving(listener::sessions);
      log.info("listening on {}", listener.url());
      return new Running(gateway, listener, administration, agency);
    } catch (IOException | InterruptedException failure) {
      administration.close();
      throw failure;
    }
  }

  /// Goes on by another configuration, with the same sessions of clients.
  ///
  /// @throws IOException when it cannot be applied; then nothing has changed
  void reload(GatewayConfig config) throws IOException {
    gateway.reload(config);
    listener.admit(config.http(), gateway.handlers(config.http().path()));
  }

  LiveStatus status() {
    return administration.status();
  }

  Gateway gateway() {
    return gateway;
  }

  String url() {
    return listener.url();
  }

  /// Where the admin listener is, when there is one.
  Optional<String> adminUrl() {
    return administration.server().map(AdminServer::url);
  }

  /// The agents, when there are any.
  Optional<Agency> agency() {
    return agency;
  }

  int sessions() {
    return listener.sessions();
  }

  void awaitEnd() throws InterruptedException {
    ended.await();
  }

  /// Lets requests finish within the time, and ends.
  void stop(Duration time) throws InterruptedException {
    administration.status().draining();
    listener.drain(time);
    close();
  }

  @Override
  public void close() {
    administration.status().draining();
    if (agency.isPresent()) { // a reference to the method would load classes of agents
      agency.get().close();
    }
    gateway.close();
    administration.close();
    ended.countDown();
  }
}
