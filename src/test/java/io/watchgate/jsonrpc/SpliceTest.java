package io.watchgate.jsonrpc;

import static io.watchgate.jsonrpc.Samples.text;
import static io.watchgate.jsonrpc.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpliceTest {
  private final byte[] source = utf8("0123456789");

  @Test
  void replacesSeveralPartsGivenInAnyOrder() {
    var splice =
        new Splice(source, 0, 10)
            .replace(8, 10, Json.trusted("end"))
            .replace(0, 1, Json.trusted("start"))
            .replace(4, 7, Json.trusted("é"));

    assertThat(text(splice.toBytes())).isEqualTo("start123é7end");
  }

  @Test
  void touchingPartsAndInsertionsKeepTheirPlaces() {
    var splice =
        new Splice(source, 0, 10)
            .replace(3, 5, Json.trusted("B"))
            .replace(1, 3, Json.trusted("A"))
            .replace(6, 6, Json.trusted("+"));

    assertThat(text(splice.toBytes())).isEqualTo("0AB5+6789");
  }

  @Test
  void copiesOnlyItsRange() {
    assertThat(new Splice(source, 2, 8).replace(4, 5, Json.trusted("x")).toJson())
        .hasToString("23x567");
    assertThat(new Splice(source, 2, 8).toJson()).hasToString("234567");
  }
}
