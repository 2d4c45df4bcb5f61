package io.watchgate.upstream;

import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpMethod;
import io.watchgate.flow.Deadline;
import io.watchgate.upstream.HttpConnector.Outgoing;
import io.watchgate.upstream.UpstreamSettings.Remote;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A remote server's URL with the headers that every request to it carries, and the connections to
/// it. Shared by all sessions with that server.
final class RemoteEndpoint implements AutoCloseable {
  static final String JSON = "application/json";
  static final String EVENTS = "text/event-stream";

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Remote remote;
  private final URI url;
  private final HttpConnector connector;

  RemoteEndpoint(Remote remote, EventLoopGroup loops) throws IOException {
    this.remote = remote;
    this.url = withPath(remote.url());
    this.connector = new HttpConnector(url, loops);
  }

  private static URI withPath(URI url) {
    var query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    return url.getRawPath().isEmpty() ? url.resolve("/" + query) : url;
  }

  URI url() {
    return url;
  }

  /// The URL for people: a query may hold a key.
  @Override
  public String toString() {
    return url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath();
  }

  /// The head of requests that post a message.
  ///
  /// @param session headers that they carry beside those of all requests
  HttpHead posting(URI to, Map<String, String> session) {
    var headers = headers(session);
    headers.put("Content-Type", JSON);
    headers.put("Accept", JSON + ", " + EVENTS);
    return new HttpHead(HttpMethod.POST, target(to), headers);
  }

  /// Posts a message.
  ///
  /// @param repeatable whether the server may get it twice when nobody knows if it got it once
  HttpExchange post(HttpHead head, byte[] message, boolean repeatable, Deadline deadline)
      throws IOException, InterruptedException {
    return connector.send(new Outgoing(head, ByteBuffer.wrap(message), repeatable), deadline);
  }

  HttpExchange stream(Map<String, String> session, @Nullable String lastId, Deadline deadline)
      throws IOException, InterruptedException {
    var headers = headers(session);
    headers.put("Accept", EVENTS);
    if (lastId != null) {
      headers.put("Last-Event-ID", lastId);
    }
    var head = new HttpHead(HttpMethod.GET, target(url), headers);
    return connector.send(new Outgoing(head, NOTHING, true), deadline);
  }

  HttpExchange delete(Map<String, String> session, Deadline deadline)
      throws IOException, InterruptedException {
    var head = new HttpHead(HttpMethod.DELETE, target(url), headers(session));
    return connector.send(new Outgoing(head, NOTHING, true), deadline);
  }

  @Override
  public void close() {
    connector.close();
  }

  /// What the protocol needs goes before what the configuration says, in whatever case.
  private Map<String, String> headers(Map<String, String> session) {
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    headers.put("User-Agent", "watchgate");
    headers.putAll(remote.headers());
    headers.putAll(session);
    return headers;
  }

  private static String target(URI url) {
    return url.getRawQuery() == null
        ? url.getRawPath()
        : url.getRawPath() + "?" + url.getRawQuery();
  }

  /// Where a reference of the server leads.
  ///
  /// @throws IOException when it leads to another origin, which would get the headers, and with
  ///   them the secrets, that are meant for this one
  URI resolve(String reference) throws IOException {
    try {
      var query = reference.startsWith("?"); // RFC 3986 keeps the path then, java.net.URI does not
      var resolved = url.resolve(query ? url.getRawPath() + reference : reference);
      if (isSameOrigin(resolved)) {
        return resolved;
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("the server names an endpoint that is no URL: " + reference, e);
    }
    throw new IOException("the server names an endpoint of another origin: " + reference);
  }

  private boolean isSameOrigin(URI other) {
    return url.getScheme().equalsIgnoreCase(other.getScheme())
        && url.getHost().equalsIgnoreCase(other.getHost())
        && port(url) == port(other);
  }

  static int port(URI url) {
    int standard = "https".equalsIgnoreCase(url.getScheme()) ? 443 : 80;
    return url.getPort() >= 0 ? url.getPort() : standard;
  }
}
