package io.watchgate.security.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import io.watchgate.scanning.Finding;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretDetectorTest {
  private static final SecretDetector DETECTOR = detector(SecretDetector.Settings.STANDARD);
  private static final String TOKEN = "ghp_" + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17";
  private static final String KEY = "-----BEGIN RSA " + "PRIVATE KEY-----";

  private final Dice dice = new Dice(7);

  @Test
  void tokenOfAProviderIsFoundAndNothingElse() {
    assertThat(found("push with " + TOKEN + ", please")).containsExactly(TOKEN);
    assertThat(types(TOKEN)).containsExactly("github_tokens");
  }

  @Test
  void rightChecksumMakesTheFindSure() {
    assertThat(DETECTOR.find(TOKEN)).extracting(Finding::score).containsExactly(1.0);
    assertThat(DETECTOR.find(TOKEN.replace('7', '8')))
        .extracting(Finding::score)
        .allMatch(s -> s < 1);
  }

  @Test
  void prefixInsideAWordIsNoToken() {
    assertThat(found("task-" + dice.a62(24) + " x" + TOKEN)).isEmpty();
  }

  @Test
  void tokenBehindAWrittenOutLineBreakOrPercentSignIsFound() {
    assertThat(found("a\\n" + TOKEN)).containsExactly(TOKEN);
    assertThat(found("a%3D" + TOKEN)).containsExactly(TOKEN);
  }

  @Test
  void privateKeyIsFoundFromTheHeaderToTheFooter() {
    var key = KEY + "\n" + dice.base64(300) + "\n-----END RSA PRIVATE KEY-----";

    assertThat(found("a " + key + " b")).containsExactly(key);
    assertThat(found(key.replace("\n", "\\n"))).containsExactly(key.replace("\n", "\\n"));
  }

  @Test
  void privateKeyWithoutFooterIsFoundToItsLastLine() {
    var cut = KEY + "\n" + dice.base64(48) + "\n" + dice.base64(48) + "\n" + dice.a62(11);

    assertThat(found(cut)).containsExactly(cut);
    assertThat(found(KEY)).containsExactly(KEY);
  }

  @Test
  void headerThatIsOnlyMentionedIsNoKey() {
    assertThat(found("if (text.contains(\"" + KEY + "\")) {")).isEmpty();
    assertThat(found(KEY + "\n...\n-----END RSA PRIVATE KEY-----")).isEmpty();
  }

  @Test
  void onlyThePasswordOfAnAddressIsTheFind() {
    assertThat(found("postgres://app:s3cr3t-Pa55@db/x")).containsExactly("s3cr3t-Pa55");
    assertThat(found("redis://:s3cr3t-Pa55@db")).containsExactly("s3cr3t-Pa55");
  }

  @Test
  void onlyTheValueOfANameIsTheFind() {
    assertThat(found("DB_PASSWORD=hunter2x\nPORT=1")).containsExactly("hunter2x");
    assertThat(found("{\"password\": \"hunter 2\", \"pwd\":\"hunter2x\"}"))
        .containsExactly("hunter2x");
    assertThat(found("run --password hunter2x --fast")).containsExactly("hunter2x");
    assertThat(found("{\"name\": \"DB_PASSWORD\", \"value\": \"hunter2x\"}"))
        .containsExactly("hunter2x");
    assertThat(found("<add key=\"ApiToken\" value=\"a1b2c3d4e5f6g7h8\"/>")).hasSize(1);
    assertThat(found("- name: DB_PASSWORD\n  value: hunter2x")).containsExactly("hunter2x");
    assertThat(found("var dbPassword string = \"hunter2x\"")).containsExactly("hunter2x");
    assertThat(found("<password>\n  hunter2x\n</password>")).containsExactly("hunter2x");
    assertThat(found("curl -u bob:hunter2x https://x")).containsExactly("hunter2x");
    assertThat(found("\\\"password\\\":\\\"hunter2x\\\"")).containsExactly("hunter2x");
  }

  @Test
  void keyThatATextStandsUnderSaysWhatItIs() {
    assertThat(DETECTOR.findUnder("password", "hunter2x"))
        .containsExactly(new Finding("generic_secrets", 0, 8, 0.7));
    assertThat(DETECTOR.findUnder("Authorization", "Bearer " + "a1b2c3d4e5f6g7h8"))
        .extracting(Finding::start)
        .containsOnly(7);
    assertThat(DETECTOR.findUnder("datadog_api_key", dice.hex(32)))
        .extracting(Finding::type)
        .containsExactly("datadog");
    assertThat(DETECTOR.findUnder("passwordHint", "hunter2x")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password = getPassword()",
        "password: ${DB_PASSWORD}",
        "\"password\": \"Password\"",
        "token = process.env.API_TOKEN",
        "api_key=<your key>",
        "secret: changeme-please-1234",
        "password_file=/run/secrets/db1",
        "nextPageToken: \"CiAKGjBpNDd2Nmp2Zml2cXRwYjBpOXA\"",
        "the password is required",
        "max_tokens=4096",
      })
  void whatOnlySpeaksOfSecretsIsNone(String text) {
    assertThat(found(text)).isEmpty();
  }

  @Test
  void rulesOfUsersAreTriedWhereTheySay() {
    assertThat(foundBy("{id: a, prefixes: [acme_], regex: 'acme_[0-9]{9}'}", "x acme_192837465"))
        .containsExactly("acme_192837465");
    assertThat(foundBy("{id: a, names: [acme_id], regex: '[0-9]{9}'}", "acmeId: 192837465"))
        .containsExactly("192837465");
    assertThat(foundBy("{id: a, keywords: [acme], regex: 'no ([0-9]{9})'}", "no 192837465, ACME"))
        .containsExactly("192837465");
    assertThat(
            foundBy(
                "{id: a, keywords: [-acme], before: [9, 9], regex: '[0-9]{9}-acme'}",
                "x 192837465-acme"))
        .containsExactly("192837465-acme");
  }

  @Test
  void rulesOfUsersRefuseWhatTheySay() {
    var rule = "id: a, prefixes: [acme_], regex: 'acme_[0-9a-z]{9}'";

    assertThat(foundBy("{%s, entropy: 4}".formatted(rule), "acme_111122223")).isEmpty();
    assertThat(foundBy("{%s, stop_words: [Abc]}".formatted(rule), "acme_19abc7465")).isEmpty();
    assertThat(foundBy("{%s, allow: ['^acme_19']}".formatted(rule), "acme_192837465")).isEmpty();
    assertThat(foundBy("{%s, checks: [mixed]}".formatted(rule), "acme_192837465")).isNotEmpty();
    assertThat(foundBy("{%s, length: [20, 20]}".formatted(rule), "acme_192837465")).isEmpty();
  }

  private static List<String> foundBy(String rule, String text) {
    var rules = new RuleReader(Assertions::fail).read(RuleFile.parse("[" + rule + "]"));
    return found(new SecretDetector(rules, SecretDetector.Settings.STANDARD), text);
  }

  @Test
  void typesAreSwitchedOffAndTextsAllowed() {
    var settings =
        new SecretDetector.Settings(
            Set.of("github_tokens"), List.of(Pattern.compile("^hunter")), Optional.empty());

    assertThat(detector(settings).find(TOKEN + " password=hunter2x")).isEmpty();
  }

  @Test
  void entropyFindsWhatIsDrawnByLot() {
    var search = Optional.of(new EntropySearch(5.0, 20));
    var detector = detector(new SecretDetector.Settings(Set.of(), List.of(), search));
    var drawn = dice.a62(24);

    assertThat(detector.find("see " + drawn + " there"))
        .extracting(Finding::start)
        .containsExactly(4);
    assertThat(detector.find("internationalization-of-configuration-files")).isEmpty();
  }

  private static List<String> found(String text) {
    return found(DETECTOR, text);
  }

  private static List<String> found(SecretDetector detector, String text) {
    return detector.find(text).stream()
        .map(find -> text.substring(find.start(), find.end()))
        .distinct()
        .toList();
  }

  private static List<String> types(String text) {
    return DETECTOR.find(text).stream().map(Finding::type).toList();
  }

  private static SecretDetector detector(SecretDetector.Settings settings) {
    return new SecretDetector(RuleFile.ours(), settings);
  }
}
