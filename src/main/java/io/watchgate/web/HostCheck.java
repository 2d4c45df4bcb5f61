package io.watchgate.web;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Turns away the pages of the web that let their own name lead to this machine (DNS rebinding):
/// the `Host` of a request must be a name of loopback, the configured host, or the very address
/// that the request came to, which no foreign name can be.
public record HostCheck(String configured) {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  /// Whether a request may pass.
  ///
  /// @param hosts the request's `Host` headers, of which there must be one
  /// @param reached the address that the request came to
  public boolean allows(List<String> hosts, InetAddress reached) {
    if (hosts.size() != 1) {
      return false;
    }
    var name = withoutPort(hosts.getFirst().toLowerCase(Locale.ROOT));
    return isLoopback(name)
        || name.equalsIgnoreCase(bracketed(configured))
        || name.equals(bracketed(reached.getHostAddress()));
  }

  /// Whether a page that asks is one of this machine, by its `Origin`.
  public static boolean isOfThisMachine(String origin) {
    try {
      var host = URI.create(origin).getHost();
      return host != null && isLoopback(host.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /// Whether a host is this machine by its name alone.
  ///
  /// @param name in lower case, without a port
  public static boolean isLoopback(String name) {
    return LOOPBACK.contains(name);
  }

  /// An address as it stands in a URL.
  public static String bracketed(String host) {
    return host.contains(":") ? "[" + host.replaceFirst("%.*", "") + "]" : host;
  }

  /// The host alone, of one that may have a port.
  public static String withoutPort(String host) {
    int colon = host.lastIndexOf(':');
    return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
  }
}
