package io.watchgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.flow.GatewayClient;
import io.watchgate.mcp.Era;
import io.watchgate.mcp.ProtocolVersion;
import io.watchgate.testkit.RecordingSession;
import io.watchgate.upstream.UpstreamSettings.Command;
import io.watchgate.upstream.UpstreamSettings.Remote;
import io.watchgate.upstream.UpstreamSettings.Wire;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ErasTest {
  private final AtomicLong clock = new AtomicLong(-5);
  private final RecordingSession handshake = new RecordingSession("a");
  private final RecordingSession stateless =
      new RecordingSession("b").speaking(ProtocolVersion.NEWEST_STATELESS);

  private Eras remote(Wire wire) {
    return new Eras(new Remote(URI.create("http://h/"), Map.of(), wire), clock::get);
  }

  private Eras child() {
    return new Eras(new Command(List.of("x"), Map.of(), false, Path.of(".")), clock::get);
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  private void assertChoice(Eras eras, Era ofHandshake, Era ofStateless, Era ofGateway) {
    assertThat(eras.choose(handshake)).isEqualTo(ofHandshake);
    assertThat(eras.choose(stateless)).isEqualTo(ofStateless);
    assertThat(eras.choose(GatewayClient.INSTANCE)).isEqualTo(ofGateway);
  }

  @Test
  void remoteServerIsAskedInTheEraOfTheClientAndByTheGatewayInTheNewer() {
    assertChoice(remote(Wire.STREAMABLE_HTTP), Era.HANDSHAKE, Era.STATELESS, Era.STATELESS);
  }

  @Test
  void childIsAskedForAHandshakeFirstWhoeverAsks() {
    assertChoice(child(), Era.HANDSHAKE, Era.HANDSHAKE, Era.HANDSHAKE);
  }

  @Test
  void childThatShookHandsIsAskedForTheNewerEraBesideTheCallsOfClientsOfItOnly() {
    var eras = child();
    assertThat(eras.isWorthAsking(stateless)).isFalse();
    eras.spoken(Era.HANDSHAKE);

    assertChoice(eras, Era.HANDSHAKE, Era.HANDSHAKE, Era.HANDSHAKE);
    assertThat(eras.isWorthAsking(stateless)).isTrue();
    assertThat(eras.isWorthAsking(handshake)).isFalse();
    assertThat(eras.isWorthAsking(GatewayClient.INSTANCE)).isFalse();

    eras.refused(Era.STATELESS, "no");
    assertThat(eras.isWorthAsking(stateless)).isFalse();
    pass(Duration.ofHours(24));
    assertChoice(eras, Era.HANDSHAKE, Era.HANDSHAKE, Era.HANDSHAKE);
    assertThat(eras.isWorthAsking(stateless)).isTrue();
  }

  @Test
  void serverOfBothErasGetsEachClientInItsOwn() {
    var eras = child();
    eras.spoken(Era.HANDSHAKE);
    eras.spoken(Era.STATELESS);

    assertChoice(eras, Era.HANDSHAKE, Era.STATELESS, Era.STATELESS);
  }

  @Test
  void serverOfOneEraGetsEverybodyInIt() {
    var eras = remote(Wire.STREAMABLE_HTTP);
    assertThat(eras.refused(Era.STATELESS, "no")).isEmpty();
    assertChoice(eras, Era.HANDSHAKE, Era.HANDSHAKE, Era.HANDSHAKE);

    eras.spoken(Era.HANDSHAKE);
    assertChoice(eras, Era.HANDSHAKE, Era.HANDSHAKE, Era.HANDSHAKE);
    assertThat(eras.isSpoken(Era.HANDSHAKE)).isTrue();
    assertThat(eras.isSpoken(Era.STATELESS)).isFalse();
  }

  @Test
  void refusedEraIsTriedAgainAfterADay() {
    var eras = remote(Wire.STREAMABLE_HTTP);
    eras.spoken(Era.HANDSHAKE);
    eras.refused(Era.STATELESS, "no");

    pass(Duration.ofHours(24).minusNanos(1));
    assertThat(eras.choose(stateless)).isEqualTo(Era.HANDSHAKE);
    pass(Duration.ofNanos(1));
    assertChoice(eras, Era.HANDSHAKE, Era.STATELESS, Era.STATELESS);

    eras.refused(Era.STATELESS, "still no");
    pass(Duration.ofHours(23));
    assertThat(eras.choose(stateless)).isEqualTo(Era.HANDSHAKE);
  }

  @Test
  void refusalOfBothErasSaysWhyTheHandshakeFailedAndLeavesBothOpen() {
    var eras = remote(Wire.STREAMABLE_HTTP);
    assertThat(eras.refused(Era.HANDSHAKE, "no handshake")).isEmpty();
    assertThat(eras.refused(Era.STATELESS, "no discovery")).contains("no handshake");
    assertChoice(eras, Era.HANDSHAKE, Era.STATELESS, Era.STATELESS);

    assertThat(eras.refused(Era.STATELESS, "no discovery")).isEmpty();
    assertThat(eras.refused(Era.HANDSHAKE, "other cause")).contains("other cause");
  }

  @Test
  void serverThatRefusesWhatItSpokeIsAnotherOneNow() {
    var eras = remote(Wire.STREAMABLE_HTTP);
    eras.spoken(Era.HANDSHAKE);
    eras.refused(Era.STATELESS, "no");

    assertThat(eras.refused(Era.HANDSHAKE, "not any more")).isEmpty();
    assertChoice(eras, Era.STATELESS, Era.STATELESS, Era.STATELESS);
  }

  @Test
  void serverOfHttpAndSseIsNeverAskedForTheNewerEra() {
    var eras = remote(Wire.SSE);
    assertChoice(eras, Era.HANDSHAKE, Era.HANDSHAKE, Era.HANDSHAKE);

    assertThat(eras.refused(Era.HANDSHAKE, "out of order")).contains("out of order");
    assertChoice(eras, Era.HANDSHAKE, Era.HANDSHAKE, Era.HANDSHAKE);
    eras.spoken(Era.HANDSHAKE);
    pass(Duration.ofDays(2));
    assertChoice(eras, Era.HANDSHAKE, Era.HANDSHAKE, Era.HANDSHAKE);
  }
}
