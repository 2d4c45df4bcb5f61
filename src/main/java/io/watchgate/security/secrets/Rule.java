package io.watchgate.security.secrets;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// How the secrets of one kind look, as it is written in a rule file.
///
/// @param id in `kebab-case`, no other rule has it
/// @param type what its finds are called, and what `secret_types` switches on and off
/// @param keywords one of them is in every secret of the kind, or close to it
/// @param place where the regular expression is tried when a keyword was found
/// @param regex its first group is the secret, or the whole match when it has none
/// @param least the fewest characters that the regular expression matches
/// @param most the most characters
/// @param entropy the least entropy of a secret, in bits for each character
/// @param checks what else has to hold
/// @param checksum makes the find sure when it holds; many tokens in tests and documents have none
/// @param stopWords in lower case; none of them is in a secret
/// @param allow what is no secret although all of this holds
record Rule(
    String id,
    String type,
    List<String> keywords,
    Place place,
    Pattern regex,
    int least,
    int most,
    double entropy,
    Set<Check> checks,
    Optional<Check> checksum,
    List<String> stopWords,
    List<Pattern> allow) {

  /// Where a regular expression is tried.
  sealed interface Place {

    /// It begins with the keyword, and nothing that could belong to it stands before that.
    record Start() implements Place {}

    /// It begins a number of characters before the keyword.
    record Before(int least, int most) implements Place {}

    /// It is anywhere around the keyword.
    record Near() implements Place {}

    /// It is the whole value of a name that the keyword is in.
    record Value() implements Place {}
  }

  /// Whether what the regular expression found is a secret.
  boolean accepts(String secret) {
    var body = body(secret);
    return !Placeholders.isPlaceholder(body)
        && Randomness.entropy(body) >= entropy
        && checks.stream().allMatch(check -> check.holds(secret))
        && stopWords.stream().noneMatch(secret.toLowerCase(Locale.ROOT)::contains)
        && allow.stream().noneMatch(pattern -> pattern.matcher(secret).find());
  }

  /// What is behind the prefix: that is drawn by lot.
  private String body(String secret) {
    for (var keyword : keywords) {
      if (secret.length() > keyword.length() && secret.startsWith(keyword)) {
        return secret.substring(keyword.length());
      }
    }
    return secret;
  }

  /// How sure it is that an accepted text is a secret.
  double score(String secret) {
    return checksum.map(check -> check.holds(secret) ? 1.0 : 0.8).orElse(0.9);
  }
}
