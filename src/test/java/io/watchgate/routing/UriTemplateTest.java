package io.watchgate.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UriTemplateTest {

  @ParameterizedTest
  @CsvSource({
    "a://b, a://b",
    "a://{x}, a://b",
    "a://{x}, a://",
    "a://{x}/c, a://b/c",
    "a://{x}/{y}, a://b/c",
    "a://{+x}, a://b/c/d",
    "a://{x*}, a://b/c/d",
    "a://b{/x}, a://b/c/d",
    "a://b{?q}, a://b?q=1",
    "a://b{?q}, a://b",
    "{+any}, a://b",
    "a://{x}-{y}.txt, a://1-2-3.txt",
    "a://{x}{y}, a://bc",
    "a://{x}/{+y}/z, a://b/c/d/z"
  })
  void uriOfTheTemplateMatches(String template, String uri) {
    assertThat(UriTemplate.matches(template, uri)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "a://b, a://bc",
    "a://bc, a://b",
    "a://{x}, a://b/c",
    "a://{x}, b://b",
    "a://{x}/c, a://b/d",
    "a://{x}/c, a://b/c/c",
    "a://{x}{y}, a://b/c",
    "a://{x, a://b",
    "a://{, a://b",
    "a://{}/c, a://b"
  })
  void otherUriDoesNot(String template, String uri) {
    assertThat(UriTemplate.matches(template, uri)).isFalse();
  }

  @Test
  void hostileTemplatesCostLittle() {
    var uri = "a".repeat(8_000);
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          assertThat(UriTemplate.matches("{+x}".repeat(250) + "b", uri)).isFalse();
          assertThat(UriTemplate.matches("{+x}a".repeat(200) + "b", uri)).isFalse();
          assertThat(UriTemplate.matches("{x}" + "a".repeat(1_000) + "{y}b", uri)).isFalse();
          assertThat(UriTemplate.matches("{x}".repeat(300), uri)).isTrue();
          assertThat(UriTemplate.matches("{x}/".repeat(250), "/".repeat(250))).isTrue();
        });
  }

  @Test
  void whatIsLongerThanAnyHonestOneDoesNotMatch() {
    assertThat(UriTemplate.matches("{+x}".repeat(100_000), "a")).isFalse();
    assertThat(UriTemplate.matches("{+x}", "a".repeat(10_000))).isFalse();
  }
}
