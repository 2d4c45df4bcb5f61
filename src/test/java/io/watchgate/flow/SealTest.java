package io.watchgate.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SealTest {
  private final Seal seal = Seal.random();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void tokenOpensForItsPurposeAndUnderItsKeyOnly() {
    for (var token : new String[] {seal.seal("a", bytes("x")), seal.sealAlike("a", bytes("x"))}) {
      assertThat(token).matches("[\\w-]+");
      assertThat(seal.open("a", token)).contains(bytes("x"));
      assertThat(seal.open("b", token)).isEmpty();
      assertThat(Seal.random().open("a", token)).isEmpty();
      assertThat(seal.open("a", token.substring(1))).isEmpty();
      assertThat(seal.open("a", "!" + token)).isEmpty();
    }
  }

  @Test
  void onlyTokensThatShallBeAlikeAre() {
    assertThat(seal.seal("a", bytes("x"))).isNotEqualTo(seal.seal("a", bytes("x")));

    var token = seal.sealAlike("a", bytes("x"));
    assertThat(seal.sealAlike("a", bytes("x"))).isEqualTo(token);
    var nonce = token.substring(0, 16);
    assertThat(seal.sealAlike("a", bytes("y"))).doesNotStartWith(nonce);
    assertThat(seal.sealAlike("ax", bytes(""))).doesNotStartWith(nonce);
    assertThat(Seal.random().sealAlike("a", bytes("x"))).doesNotStartWith(nonce);
  }
}
