package io.watchgate.security.secrets;

import com.google.re2j.Pattern;
import io.watchgate.scanning.Detector;
import io.watchgate.scanning.Finding;
import io.watchgate.scanning.Keywords;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Finds passwords, keys and tokens by rules, by the names that they are given to, and by their
/// shape. One pass looks for the keywords of everything; what is costly is done only around them,
/// and at no place twice.
final class SecretDetector implements Detector {

  /// What the names of values that may be secrets have in them.
  private static final List<String> NAMES =
      List.of(
          "key",
          "api key",
          "access key",
          "secret key",
          "private key",
          "license key",
          "encryption key",
          "account key",
          "token",
          "secret",
          "passw",
          "passphrase",
          "passcode",
          "pass",
          "pwd",
          "auth",
          "bearer",
          "credential",
          "creds",
          "salt",
          "hmac",
          "kennwort",
          "senha",
          "contrase",
          "motdepasse",
          "wachtwoord");

  private final Keywords keywords;
  private final List<Probe> probes;
  private final Settings settings;

  SecretDetector(List<Rule> rules, Settings settings) {
    var words = new ArrayList<String>();
    var perWord = new ArrayList<Probe>();
    for (var rule : rules) {
      if (!settings.disabled().contains(rule.type())) {
        for (var keyword : rule.keywords()) {
          words.add(keyword);
          perWord.add(new RuleProbe(rule, keyword));
        }
      }
    }
    var privateKeys = new PrivateKeyProbe();
    var names = new NameProbe();
    List.of("PRIVATE KEY----", "PRIVATE KEY ----", "PRIVATE KEY BLOCK-----")
        .forEach(header -> add(words, perWord, header, privateKeys));
    add(words, perWord, "PuTTY-User-Key-File-", new PuttyKeyProbe());
    add(words, perWord, "eyJ", new JwtProbe());
    add(words, perWord, "://", new UrlProbe());
    NAMES.forEach(name -> add(words, perWord, name, names));
    this.keywords = Keywords.of(words);
    this.probes = List.copyOf(perWord);
    this.settings = settings;
  }

  private static void add(List<String> words, List<Probe> probes, String word, Probe probe) {
    words.add(word);
    probes.add(probe);
  }

  /// What a configuration changes.
  ///
  /// @param disabled types of finds that are dropped
  /// @param allow what is no secret
  /// @param entropy a search for words that look drawn by lot
  record Settings(Set<String> disabled, List<Pattern> allow, Optional<EntropySearch> entropy) {
    static final Settings STANDARD = new Settings(Set.of(), List.of(), Optional.empty());
  }

  /// The types that finds may have which are of no rule.
  static Set<String> types(List<Rule> rules) {
    return Stream.concat(
            rules.stream().map(Rule::type),
            Stream.of(
                "private_keys",
                "ssh_private_keys",
                JwtProbe.TYPE,
                "url_passwords",
                "generic_secrets"))
        .collect(Collectors.toSet());
  }

  @Override
  public List<Finding> find(String text) {
    var sweep = new Sweep(text);
    keywords.find(
        text, (word, end) -> probes.get(word).at(sweep, end - keywords.length(word), end));
    settings.entropy().ifPresent(search -> search.search(sweep));
    return wanted(text, sweep.end());
  }

  /// The text may also be the value of the key as a whole.
  @Override
  public List<Finding> findUnder(String key, String text) {
    var finds = find(text);
    var value = Assignment.under(key, text);
    if (value != null) {
      var sweep = new Sweep(value.text());
      keywords.find(key, (word, _) -> probes.get(word).named(sweep, value));
      finds.addAll(wanted(text, sweep.endUnder(key.length() + 1)));
    }
    return finds;
  }

  private List<Finding> wanted(String text, List<Finding> finds) {
    finds.removeIf(find -> isAllowed(text, find));
    return finds;
  }

  private boolean isAllowed(String text, Finding find) {
    if (settings.disabled().contains(find.type())) {
      return true;
    }
    var secret = text.substring(find.start(), find.end());
    return settings.allow().stream().anyMatch(pattern -> pattern.matcher(secret).find());
  }
}
