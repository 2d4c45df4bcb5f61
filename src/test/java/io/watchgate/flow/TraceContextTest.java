package io.watchgate.flow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";
  private static final String PARENT = "00-" + TRACE + "-" + SPAN + "-01";

  @Test
  void headerIsReadAndWrittenAgain() {
    var context = TraceContext.of(PARENT, "vendor=1").orElseThrow();

    assertThat(context).isEqualTo(new TraceContext(TRACE, SPAN, 1, "vendor=1"));
    assertThat(context.isSampled()).isTrue();
    assertThat(context.traceparent()).isEqualTo(PARENT);
    assertThat(context.at("00000000000000aa").traceparent())
        .isEqualTo("00-" + TRACE + "-00000000000000aa-01");
  }

  @Test
  void versionToComeIsReadAsFarAsItIsKnown() {
    var next = "cc-" + TRACE + "-" + SPAN + "-00-and-more";

    assertThat(TraceContext.of(next, "").orElseThrow().isSampled()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x",
        "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\nX: y",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0\n"
      })
  void whatIsNotWellFormedIsNoContext(String parent) {
    assertThat(TraceContext.of(parent, "")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=1\r\nX-Evil: 1", "a=\u202e", "a=\u0000"})
  void stateThatIsNoHeaderIsLeftOut(String state) {
    assertThat(TraceContext.of(PARENT, state).orElseThrow().state()).isEmpty();
    assertThat(TraceContext.of(PARENT, "x".repeat(513)).orElseThrow().state()).isEmpty();
  }
}
