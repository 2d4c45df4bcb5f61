package io.watchgate.security.pii;

import io.watchgate.plugin.Home;
import io.watchgate.plugin.Options;
import io.watchgate.plugin.PluginFactory;
import io.watchgate.security.Filter;
import io.watchgate.security.Filter.Policy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Makes plugins that hide personal data.
public final class PersonalDataFactory implements PluginFactory {
  private static final String NATIONAL_ID = "national_id";

  /// Found only when asked for: it stands for a machine, and every network tool prints it.
  private static final Set<String> OFF = Set.of("mac_address");

  private static final List<String> REGIONS =
      List.of(
          "US", "CA", "GB", "IE", "DE", "AT", "CH", "FR", "BE", "NL", "IT", "ES", "PT", "SE", "FI",
          "AU", "NZ", "JP", "IN", "ZA");

  private static final int LEAST_KEY = 16;

  /// Which addresses of networks are personal data.
  private enum Addresses {
    ALL,
    PUBLIC
  }

  @Override
  public String handler() {
    return "pii";
  }

  @Override
  public Set<String> aliases() {
    return Set.of("basic_pii_filter");
  }

  @Override
  public String description() {
    return "Hides e-mail addresses, phones, cards, accounts, ids and other personal data.";
  }

  @Override
  public Maker read(Options options) {
    var policy = Policy.read(options);
    var settings =
        new PersonalData.Settings(
            wanted(options),
            regions(options),
            options.choice("ip_addresses", Addresses.ALL) == Addresses.PUBLIC,
            allowed(options.texts("allow")));
    var redaction = options.choice("redaction", Redaction.PLACEHOLDER);
    var secret = options.text("pseudonym_key").orElse("").getBytes(StandardCharsets.UTF_8);
    if (options.has("pseudonym_key") && secret.length < LEAST_KEY) {
      options.problem("pseudonym_key", "is too short (expected: at least 16 characters)");
    }
    return home -> {
      var key = redaction == Redaction.PSEUDONYM && secret.length == 0 ? key(home) : secret;
      return new Filter(
          handler(), policy, List.of(new PersonalData(settings)), redaction.with(key));
    };
  }

  /// Types that are switched on or off one by one, the ids of all countries also together.
  private static Predicate<String> wanted(Options options) {
    var enabled = new HashMap<String, Boolean>();
    for (var key : List.of("pii_types", "types")) {
      options
          .sections(key)
          .forEach((type, of) -> {
            if (!type.equals(NATIONAL_ID) && !PersonalData.types().contains(type)) {
              options.problem(
                  key, "has an unknown type \"" + type + "\" (expected: " + known() + ")");
            }
            enabled.put(type, of.flag("enabled", true));
          });
    }
    return type -> isWanted(type, enabled);
  }

  private static boolean isWanted(String type, Map<String, Boolean> enabled) {
    boolean id = PersonalData.isNationalId(type) && enabled.getOrDefault(NATIONAL_ID, true);
    boolean standard = PersonalData.isNationalId(type) ? id : !OFF.contains(type);
    return enabled.getOrDefault(type, standard);
  }

  private static String known() {
    return NATIONAL_ID + ", " + String.join(", ", PersonalData.types());
  }

  private static List<String> regions(Options options) {
    if (!options.has("regions")) {
      return REGIONS;
    }
    var regions =
        options.texts("regions").stream().map(name -> name.toUpperCase(Locale.ROOT)).toList();
    for (var region : regions) {
      if (!PersonalData.isRegion(region)) {
        options.problem(
            "regions", "has no region \"" + region + "\" (expected: two letters, such as US, GB)");
      }
    }
    return regions;
  }

  /// Values that may be seen, however they are written, and all e-mail addresses `@` a domain.
  private static Predicate<String> allowed(List<String> values) {
    var plain = values.stream().map(Redaction::plain).collect(Collectors.toUnmodifiableSet());
    return value -> {
      if (plain.isEmpty()) {
        return false;
      }
      var own = Redaction.plain(value);
      int at = own.lastIndexOf('@');
      return plain.contains(own) || (at >= 0 && plain.contains(own.substring(at)));
    };
  }

  /// The key that pseudonyms are made with, made once and kept.
  private static byte[] key(Home home) throws IOException {
    var file = home.state().resolve("pii-pseudonym.key");
    if (!Files.exists(file)) {
      create(file);
    }
    var key = Files.readAllBytes(file);
    if (key.length < LEAST_KEY) {
      throw new IOException(
          file
              + " has "
              + key.length
              + " bytes (expected: 32). Remove it to have a new one made;"
              + " the same value then gets another pseudonym");
    }
    return key;
  }

  private static void create(Path file) throws IOException {
    var key = new byte[32];
    new SecureRandom().nextBytes(key);
    Files.createDirectories(file.toAbsolutePath().getParent());
    var half = Files.createTempFile(file.toAbsolutePath().getParent(), "pii-", ".key");
    try {
      if (Files.getFileStore(half).supportsFileAttributeView("posix")) {
        Files.setPosixFilePermissions(half, PosixFilePermissions.fromString("rw-------"));
      }
      Files.write(half, key);
      Files.move(half, file);
    } catch (FileAlreadyExistsException e) {
      // Another gateway was faster, and its key is as good.
      Files.deleteIfExists(half);
    }
  }
}
