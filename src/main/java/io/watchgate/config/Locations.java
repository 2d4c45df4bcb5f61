package io.watchgate.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/// Files, directories, hosts and addresses.
final class Locations {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[?::1]?|\\[?0:0:0:0:0:0:0:1]?");

  private Locations() {}

  /// True when nobody beyond this machine can reach a listener on the host.
  static boolean isLoopback(String host) {
    return LOOPBACK.matcher(host).matches();
  }

  static Type<String> host() {
    return Scalars.matching("[A-Za-z0-9.:_%\\[\\]-]+", "a host name or an address");
  }

  /// A file that need not be there yet.
  static Type<Path> file() {
    return Scalars.scalar(
        Schemas.object("type", "string", "minLength", 1),
        place -> {
          var path = Scalars.text().read(place).map(place.places()::resolve);
          var isDirectory = path.filter(Files::isDirectory).isPresent();
          if (isDirectory) {
            place.problem("expected a file, but " + path.orElseThrow() + " is a directory");
          }
          return isDirectory ? Optional.empty() : path;
        });
  }

  /// A directory that is there.
  static Type<Path> directory() {
    return Scalars.scalar(
        Schemas.object("type", "string", "minLength", 1),
        place -> {
          var path = Scalars.text().read(place).map(place.places()::resolve);
          var missing = path.filter(directory -> !Files.isDirectory(directory));
          missing.ifPresent(directory -> place.problem("there is no directory " + directory));
          return missing.isPresent() ? Optional.empty() : path;
        });
  }

  /// An `http` or `https` address without user, password and fragment.
  static Type<URI> url() {
    return Scalars.scalar(
        Schemas.object(
            "type", "string", "pattern", "^[Hh][Tt][Tt][Pp][Ss]?://[^\\s#@/?]+([/?][^\\s#]*)?$"),
        place -> {
          var url = Scalars.textOf(place.value()).flatMap(Locations::parse);
          if (url.isEmpty() || !isHttp(url.get())) {
            return Scalars.reject(place, "an address with http:// or https://");
          } else if (url.get().getRawUserInfo() != null) {
            place.problem("the address holds a user or password; use headers.Authorization");
            return Optional.empty();
          } else if (url.get().getRawFragment() != null) {
            place.problem("the address ends with a #fragment, which a server never sees");
            return Optional.empty();
          }
          return url;
        });
  }

  /// What a browser sends as `Origin`: scheme, host and port, nothing else.
  static Type<String> origin() {
    return Scalars.matching(
        "[A-Za-z][A-Za-z0-9+.-]*://[A-Za-z0-9._\\[\\]:-]+",
        "an origin such as https://app.example.com");
  }

  private static boolean isHttp(URI url) {
    var scheme = url.getScheme() == null ? "" : url.getScheme();
    var isHttp = scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https");
    return isHttp && url.getHost() != null && url.getPort() <= 65535;
  }

  private static Optional<URI> parse(String text) {
    try {
      return Optional.of(new URI(text.strip()));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
