package io.watchgate.security.pii;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.config.TestOptions;
import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Home;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.TestExchange;
import io.watchgate.plugin.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PersonalDataFactoryTest {
  @TempDir Path state;

  @Test
  void putsTheTypeInThePlaceOfAFind() throws Exception {
    assertThat(redacted("", "a", "mail jane@example.com or (555) 123-4567"))
        .isEqualTo("mail [EMAIL REDACTED] or [PHONE REDACTED]");
  }

  @Test
  void masksKeepTheLastDigits() throws Exception {
    assertThat(redacted("redaction: mask", "a", "4111-1111-1111-1111, jane@example.com"))
        .isEqualTo("****-****-****-1111, j***@example.com");
  }

  @Test
  void pseudonymsAreTheSameForTheSameValueAlsoAfterARestart() throws Exception {
    var first = redacted("redaction: pseudonym", "a", "DE89370400440532013000");
    var again = redacted("redaction: pseudonym", "a", "DE89 3704 0044 0532 0130 00");
    var other = redacted("redaction: pseudonym", "a", "GB29NWBK60161331926819");

    assertThat(first).matches("\\[IBAN [0-9a-f]{12}]").isEqualTo(again).isNotEqualTo(other);
  }

  @Test
  void pseudonymsByAKeyOfTheConfigurationNeedNoFile() throws Exception {
    var options = "redaction: pseudonym\npseudonym_key: 0123456789abcdef";

    assertThat(redacted(options, "a", "jane@example.com")).startsWith("[EMAIL ");
    assertThat(state).isEmptyDirectory();
  }

  @Test
  void typesAreSwitchedOffByGatekitsNamesAndByTheirOwn() throws Exception {
    var text = "jane@example.com 123-45-6789 078051120";
    var gatekit = "pii_types: {email: {enabled: false}, national_id: {enabled: false}}";
    var own = "types: {national_id: {enabled: false}, us_ssn: {enabled: true}}";

    assertThat(redacted(gatekit, "a", text)).isEqualTo(text);
    assertThat(redacted(own, "a", text)).isEqualTo("[EMAIL REDACTED] [US_SSN REDACTED] 078051120");
    assertThat(redacted("types: {mac_address: {enabled: true}}", "a", "00:1a:2b:3c:4d:5e"))
        .isEqualTo("[MAC_ADDRESS REDACTED]");
    assertThat(redacted("", "a", "00:1a:2b:3c:4d:5e")).isEqualTo("00:1a:2b:3c:4d:5e");
  }

  @Test
  void allowedValuesAndDomainsStay() throws Exception {
    var options = "allow: ['@example.com', '+1 (555) 123-4567']\nip_addresses: public";
    var text = "info@example.com, +1 555 123 4567, 192.168.0.1";

    assertThat(redacted(options, "a", text)).isEqualTo(text);
  }

  @Test
  void theKeyOfAValueTellsWhatItIs() throws Exception {
    assertThat(redacted("", "ssn", "078051120")).isEqualTo("[US_SSN REDACTED]");
  }

  @Test
  void disguisesAndEncodingsAreLookedThrough() throws Exception {
    assertThat(redacted("", "a", "ｊａｎｅ＠ｅｘａｍｐｌｅ．ｃｏｍ")).isEqualTo("[EMAIL REDACTED]");
    assertThat(redacted("", "a", "4111\u200B1111 1111\u00AD1111"))
        .isEqualTo("[CREDIT_CARD REDACTED]");
    assertThat(redacted("", "a", "jane%40example.com")).isEqualTo("[EMAIL REDACTED]");
    var encoded = "amFuZS5kb2VAZXhhbXBsZS5jb20sIDEyMy00NS02Nzg5";
    assertThat(redacted("", "a", encoded)).doesNotContain("amFu");
    assertThat(redacted("scan_base64: false", "a", encoded)).isEqualTo(encoded);
  }

  @Test
  void keysAreLookedIntoToo() throws Exception {
    var params = new Content(Content.Kind.PARAMS, Json.object("jane@example.com", "1"));

    assertThat(plugin("").onRequest(TestExchange.of("tools/call"), params))
        .isInstanceOfSatisfying(
            Verdict.Replace.class,
            replace -> assertThat(replace.content()).hasToString("{\"[EMAIL REDACTED]\":\"1\"}"));
  }

  @Test
  void saysWhatIsWrongWithItsOptions() {
    var yaml =
        """
        types: {emial: {enabled: false}}
        regions: [US, XY]
        redaction: hash
        pseudonym_key: short
        colour: blue
        """;

    assertThat(TestOptions.problems(new PersonalDataFactory(), yaml))
        .hasSize(5)
        .anyMatch(problem -> problem.contains("unknown type \"emial\""))
        .anyMatch(problem -> problem.contains("no region \"XY\""))
        .anyMatch(problem -> problem.contains("at least 16 characters"));
  }

  private Plugin plugin(String yaml) throws IOException {
    var home = new Home(state, InstantSource.system(), _ -> {}, new Random(1));
    return new PersonalDataFactory().read(TestOptions.of(yaml)).make(home);
  }

  private String redacted(String yaml, String key, String text) throws Exception {
    var params = new Content(Content.Kind.PARAMS, Json.object(key, text));
    return switch (plugin(yaml).onRequest(TestExchange.of("tools/call"), params)) {
      case Verdict.Replace replace -> replace.content().members().getFirst().value().text();
      default -> text;
    };
  }
}
